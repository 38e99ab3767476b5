/**
 * What can happen to an invoice, its links, its payments and its receipts. Stored in `invoice-<uuid>` under exactly these names.
 * Amounts are integer minor units of the invoice's currency; instants are RFC 3339 in UTC; `…On` are plain dates.
 */

import { ERASED, type EventSchemas } from '../event-schema.js';

export type Channel = 'email' | 'sms' | 'none';

export interface InvoiceLine {
  readonly description: string;
  /** A decimal as text, up to four places; negative with a positive price is not allowed, a discount has a negative price. */
  readonly quantity: string;
  readonly unitPriceMinor: number;
  /** quantity × unit price, rounded half up to the minor unit, or as given. */
  readonly amountMinor: number;
}

/** The customer as the invoice names them. Personal: stored as ciphertext under the customer's key. */
export interface InvoiceCustomer {
  readonly name: string;
  readonly email?: string;
  readonly phone?: string;
  readonly address?: readonly string[];
}

/** What the browser that agreed or opened told of itself. Personal. */
export interface Browser {
  readonly ip: string;
  readonly userAgent: string;
}

export interface InvoiceRegistered {
  readonly type: 'InvoiceRegistered';
  readonly data: {
    readonly invoiceId: string;
    readonly branchId: string;
    readonly number: string;
    readonly externalId?: string;
    readonly issuedOn: string;
    readonly dueOn: string;
    readonly currency: string;
    readonly customerId: string;
    readonly customer: InvoiceCustomer;
    readonly locale?: string;
    readonly lines: readonly InvoiceLine[];
    readonly taxMinor: number;
    readonly totalMinor: number;
  };
}

export interface InvoiceVoided {
  readonly type: 'InvoiceVoided';
  readonly data: { readonly reason: string };
}

export interface InvoicePdfRequested {
  readonly type: 'InvoicePdfRequested';
  readonly data: { readonly requestId: string; readonly customerId: string; readonly recipient: string };
}

export interface InvoicePdfSent {
  readonly type: 'InvoicePdfSent';
  readonly data: { readonly requestId: string; readonly messageId: string; readonly providerId: string };
}

/** No mail server will ever take it. */
export interface InvoicePdfSendFailed {
  readonly type: 'InvoicePdfSendFailed';
  readonly data: { readonly requestId: string; readonly reason: string; readonly code: string };
}

/** Staff asked for a link. Whether a message was taken by a provider is `LinkSent`. */
export interface LinkIssued {
  readonly type: 'LinkIssued';
  readonly data: {
    readonly linkId: string;
    readonly channel: Channel;
    readonly customerId: string;
    /** Email address or E.164 number; absent on a copied link. Personal. */
    readonly recipient?: string;
    readonly expiresAt: string;
  };
}

export interface LinkSent {
  readonly type: 'LinkSent';
  readonly data: { readonly linkId: string; readonly messageId: string; readonly providerId: string };
}

export interface LinkSendFailed {
  readonly type: 'LinkSendFailed';
  readonly data: { readonly linkId: string; readonly reason: string; readonly code: string };
}

export interface LinkOpened {
  readonly type: 'LinkOpened';
  readonly data: {
    readonly linkId: string;
    readonly customerId: string;
    /** What showed that a person was there. */
    readonly evidence: 'interaction' | 'dwell' | 'download' | 'pay';
    readonly browser: Browser;
  };
}

export interface LinkRevoked {
  readonly type: 'LinkRevoked';
  readonly data: { readonly linkId: string };
}

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
    readonly account: { readonly mode: 'platform' };
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

export type InvoiceEvent =
  | InvoiceRegistered
  | InvoiceVoided
  | InvoicePdfRequested
  | InvoicePdfSent
  | InvoicePdfSendFailed
  | LinkIssued
  | LinkSent
  | LinkSendFailed
  | LinkOpened
  | LinkRevoked
  | FeeAccepted
  | PaymentStarted
  | PaymentFailed
  | PaymentCaptured
  | PaymentReleased
  | ReceiptIssued
  | ReceiptSent
  | ReceiptSendFailed;

/** Versions as they are written now, and which parts are personal, with what stands there once the customer is erased. */
export const INVOICE_EVENTS: EventSchemas<InvoiceEvent> = {
  InvoiceRegistered: { version: 1, personal: { customer: { name: ERASED } } },
  InvoiceVoided: { version: 1, personal: {} },
  InvoicePdfRequested: { version: 1, personal: { recipient: ERASED } },
  InvoicePdfSent: { version: 1, personal: {} },
  InvoicePdfSendFailed: { version: 1, personal: {} },
  LinkIssued: { version: 1, personal: { recipient: ERASED } },
  LinkSent: { version: 1, personal: {} },
  LinkSendFailed: { version: 1, personal: {} },
  LinkOpened: { version: 1, personal: { browser: { ip: ERASED, userAgent: ERASED } } },
  LinkRevoked: { version: 1, personal: {} },
  FeeAccepted: { version: 1, personal: { browser: { ip: ERASED, userAgent: ERASED } } },
  PaymentStarted: { version: 1, personal: {} },
  PaymentFailed: { version: 1, personal: {} },
  PaymentCaptured: { version: 1, personal: {} },
  PaymentReleased: { version: 1, personal: {} },
  ReceiptIssued: { version: 1, personal: {} },
  ReceiptSent: { version: 1, personal: {} },
  ReceiptSendFailed: { version: 1, personal: {} },
};
