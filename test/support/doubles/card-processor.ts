import {
  CardProcessor,
  ProcessorRefused,
  type BrowserKeys,
  type CardDetails,
  type CardError,
  type Clock,
  type ConfirmationTokenPreview,
  type KeyPair,
  type PairTried,
  type PaymentIntent,
  type ProcessorAccount,
  type ProcessorAccountState,
  type ProcessorNotice,
  type RegisteredEndpoint,
} from '../../../src/application/ports.js';
import type { CardAccount } from '../../../src/domain/card-account.js';

/** What a card does when it is charged. */
export type CardBehaviour = 'approve' | 'bank_step' | 'slow' | CardError;

export interface FakeCard extends CardDetails {
  readonly behaviour: CardBehaviour;
  readonly billing?: { readonly country?: string; readonly postalCode?: string; readonly state?: string };
  readonly expiresInMs?: number;
}

type Intent = { -readonly [K in keyof PaymentIntent]: PaymentIntent[K] };
type Token = { readonly card: FakeCard; readonly expiresAt: Date; readonly account: string; usedBy?: string };

const TOKEN_LIFETIME_MS = 12 * 60 * 60_000;
const PLATFORM = { mode: 'platform' } as const;

/** Two keys are two accounts here. */
function nameOf(account: ProcessorAccount): string {
  return JSON.stringify(account);
}

/**
 * The processor's state machine in memory: idempotency keys replay the first answer however old it is, a token is good for one
 * charge, a declined intent can be charged again, a cancelled one never. The suite of contracts runs on it.
 */
export class FakeCardProcessor extends CardProcessor {
  override readonly testMode = true;
  /** Intents that something happened to, in order: what webhooks would tell of. */
  readonly notices: string[] = [];
  /** Addresses that asked for notices. */
  readonly registered: { readonly account: ProcessorAccount; readonly url: string }[] = [];
  /** Endpoints that were taken back. */
  readonly withdrawn: string[] = [];
  private readonly tokens = new Map<string, Token>();
  private readonly intents = new Map<string, Intent>();
  private readonly tokenOfIntent = new Map<string, Token>();
  /** On which account each intent is; on another it is not there. */
  private readonly homes = new Map<string, string>();
  private readonly answers = new Map<string, PaymentIntent>();
  private made = 0;

  /** `beforeCharge` is called in the moment in which money moves. */
  constructor(
    private readonly clock: Clock,
    private readonly beforeCharge: (intent: PaymentIntent) => void = () => undefined,
  ) {
    super();
  }

  /** A confirmation token, as the card form makes it. */
  tokenFor(card: FakeCard, account: ProcessorAccount = PLATFORM): string {
    const id = `ctoken_${(this.made += 1)}`;
    const expiresAt = new Date(this.clock.now().getTime() + (card.expiresInMs ?? TOKEN_LIFETIME_MS));
    this.tokens.set(id, { card, expiresAt, account: nameOf(account) });
    return id;
  }

  /** The cardholder answers the bank's step, in a browser and without the service. */
  authenticate(paymentIntentId: string, answer: 'complete' | 'fail'): void {
    const intent = this.there(paymentIntentId);
    if (intent.status !== 'requires_action') return;
    const { card } = this.tokenOfIntent.get(paymentIntentId)!;
    if (answer === 'complete') this.charge(intent, card);
    else this.decline(intent, { code: 'payment_intent_authentication_failure', declineCode: undefined });
  }

  /** What was `processing` succeeds. */
  finishSlow(paymentIntentId: string): void {
    const intent = this.there(paymentIntentId);
    if (intent.status === 'processing') this.charge(intent, this.tokenOfIntent.get(paymentIntentId)!.card);
  }

  all(): readonly PaymentIntent[] {
    return [...this.intents.values()].map((intent) => ({ ...intent }));
  }

  override previewToken(account: ProcessorAccount, id: string): Promise<ConfirmationTokenPreview> {
    return answer(() => {
      const { card, expiresAt } = this.tokenOf(account, id);
      return {
        card: detailsOf(card),
        billingCountry: card.billing?.country,
        billingPostalCode: card.billing?.postalCode,
        billingState: card.billing?.state,
        expiresAt,
      };
    });
  }

