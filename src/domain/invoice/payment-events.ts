/** What happens to the payments of an invoice and to their receipts, stored in `invoice-<uuid>`. Amounts are integer minor units of the invoice's currency. */
import type { CardAccount } from '../card-account.js';
import type { Browser } from './link-events.js';

/** The customer agreed to exactly this fee, in exactly these words. */
export interface FeeAccepted {
  readonly type: 'FeeAccepted';
  readonly data: {
    readonly attemptId: string;
    readonly linkId: string;
    readonly quoteId: string;
    readonly quoteHash: string;
    readonly amountMinor: number;
    readonly feeMinor: number;
    readonly totalMinor: number;
    readonly currency: string;
    readonly policyVersion: string;
    readonly consentText: string;
    readonly disclosureText: string;
    /** SHA-256 of consent and disclosure text, lower-case hex. */
    readonly termsHash: string;
    readonly acceptedAt: string;
    readonly customerId: string;
    readonly browser: Browser;
  };
}

export interface PaymentStarted {
  readonly type: 'PaymentStarted';
  readonly data: {
    readonly attemptId: string;
    readonly linkId: string;
    readonly branchId: string;
    readonly processor: 'stripe';
    /** Where the intent is: whatever is asked about it is asked there, also when the branch charges elsewhere by then. */
    readonly account: CardAccount;
    readonly paymentIntentId: string;
    readonly confirmationTokenId: string;
    readonly amountMinor: number;
    readonly feeMinor: number;
    readonly totalMinor: number;
    readonly currency: string;
    /** The revision that the invoice was payable at. */
    readonly payableVersion: string;
    readonly startedAt: string;
  };
}

export interface PaymentFailed {
  readonly type: 'PaymentFailed';
  readonly data: {
    readonly attemptId: string;
    readonly paymentIntentId: string;
    readonly code: string;
    readonly declineCode?: string;
  };
}

export interface PaymentCaptured {
  readonly type: 'PaymentCaptured';
  readonly data: {
    /** Identifies the payment in payment history; the attempt's id. */
    readonly paymentId: string;
    readonly attemptId: string;
    readonly linkId: string;
    readonly branchId: string;
    readonly processor: 'stripe';
    readonly paymentIntentId: string;
    readonly chargeId: string;
    /** Towards the invoice, without the fee. */
    readonly amountMinor: number;
    readonly feeMinor: number;
    readonly totalMinor: number;
    readonly currency: string;
    readonly card: {
      readonly brand: string;
      readonly last4: string;
      readonly funding: 'credit' | 'debit' | 'prepaid' | 'unknown';
      readonly country?: string;
    };
    /** The processor's time. */
    readonly capturedAt: string;
  };
}

/** The attempt ended without a charge and without a refusal: cancelled at the processor. */
export interface PaymentReleased {
  readonly type: 'PaymentReleased';
  readonly data: {
    readonly attemptId: string;
    readonly paymentIntentId: string;
    readonly reason: 'never_confirmed' | 'other_card' | 'abandoned';
  };
}

/** The one receipt of a capture. */
export interface ReceiptIssued {
  readonly type: 'ReceiptIssued';
  readonly data: {
    readonly paymentId: string;
    /** 96 bits of base64url; the unguessable part is made from it (purpose `receipt`). */
    readonly receiptId: string;
    /** Rank among the branch's captures, as text with leading zeros. */
    readonly number: string;
  };
}

export interface ReceiptSent {
  readonly type: 'ReceiptSent';
  readonly data: {
    readonly paymentId: string;
    readonly receiptId: string;
    readonly channel: 'email' | 'sms';
    readonly messageId: string;
    readonly providerId: string;
  };
}

/** No provider will ever take it. The receipt itself stays where the paid page shows it. */
export interface ReceiptSendFailed {
  readonly type: 'ReceiptSendFailed';
  readonly data: { readonly paymentId: string; readonly reason: string; readonly code: string };
}

/** Paid by other ways than by card. Lowers what is owed; has no receipt of ours. */
export interface PaymentRecorded {
  readonly type: 'PaymentRecorded';
  readonly data: {
    readonly paymentId: string;
    readonly branchId: string;
    readonly method: RecordedMethod;
    readonly amountMinor: number;
    readonly currency: string;
    /** The day on which the business got it, in the branch's zone. */
    readonly receivedOn: string;
    readonly reference?: string;
  };
}

export type RecordedMethod = 'cash' | 'check' | 'transfer' | 'other';

/** It was recorded by mistake, or the check came back: the amount is owed again. */
export interface PaymentRecordReversed {
  readonly type: 'PaymentRecordReversed';
  readonly data: { readonly paymentId: string; readonly reason: string };
}

/** Who paid from a text asked for the receipt by email. */
export interface ReceiptEmailRequested {
  readonly type: 'ReceiptEmailRequested';
  readonly data: {
    readonly requestId: string;
    readonly paymentId: string;
    readonly customerId: string;
    /** Personal. */
    readonly recipient: string;
  };
}

export interface ReceiptEmailSent {
  readonly type: 'ReceiptEmailSent';
  readonly data: { readonly requestId: string; readonly messageId: string; readonly providerId: string };
}

/** No mail server will ever take it. */
export interface ReceiptEmailFailed {
  readonly type: 'ReceiptEmailFailed';
  readonly data: { readonly requestId: string; readonly code: string; readonly reason: string };
}

export type PaymentEvent =
  | FeeAccepted
  | PaymentStarted
  | PaymentFailed
  | PaymentCaptured
  | PaymentReleased
  | ReceiptIssued
  | ReceiptSent
  | ReceiptSendFailed
  | PaymentRecorded
  | PaymentRecordReversed
  | ReceiptEmailRequested
  | ReceiptEmailSent
  | ReceiptEmailFailed;
