/** The port of whoever charges cards. */
import type { CardAccount } from '../domain/card-account.js';

/** On which account, and by whose keys, the processor is asked. A branch's own key is looked up by its fingerprint. */
export type ProcessorAccount =
  { readonly mode: 'platform' } | BranchKeys | { readonly mode: 'connect'; readonly accountId: string };

/** A secret key of a branch's own, named without telling it. */
export interface BranchKeys {
  readonly mode: 'keys';
  readonly branchId: string;
  readonly secretFingerprint: string;
}

export function processorAccount(branchId: string, account: CardAccount): ProcessorAccount {
  switch (account.mode) {
    case 'platform':
      return { mode: account.mode };
    case 'keys':
      return { mode: account.mode, branchId, secretFingerprint: account.secretFingerprint };
    case 'connect':
      return { mode: account.mode, accountId: account.accountId };
  }
}

export interface CardDetails {
  /** Lower-case network name (`visa`, `mastercard`, …). */
  readonly brand: string;
  readonly last4: string;
  /** `credit`, `debit`, `prepaid` or `unknown`. */
  readonly funding: 'credit' | 'debit' | 'prepaid' | 'unknown';
  /** ISO 3166-1 alpha-2 of the issuer, where known. */
  readonly country: string | undefined;
}

export interface ConfirmationTokenPreview {
  readonly card: CardDetails;
  readonly billingCountry: string | undefined;
  readonly billingPostalCode: string | undefined;
  readonly billingState: string | undefined;
  /** When the processor forgets the token. */
  readonly expiresAt: Date | undefined;
}

export interface Charge {
  readonly chargeId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: CardDetails;
  /** The processor's time of the charge. */
  readonly createdAt: Date;
}

/** What the processor says of a payment intent now. */
export interface PaymentIntent {
  readonly paymentIntentId: string;
  readonly status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'processing'
    | 'requires_capture'
    | 'succeeded'
    | 'canceled';
  readonly amountMinor: number;
  /** Upper-case ISO 4217. */
  readonly currency: string;
  readonly clientSecret: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Present once succeeded. */
  readonly charge: Charge | undefined;
  /** Why the last confirmation failed. */
  readonly lastError: CardError | undefined;
}

export interface CardError {
  /** The processor's code (`card_declined`, `expired_card`, `incorrect_cvc`, `processing_error`, `payment_intent_authentication_failure`, …). */
  readonly code: string;
  readonly declineCode: string | undefined;
}

/** The processor could not be asked, or did not answer: the outcome is unknown until the intent has been retrieved. */
export class ProcessorUnavailable extends Error {
  override readonly name = 'ProcessorUnavailable';
}

/**
 * The key that opens the account is not kept here any more. What came of a payment is as unknown as without an answer, until somebody
 * sets card processing up again.
 */
export class ProcessorKeyMissing extends ProcessorUnavailable {}

/** The processor refused the request itself (an unknown or used token, say): asking again would not help. */
export class ProcessorRefused extends Error {
  override readonly name = 'ProcessorRefused';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface ProcessorNotice {
  readonly eventId: string;
  readonly type: string;
  /** Id of the object that the notice is about (`pi_…`, `ch_…`); it is fetched again, the notice's body is not believed. */
  readonly objectId: string;
  /** The payment intent, where the object names one. */
  readonly paymentIntentId: string | undefined;
  /** Where the object is to be fetched; `undefined` where it is none of those that the endpoint was made for. */
  readonly account: ProcessorAccount | undefined;
}

/** Where a notice was posted: the service's own endpoint, or the one of a branch. */
export type NoticeEndpoint = 'platform' | { readonly branchId: string };

/** What the browser needs for the card form. */
export interface BrowserKeys {
  readonly publishableKey: string;
  readonly scriptUrl: string;
  readonly apiUrl: string;
  /** The account that the publishable key is used for, where it is not the key's own. */
  readonly connectedAccount?: string;
}

/** Whose account the keys open, and what it may do. Nothing of the keys themselves. */
export interface ProcessorAccountState {
  readonly accountId: string;
  /** As customers see it on their statements or receipts, where the processor says. */
  readonly name: string | undefined;
  readonly chargesEnabled: boolean;
}

/** The keys of one account, before they are kept. */
export interface KeyPair {
  readonly secretKey: string;
  readonly publishableKey: string;
}

/** Whether a publishable key is good, and of the account of the secret key beside it. */
export type PairTried =
  | { readonly outcome: 'one_account' | 'two_accounts' }
  | { readonly outcome: 'refused'; readonly key: keyof KeyPair; readonly code: string };

export interface RegisteredEndpoint {
  readonly endpointId: string;
  /** Told once, when the endpoint is made. */
  readonly signingSecret: string | undefined;
}

/** Every call throws `ProcessorUnavailable` where no answer could be had and `ProcessorRefused` where the request was bad. */
export abstract class CardProcessor {
  abstract previewToken(account: ProcessorAccount, confirmationTokenId: string): Promise<ConfirmationTokenPreview>;
  /** Makes an intent that is not confirmed: no money moves. Idempotent by key. */
  abstract createIntent(
    account: ProcessorAccount,
    intent: {
      amountMinor: number;
      currency: string;
      metadata: Readonly<Record<string, string>>;
      description: string;
      idempotencyKey: string;
    },
  ): Promise<PaymentIntent>;
  /** Asks for the charge. A declined card is an answer (status `requires_payment_method` with `lastError`), not an error. */
  abstract confirmIntent(
    account: ProcessorAccount,
    confirm: {
      paymentIntentId: string;
      confirmationTokenId: string;
      amountMinor: number;
      returnUrl: string;
      idempotencyKey: string;
    },
  ): Promise<PaymentIntent>;
  abstract retrieveIntent(account: ProcessorAccount, paymentIntentId: string): Promise<PaymentIntent>;
  /** Cancels, or answers the intent as it is when it can no longer be cancelled (`succeeded`, say). */
  abstract cancelIntent(account: ProcessorAccount, paymentIntentId: string): Promise<PaymentIntent>;
  /** Whether the processor can be reached with the keys, and what their account may do. */
  abstract describeAccount(account: ProcessorAccount): Promise<ProcessorAccountState>;
  /** The same by a key that is not kept yet. */
  abstract tryKey(secretKey: string): Promise<ProcessorAccountState>;
  /** Whether two keys belong together. A refused key is an answer. No money moves, and nothing of it is left. */
  abstract tryPair(keys: KeyPair): Promise<PairTried>;
  /**
   * Sees to it that notices about the account come to an address: by an endpoint that is there and whose signing secret is kept,
   * else by a new one in the place of those of this address that nobody could check. One that was made within the hour is left alone:
   * its secret may be about to be kept.
   */
  abstract registerNotices(
    account: ProcessorAccount,
    wanted: { url: string; keptEndpointIds: readonly string[]; idempotencyKey: string },
  ): Promise<RegisteredEndpoint>;
  /** Takes an endpoint back; quiet where it is not there. */
  abstract withdrawNotices(account: ProcessorAccount, endpointId: string): Promise<void>;
  /** Checks signature, age and mode over the raw body; `undefined` when it is not to be believed. */
  abstract readNotice(
    rawBody: Buffer,
    signature: string,
    endpoint: NoticeEndpoint,
  ): Promise<ProcessorNotice | undefined>;
  /** What the pay page needs to show the card form. */
  abstract browserKeys(account: CardAccount): BrowserKeys;
  /** True where no money moves: test keys or a stand-in. */
  abstract readonly testMode: boolean;
}