  override createIntent(
    account: ProcessorAccount,
    wanted: Parameters<CardProcessor['createIntent']>[1],
  ): Promise<PaymentIntent> {
    return this.once(wanted.idempotencyKey, () => {
      const paymentIntentId = `pi_${(this.made += 1)}`;
      const intent: Intent = {
        paymentIntentId,
        status: 'requires_payment_method',
        amountMinor: wanted.amountMinor,
        currency: wanted.currency,
        clientSecret: `${paymentIntentId}_secret`,
        metadata: wanted.metadata,
        charge: undefined,
        lastError: undefined,
      };
      this.intents.set(paymentIntentId, intent);
      this.homes.set(paymentIntentId, nameOf(account));
      return intent;
    });
  }

  override confirmIntent(
    account: ProcessorAccount,
    wanted: Parameters<CardProcessor['confirmIntent']>[1],
  ): Promise<PaymentIntent> {
    return this.once(wanted.idempotencyKey, () => {
      const intent = this.intentOf(account, wanted.paymentIntentId);
      if (intent.status !== 'requires_payment_method') return intent;
      const token = this.tokenOf(account, wanted.confirmationTokenId);
      if (token.usedBy !== undefined) throw new ProcessorRefused('resource_already_used', 'The token was used.');
      if (wanted.amountMinor !== intent.amountMinor) throw new ProcessorRefused('amount_mismatch', 'Another amount.');
      token.usedBy = intent.paymentIntentId;
      this.tokenOfIntent.set(intent.paymentIntentId, token);
      this.tryCard(intent, token.card);
      return intent;
    });
  }

  override retrieveIntent(account: ProcessorAccount, paymentIntentId: string): Promise<PaymentIntent> {
    return answer(() => ({ ...this.intentOf(account, paymentIntentId) }));
  }

  override cancelIntent(account: ProcessorAccount, paymentIntentId: string): Promise<PaymentIntent> {
    return answer(() => {
      const intent = this.intentOf(account, paymentIntentId);
      if (intent.status === 'requires_payment_method' || intent.status === 'requires_action') {
        intent.status = 'canceled';
        this.notices.push(paymentIntentId);
      }
      return { ...intent };
    });
  }

  override describeAccount(): Promise<ProcessorAccountState> {
    return answer(() => ({ accountId: 'acct_fake', name: undefined, chargesEnabled: true }));
  }

  /** Every key is good but those that say that they are not. */
  override tryKey(secretKey: string): Promise<ProcessorAccountState> {
    return answer(() => {
      if (secretKey.endsWith('_revoked')) throw new ProcessorRefused('api_key_expired', 'The key has expired.');
      return { accountId: 'acct_fake', name: undefined, chargesEnabled: true };
    });
  }

  /** Keys say whose they are, as with the stand-in of Stripe. */
  override tryPair({ secretKey, publishableKey }: KeyPair): Promise<PairTried> {
    return answer(() => {
      if (publishableKey.endsWith('_revoked')) {
        return { outcome: 'refused', key: 'publishableKey', code: 'api_key_expired' } as const;
      }
      const [own, other] = [secretKey, publishableKey].map((key) => key.split('_')[2]);
      return { outcome: own === other ? 'one_account' : 'two_accounts' } as const;
    });
  }

  override registerNotices(
    account: ProcessorAccount,
    { url, keptEndpointIds }: Parameters<CardProcessor['registerNotices']>[1],
  ): Promise<RegisteredEndpoint> {
    return answer(() => {
      const kept = keptEndpointIds.find(
        (id) => this.registered[Number(id.slice('we_'.length)) - 1]?.url === url && !this.withdrawn.includes(id),
      );
      if (kept !== undefined) return { endpointId: kept, signingSecret: undefined };
      this.registered.push({ account, url });
      return { endpointId: `we_${this.registered.length}`, signingSecret: `whsec_${this.registered.length}` };
    });
  }

