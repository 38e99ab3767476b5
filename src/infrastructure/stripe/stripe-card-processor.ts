import { Stripe } from 'stripe';
import {
  type BrowserKeys,
  CardProcessor,
  type Clock,
  type ConfirmationTokenPreview,
  type KeyPair,
  type NoticeEndpoint,
  type PairTried,
  type PaymentIntent,
  type ProcessorAccount,
  type ProcessorAccountState,
  ProcessorKeyMissing,
  type ProcessorNotice,
  ProcessorRefused,
  type RegisteredEndpoint,
} from '../../application/ports.js';
import type { CardAccount } from '../../domain/card-account.js';
import { type Asking, isLiveKey, StripeAccounts, type StripeAccountsOptions } from './stripe-accounts.js';
import { intentFrom, previewFrom } from './stripe-answers.js';
import { registerEndpoint, withdrawEndpoint } from './stripe-endpoints.js';
import { failureFrom, isKeyRefused, isUnexpectedState } from './stripe-failures.js';
import { tryKeyPair } from './stripe-key-pairs.js';
import { noticeFrom } from './stripe-notices.js';

const WITH_CHARGE = { expand: ['latest_charge'] };

export interface StripeCardProcessorOptions extends StripeAccountsOptions {
  readonly publishableKey: string;
  /** Signing secrets of the platform's webhook: one, or two while it is rotated. */
  readonly webhookSecrets: readonly string[];
  /** What the pay page loads as stripe.js. */
  readonly scriptUrl: string;
  readonly clock: Clock;
}

/** The card processor Stripe, through its SDK. Card numbers never come here: a browser gives them to Stripe for a token. */
export class StripeCardProcessor extends CardProcessor {
  private readonly accounts: StripeAccounts;
  private readonly livemode: boolean;

  constructor(private readonly options: StripeCardProcessorOptions) {
    super();
    this.livemode = isLiveKey(options.secretKey);
    this.accounts = new StripeAccounts(options);
  }

  get testMode(): boolean {
    return !this.livemode;
  }

  async previewToken(account: ProcessorAccount, confirmationTokenId: string): Promise<ConfirmationTokenPreview> {
    return this.ask(account, 'read the confirmation token', async ({ stripe, options }) => {
      refuseUnlessId('ctoken', confirmationTokenId);
      return previewFrom(await stripe.confirmationTokens.retrieve(confirmationTokenId, {}, options));
    });
  }

  async createIntent(
    account: ProcessorAccount,
    intent: Parameters<CardProcessor['createIntent']>[1],
  ): Promise<PaymentIntent> {
    return this.ask(account, 'make a payment intent', async ({ stripe, options }) => {
      const params: Stripe.PaymentIntentCreateParams = {
        amount: intent.amountMinor,
        currency: intent.currency.toLowerCase(),
        allowed_payment_method_types: ['card'],
        description: intent.description,
        metadata: { ...intent.metadata },
        ...WITH_CHARGE,
      };
      const { idempotencyKey } = intent;
      return intentFrom(await stripe.paymentIntents.create(params, { ...options, idempotencyKey }));
    });
  }

  /**
   * A confirmation that comes too late (the intent succeeded, is processing or was cancelled) answers the intent as it is:
   * whoever asks learns what became of the money, instead of an error that could be taken for "not charged".
   */
  async confirmIntent(
    account: ProcessorAccount,
    confirm: Parameters<CardProcessor['confirmIntent']>[1],
  ): Promise<PaymentIntent> {
    return this.ask(account, 'confirm the payment intent', async ({ stripe, options }) => {
      refuseUnlessId('pi', confirm.paymentIntentId);
      refuseUnlessId('ctoken', confirm.confirmationTokenId);
      const params: Stripe.PaymentIntentConfirmParams = {
        confirmation_token: confirm.confirmationTokenId,
        amount_to_confirm: confirm.amountMinor,
        return_url: confirm.returnUrl,
        ...WITH_CHARGE,
      };
      try {
        const once = { ...options, idempotencyKey: confirm.idempotencyKey };
        return intentFrom(await stripe.paymentIntents.confirm(confirm.paymentIntentId, params, once));
      } catch (error) {
        const wasDeclined = error instanceof Stripe.errors.StripeCardError;
        if (!wasDeclined && !isUnexpectedState(error)) throw error;
        return this.retrieveIntent(account, confirm.paymentIntentId);
      }
    });
  }

  async retrieveIntent(account: ProcessorAccount, paymentIntentId: string): Promise<PaymentIntent> {
    return this.askInTheEnd(account, 'read the payment intent', async ({ stripe, options }) => {
      refuseUnlessId('pi', paymentIntentId);
      return intentFrom(await stripe.paymentIntents.retrieve(paymentIntentId, WITH_CHARGE, options));
    });
  }

