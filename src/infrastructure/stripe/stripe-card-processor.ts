import { Stripe } from 'stripe';
import {
  CardProcessor,
  type Clock,
  type ConfirmationTokenPreview,
  type PaymentIntent,
  type ProcessorAccount,
  type ProcessorAccountState,
  type ProcessorNotice,
  ProcessorRefused,
} from '../../application/ports.js';
import { intentFrom, previewFrom } from './stripe-answers.js';
import { failureFrom, isUnexpectedState } from './stripe-failures.js';
import { noticeFrom } from './stripe-notices.js';

/** Pinned: an account's default version must not change the shapes that this code reads. */
const API_VERSION: Stripe.LatestApiVersion = '2026-10-28.endive';
const TIMEOUT_MS = 20_000;
const RETRIES = 2;
const WITH_CHARGE = { expand: ['latest_charge'] };

export interface StripeCardProcessorOptions {
  readonly secretKey: string;
  readonly publishableKey: string;
  /** Signing secrets of the platform's webhook: one, or two while it is rotated. */
  readonly webhookSecrets: readonly string[];
  /** Where the API is, `https://api.stripe.com` or a stand-in; without a path, which the SDK has no place for. */
  readonly apiUrl: string;
  /** What the pay page loads as stripe.js. */
  readonly scriptUrl: string;
  readonly clock: Clock;
  /** Tries after the first, for tests of what happens when there are none. */
  readonly maxNetworkRetries?: number;
}

/** The card processor Stripe, through its SDK. Card numbers never come here: a browser gives them to Stripe for a token. */
export class StripeCardProcessor extends CardProcessor {
  private readonly stripe: Stripe;
  private readonly livemode: boolean;

  constructor(private readonly options: StripeCardProcessorOptions) {
    super();
    this.livemode = /^(sk|rk)_live_/.test(options.secretKey);
    this.stripe = new Stripe(options.secretKey, {
      ...addressOf(options.apiUrl),
      apiVersion: API_VERSION,
      timeout: TIMEOUT_MS,
      maxNetworkRetries: options.maxNetworkRetries ?? RETRIES,
      telemetry: false,
    });
  }

  get testMode(): boolean {
    return !this.livemode;
  }

  async previewToken(_account: ProcessorAccount, confirmationTokenId: string): Promise<ConfirmationTokenPreview> {
    return this.ask('read the confirmation token', async () => {
      refuseUnlessId('ctoken', confirmationTokenId);
      return previewFrom(await this.stripe.confirmationTokens.retrieve(confirmationTokenId));
    });
  }

  async createIntent(
    _account: ProcessorAccount,
    intent: Parameters<CardProcessor['createIntent']>[1],
  ): Promise<PaymentIntent> {
    return this.ask('make a payment intent', async () => {
      const params: Stripe.PaymentIntentCreateParams = {
        amount: intent.amountMinor,
        currency: intent.currency.toLowerCase(),
        allowed_payment_method_types: ['card'],
        description: intent.description,
        metadata: { ...intent.metadata },
        ...WITH_CHARGE,
      };
      return intentFrom(await this.stripe.paymentIntents.create(params, { idempotencyKey: intent.idempotencyKey }));
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
    return this.ask('confirm the payment intent', async () => {
      refuseUnlessId('pi', confirm.paymentIntentId);
      refuseUnlessId('ctoken', confirm.confirmationTokenId);
      const params: Stripe.PaymentIntentConfirmParams = {
        confirmation_token: confirm.confirmationTokenId,
        amount_to_confirm: confirm.amountMinor,
        return_url: confirm.returnUrl,
        ...WITH_CHARGE,
      };
      try {
        const options = { idempotencyKey: confirm.idempotencyKey };
        return intentFrom(await this.stripe.paymentIntents.confirm(confirm.paymentIntentId, params, options));
      } catch (error) {
        const wasDeclined = error instanceof Stripe.errors.StripeCardError;
        if (!wasDeclined && !isUnexpectedState(error)) throw error;
        return this.retrieveIntent(account, confirm.paymentIntentId);
      }
    });
  }

  async retrieveIntent(_account: ProcessorAccount, paymentIntentId: string): Promise<PaymentIntent> {
    return this.ask('read the payment intent', async () => {
      refuseUnlessId('pi', paymentIntentId);
      return intentFrom(await this.stripe.paymentIntents.retrieve(paymentIntentId, WITH_CHARGE));
    });
  }

  async cancelIntent(account: ProcessorAccount, paymentIntentId: string): Promise<PaymentIntent> {
    return this.ask('cancel the payment intent', async () => {
      refuseUnlessId('pi', paymentIntentId);
      try {
        return intentFrom(await this.stripe.paymentIntents.cancel(paymentIntentId, WITH_CHARGE));
      } catch (error) {
        if (!isUnexpectedState(error)) throw error;
        return this.retrieveIntent(account, paymentIntentId);
      }
    });
  }

  async describeAccount(_account: ProcessorAccount): Promise<ProcessorAccountState> {
    return this.ask('describe the account', async () => {
      const {
        id,
        business_profile: profile,
        settings,
        charges_enabled: charges,
      } = await this.stripe.accounts.retrieveCurrent();
      const name = profile?.name ?? settings?.dashboard.display_name ?? undefined;
      return { accountId: id, name, chargesEnabled: charges === true };
    });
  }

  readNotice(rawBody: Buffer, signature: string): ProcessorNotice | undefined {
    const trust = { secrets: this.options.webhookSecrets, livemode: this.livemode };
    return noticeFrom(rawBody, signature, trust, this.options.clock.now());
  }

  browserKeys(_account: ProcessorAccount): { publishableKey: string; scriptUrl: string; apiUrl: string } {
    const { publishableKey, scriptUrl, apiUrl } = this.options;
    return { publishableKey, scriptUrl, apiUrl };
  }

  private async ask<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw failureFrom(error, action);
    }
  }
}

function addressOf(apiUrl: string): { protocol: 'http' | 'https'; host: string; port: string } {
  const url = new URL(apiUrl);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return { protocol, host: url.hostname, port: url.port === '' ? (protocol === 'http' ? '80' : '443') : url.port };
}

/** Ids become parts of addresses, and some of them come from browsers: nothing that is not one is ever asked for. */
function refuseUnlessId(prefix: string, id: string): void {
  if (new RegExp(`^${prefix}_[A-Za-z0-9_]{1,250}$`).test(id)) return;
  throw new ProcessorRefused('resource_missing', `That is not the id of ${prefix === 'pi' ? 'an intent' : 'a token'}.`);
}
