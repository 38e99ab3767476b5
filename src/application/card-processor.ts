/** The port of whoever charges cards. */

/** Which account at the processor a branch charges on. Only the service's own keys for now. */
export interface ProcessorAccount {
  readonly mode: 'platform';
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
}

/** Whose account the keys open, and what it may do. Nothing of the keys themselves. */
export interface ProcessorAccountState {
  readonly accountId: string;
  /** As customers see it on their statements or receipts, where the processor says. */
  readonly name: string | undefined;
  readonly chargesEnabled: boolean;
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
  /** Checks signature, age and mode over the raw body; `undefined` when it is not to be believed. */
  abstract readNotice(rawBody: Buffer, signature: string): ProcessorNotice | undefined;
  /** What the pay page needs to show the card form. */
  abstract browserKeys(account: ProcessorAccount): { publishableKey: string; scriptUrl: string; apiUrl: string };
  /** True where no money moves: test keys or a stand-in. */
  abstract readonly testMode: boolean;
}