  async cancelIntent(account: ProcessorAccount, paymentIntentId: string): Promise<PaymentIntent> {
    return this.askInTheEnd(account, 'cancel the payment intent', async ({ stripe, options }) => {
      refuseUnlessId('pi', paymentIntentId);
      try {
        return intentFrom(await stripe.paymentIntents.cancel(paymentIntentId, WITH_CHARGE, options));
      } catch (error) {
        if (!isUnexpectedState(error)) throw error;
        return this.retrieveIntent(account, paymentIntentId);
      }
    });
  }

  describeAccount(account: ProcessorAccount): Promise<ProcessorAccountState> {
    return this.ask(account, 'describe the account', describe);
  }

  tryKey(secretKey: string): Promise<ProcessorAccountState> {
    return orFailure('describe the account', () => describe(this.accounts.byUnkept(secretKey)));
  }

  tryPair({ secretKey, publishableKey }: KeyPair): Promise<PairTried> {
    return tryKeyPair(this.accounts.byUnkept(secretKey).stripe, this.accounts.byUnkept(publishableKey).stripe);
  }

  async registerNotices(
    account: ProcessorAccount,
    wanted: Parameters<CardProcessor['registerNotices']>[1],
  ): Promise<RegisteredEndpoint> {
    const stripe = await this.accounts.registering(account);
    const about = account.mode === 'connect' ? 'connected' : 'own';
    return orFailure('register for notices', () => registerEndpoint(stripe, about, wanted, this.options.clock.now()));
  }

  async withdrawNotices(account: ProcessorAccount, endpointId: string): Promise<void> {
    const stripe = await this.accounts.registering(account);
    await orFailure('take an endpoint back', () => withdrawEndpoint(stripe, endpointId));
  }

  async readNotice(rawBody: Buffer, signature: string, endpoint: NoticeEndpoint): Promise<ProcessorNotice | undefined> {
    const trusted =
      endpoint === 'platform'
        ? this.options.webhookSecrets.map((secret) => ({ secret, account: { mode: 'platform' } as const }))
        : (await this.options.secrets.noticeSecrets(endpoint.branchId)).map(({ signingSecret: secret, account }) => ({
            secret,
            account,
          }));
    return noticeFrom(rawBody, signature, { trusted, livemode: this.livemode }, this.options.clock.now());
  }

  browserKeys(account: CardAccount): BrowserKeys {
    const { publishableKey, scriptUrl, apiUrl } = this.options;
    switch (account.mode) {
      case 'platform':
        return { publishableKey, scriptUrl, apiUrl };
      case 'keys':
        return { publishableKey: account.publishableKey, scriptUrl, apiUrl };
      case 'connect':
        return { publishableKey, scriptUrl, apiUrl, connectedAccount: account.accountId };
    }
  }

  /** Finding the key comes first and fails as it fails: that is a matter of this service's, and none of Stripe's. */
  private async ask<T>(account: ProcessorAccount, action: string, work: (asking: Asking) => Promise<T>): Promise<T> {
    const asking = await this.accounts.asking(account);
    return orFailure(action, () => work(asking));
  }

  /**
   * An intent that was begun under a key which has been taken back, or was lost here, is asked about by the key that took its place: it finds it where both
   * are of one account, and money that moved is written down. Of an account of another's it finds nothing, and the first refusal holds.
   */
  private async askInTheEnd<T>(
    account: ProcessorAccount,
    action: string,
    work: (asking: Asking) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.ask(account, action, work);
    } catch (error) {
      if (!isKeyRefused(error) && !(error instanceof ProcessorKeyMissing)) throw error;
      const successor = await this.accounts.successorOf(account);
      if (!successor) throw error;
      return this.ask(successor, action, work).catch((again: unknown) => {
        throw again instanceof ProcessorRefused ? error : again;
      });
    }
  }
}

async function describe({ stripe, options }: Asking): Promise<ProcessorAccountState> {
  const account = await stripe.accounts.retrieveCurrent({}, options);
  const { id, business_profile: profile, settings, charges_enabled: charges } = account;
  const name = profile?.name ?? settings?.dashboard.display_name ?? undefined;
  return { accountId: id, name, chargesEnabled: charges === true };
}

async function orFailure<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureFrom(error, action);
  }
}

/** Ids become parts of addresses, and some of them come from browsers: nothing that is not one is ever asked for. */
function refuseUnlessId(prefix: string, id: string): void {
  if (new RegExp(`^${prefix}_[A-Za-z0-9_]{1,250}$`).test(id)) return;
  throw new ProcessorRefused('resource_missing', `That is not the id of ${prefix === 'pi' ? 'an intent' : 'a token'}.`);
}