  override withdrawNotices(_account: ProcessorAccount, endpointId: string): Promise<void> {
    return answer(() => void this.withdrawn.push(endpointId));
  }

  override readNotice(): Promise<ProcessorNotice | undefined> {
    return Promise.resolve(undefined);
  }

  override browserKeys(account: CardAccount): BrowserKeys {
    const addresses = { scriptUrl: 'https://card.test/script.js', apiUrl: 'https://card.test' };
    return { publishableKey: account.mode === 'keys' ? account.publishableKey : 'pk_test_fake', ...addresses };
  }

  private tryCard(intent: Intent, card: FakeCard): void {
    intent.lastError = undefined;
    if (typeof card.behaviour === 'object') return this.decline(intent, card.behaviour);
    if (card.behaviour === 'approve') return this.charge(intent, card);
    intent.status = card.behaviour === 'bank_step' ? 'requires_action' : 'processing';
    this.notices.push(intent.paymentIntentId);
  }

  private charge(intent: Intent, card: FakeCard): void {
    this.beforeCharge({ ...intent });
    intent.status = 'succeeded';
    intent.charge = {
      chargeId: intent.paymentIntentId.replace('pi_', 'ch_'),
      amountMinor: intent.amountMinor,
      currency: intent.currency,
      card: detailsOf(card),
      createdAt: this.clock.now(),
    };
    this.notices.push(intent.paymentIntentId);
  }

  private decline(intent: Intent, error: CardError): void {
    intent.status = 'requires_payment_method';
    intent.lastError = error;
    this.notices.push(intent.paymentIntentId);
  }

  private tokenOf(account: ProcessorAccount, id: string): Token {
    const token = this.tokens.get(id);
    if (token?.account !== nameOf(account) || token.expiresAt <= this.clock.now())
      throw new ProcessorRefused('resource_missing', 'No such token.');
    return token;
  }

  private intentOf(account: ProcessorAccount, id: string): Intent {
    if (this.homes.get(id) !== nameOf(account)) throw new ProcessorRefused('resource_missing', 'No such intent.');
    return this.there(id);
  }

  private there(id: string): Intent {
    const intent = this.intents.get(id);
    if (!intent) throw new ProcessorRefused('resource_missing', 'No such intent.');
    return intent;
  }

  private once(key: string, work: () => PaymentIntent): Promise<PaymentIntent> {
    return answer(() => {
      const first = this.answers.get(key) ?? { ...work() };
      this.answers.set(key, first);
      return { ...first };
    });
  }
}

/** Answers or refuses as a call over the network does: never in the caller's own turn. */
async function answer<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}

function detailsOf({ brand, last4, funding, country }: FakeCard): CardDetails {
  return { brand, last4, funding, country };
}

const CREDIT: FakeCard = { brand: 'visa', last4: '4242', funding: 'credit', country: 'US', behaviour: 'approve' };
const declined = (code: string, declineCode: string | undefined): FakeCard => ({
  ...CREDIT,
  behaviour: { code, declineCode },
});

/** Cards as the processor's test mode has them. */
export const CARDS = {
  credit: CREDIT,
  debit: { ...CREDIT, last4: '5556', funding: 'debit' },
  prepaid: { ...CREDIT, brand: 'mastercard', last4: '5100', funding: 'prepaid' },
  unknownFunding: { ...CREDIT, last4: '0009', funding: 'unknown' },
  threeDSecure: { ...CREDIT, last4: '3184', behaviour: 'bank_step' },
  slow: { ...CREDIT, last4: '0077', behaviour: 'slow' },
  declined: declined('card_declined', 'generic_decline'),
  insufficientFunds: declined('card_declined', 'insufficient_funds'),
  expired: declined('expired_card', 'expired_card'),
  incorrectCvc: declined('incorrect_cvc', 'incorrect_cvc'),
  processingError: declined('processing_error', 'processing_error'),
} as const satisfies Record<string, FakeCard>;
