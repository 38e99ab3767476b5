/**
 * What can happen to an invoice; to its links: `link-events.ts`; to its payments and receipts: `payment-events.ts`. Stored in `invoice-<uuid>` under exactly these names.
 * Amounts are integer minor units of the invoice's currency; instants are RFC 3339 in UTC; `…On` are plain dates.
 */

import { ERASED, type EventSchemas } from '../event-schema.js';
import type { LinkEvent } from './link-events.js';
import type { PaymentEvent } from './payment-events.js';

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

/** The document as it stands from now on, whole. Number, branch, currency and customer never change. */
export interface InvoiceRevised {
  readonly type: 'InvoiceRevised';
  readonly data: Omit<InvoiceRegistered['data'], 'invoiceId' | 'branchId' | 'number' | 'currency'>;
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

/** What happens to the document itself. */
export type DocumentEvent =
  InvoiceRegistered | InvoiceRevised | InvoiceVoided | InvoicePdfRequested | InvoicePdfSent | InvoicePdfSendFailed;

export type InvoiceEvent = DocumentEvent | LinkEvent | PaymentEvent;

/** Versions as they are written now, and which parts are personal, with what stands there once the customer is erased. */
export const INVOICE_EVENTS: EventSchemas<InvoiceEvent> = {
  InvoiceRegistered: { version: 1, personal: { customer: { name: ERASED } } },
  InvoiceRevised: { version: 1, personal: { customer: { name: ERASED } } },
  InvoiceVoided: { version: 1, personal: {} },
  InvoicePdfRequested: { version: 1, personal: { recipient: ERASED } },
  InvoicePdfSent: { version: 1, personal: {} },
  InvoicePdfSendFailed: { version: 1, personal: {} },
  LinkIssued: { version: 1, personal: { recipient: ERASED } },
  LinkSent: { version: 1, personal: {} },
  LinkSendFailed: { version: 1, personal: {} },
  LinkDelivered: { version: 1, personal: {} },
  LinkBounced: { version: 1, personal: {} },
  LinkOpened: { version: 1, personal: { browser: { ip: ERASED, userAgent: ERASED } } },
  LinkRevoked: { version: 1, personal: {} },
  CustomerReplied: { version: 1, personal: { text: ERASED } },
  ReminderScheduled: { version: 1, personal: {} },
  LinkRenewalRequested: { version: 1, personal: {} },
  FeeAccepted: { version: 1, personal: { browser: { ip: ERASED, userAgent: ERASED } } },
  PaymentStarted: { version: 1, personal: {} },
  PaymentFailed: { version: 1, personal: {} },
  PaymentCaptured: { version: 1, personal: {} },
  PaymentReleased: { version: 1, personal: {} },
  ReceiptIssued: { version: 1, personal: {} },
  ReceiptSent: { version: 1, personal: {} },
  ReceiptSendFailed: { version: 1, personal: {} },
  PaymentRecorded: { version: 1, personal: {} },
  PaymentRecordReversed: { version: 1, personal: {} },
  ReceiptEmailRequested: { version: 1, personal: { recipient: ERASED } },
  ReceiptEmailSent: { version: 1, personal: {} },
  ReceiptEmailFailed: { version: 1, personal: {} },
};
