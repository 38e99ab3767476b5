/** What can be asked of an invoice. Facts from outside (ids, instants, what the processor said) arrive as values. */
import type { InvoiceRegistered, InvoiceRevised } from './events.js';
import type { Browser, CustomerReplied, LinkIssued, LinkOpened, ReminderScheduled } from './link-events.js';
import type { FeeAccepted, PaymentCaptured, PaymentRecorded } from './payment-events.js';
import type { PaymentFailed, PaymentReleased, PaymentStarted, ReceiptSent } from './payment-events.js';

export interface RegisterInvoice {
  readonly type: 'RegisterInvoice';
  readonly data: InvoiceRegistered['data'];
}

export interface ReviseInvoice {
  readonly type: 'ReviseInvoice';
  readonly data: InvoiceRevised['data'];
  /** A revision of this stream (`If-Match`): refused when what is payable changed after it. */
  readonly seenRevision: bigint | undefined;
}

export interface VoidInvoice {
  readonly type: 'VoidInvoice';
  readonly reason: string;
  /** A revision of this stream (`If-Match`): refused when what is payable changed after it. */
  readonly seenRevision: bigint | undefined;
}

export interface RequestInvoicePdf {
  readonly type: 'RequestInvoicePdf';
  readonly requestId: string;
  readonly recipient: string;
}

export interface RecordInvoicePdfSent {
  readonly type: 'RecordInvoicePdfSent';
  readonly requestId: string;
  readonly messageId: string;
  readonly providerId: string;
}

export interface RecordInvoicePdfSendFailed {
  readonly type: 'RecordInvoicePdfSendFailed';
  readonly requestId: string;
  readonly code: string;
  readonly reason: string;
}

export interface IssueLink {
  readonly type: 'IssueLink';
  readonly link: Omit<LinkIssued['data'], 'customerId'>;
}

export interface RecordLinkSent {
  readonly type: 'RecordLinkSent';
  readonly linkId: string;
  readonly messageId: string;
  readonly providerId: string;
}

export interface RecordLinkSendFailed {
  readonly type: 'RecordLinkSendFailed';
  readonly linkId: string;
  readonly code: string;
  readonly reason: string;
}

export interface RecordLinkDelivered {
  readonly type: 'RecordLinkDelivered';
  readonly linkId: string;
  readonly providerId: string;
  readonly at: string;
}

export interface RecordLinkBounced {
  readonly type: 'RecordLinkBounced';
  readonly linkId: string;
  readonly code: string;
  readonly reason: string;
  readonly at: string;
}

export interface RecordCustomerReply {
  readonly type: 'RecordCustomerReply';
  readonly reply: Omit<CustomerReplied['data'], 'customerId'>;
}

export interface OpenLink {
  readonly type: 'OpenLink';
  readonly linkId: string;
  readonly evidence: LinkOpened['data']['evidence'];
  readonly browser: Browser;
}

export interface RevokeLink {
  readonly type: 'RevokeLink';
  readonly linkId: string;
}

export interface StartPayment {
  readonly type: 'StartPayment';
  readonly payment: Omit<PaymentStarted['data'], 'branchId' | 'processor' | 'currency' | 'totalMinor'>;
  /** What was agreed to; absent where the fee is zero. */
  readonly consent:
    | Pick<
        FeeAccepted['data'],
        'quoteId' | 'quoteHash' | 'policyVersion' | 'consentText' | 'disclosureText' | 'termsHash' | 'acceptedAt'
      >
    | undefined;
  readonly browser: Browser;
  readonly now: string;
}

export interface RecordPaymentFailed {
  readonly type: 'RecordPaymentFailed';
  readonly failure: PaymentFailed['data'];
}

export interface RecordPaymentReleased {
  readonly type: 'RecordPaymentReleased';
  readonly release: PaymentReleased['data'];
}

export interface RecordPaymentCaptured {
  readonly type: 'RecordPaymentCaptured';
  readonly attemptId: string;
  readonly paymentIntentId: string;
  readonly chargeId: string;
  readonly chargedMinor: number;
  readonly chargedCurrency: string;
  readonly card: PaymentCaptured['data']['card'];
  readonly capturedAt: string;
}

export interface RecordPayment {
  readonly type: 'RecordPayment';
  readonly payment: Omit<PaymentRecorded['data'], 'branchId' | 'currency'>;
  /** The date in the branch's zone: nothing was received after it. */
  readonly today: string;
  /** As of `ReviseInvoice`. */
  readonly seenRevision: bigint | undefined;
}

export interface ReversePaymentRecord {
  readonly type: 'ReversePaymentRecord';
  readonly paymentId: string;
  readonly reason: string;
  /** As of `ReviseInvoice`. */
  readonly seenRevision: bigint | undefined;
}

export interface IssueReceipt {
  readonly type: 'IssueReceipt';
  readonly paymentId: string;
  readonly receiptId: string;
  readonly number: string;
}

export interface RecordReceiptSent {
  readonly type: 'RecordReceiptSent';
  readonly sent: Omit<ReceiptSent['data'], 'receiptId'>;
}

export interface RecordReceiptSendFailed {
  readonly type: 'RecordReceiptSendFailed';
  readonly paymentId: string;
  readonly code: string;
  readonly reason: string;
}

/** Whoever holds an expired link asks for a fresh one. */
export interface RenewLink {
  readonly type: 'RenewLink';
  /** The expired one. */
  readonly linkId: string;
  readonly now: string;
  readonly fresh: Pick<LinkIssued['data'], 'linkId' | 'expiresAt'>;
  /** The recipient was the customer's address when the link was made, and is no longer. */
  readonly contactChanged: boolean;
}

export interface ScheduleReminder {
  readonly type: 'ScheduleReminder';
  readonly link: Omit<LinkIssued['data'], 'customerId' | 'purpose' | 'bulk'>;
  readonly reminder: Omit<ReminderScheduled['data'], 'linkId'>;
}

export interface RequestReceiptEmail {
  readonly type: 'RequestReceiptEmail';
  readonly requestId: string;
  readonly paymentId: string;
  readonly recipient: string;
}

export interface RecordReceiptEmailSent {
  readonly type: 'RecordReceiptEmailSent';
  readonly requestId: string;
  readonly messageId: string;
  readonly providerId: string;
}

export interface RecordReceiptEmailFailed {
  readonly type: 'RecordReceiptEmailFailed';
  readonly requestId: string;
  readonly code: string;
  readonly reason: string;
}

export type InvoiceCommand =
  | RegisterInvoice
  | ReviseInvoice
  | VoidInvoice
  | RecordPayment
  | ReversePaymentRecord
  | RequestInvoicePdf
  | RecordInvoicePdfSent
  | RecordInvoicePdfSendFailed
  | IssueLink
  | RecordLinkSent
  | RecordLinkSendFailed
  | RecordLinkDelivered
  | RecordLinkBounced
  | RecordCustomerReply
  | OpenLink
  | RevokeLink
  | StartPayment
  | RecordPaymentFailed
  | RecordPaymentReleased
  | RecordPaymentCaptured
  | IssueReceipt
  | RecordReceiptSent
  | RecordReceiptSendFailed
  | RenewLink
  | ScheduleReminder
  | RequestReceiptEmail
  | RecordReceiptEmailSent
  | RecordReceiptEmailFailed;
