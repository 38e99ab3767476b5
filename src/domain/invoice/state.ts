/** An invoice as its events leave it. */
import type { InvoiceRegistered } from './events.js';
import type { Channel, LinkIssued, LinkPurpose, LocalTime, ReminderScheduled } from './link-events.js';
import type { PaymentCaptured, PaymentRecorded, PaymentStarted } from './payment-events.js';

export interface Link {
  readonly linkId: string;
  readonly channel: Channel;
  readonly recipient: string | undefined;
  readonly expiresAt: string;
  /** Undefined where staff asked for it by itself. */
  readonly purpose: LinkPurpose | undefined;
  readonly sendAt: string | undefined;
  readonly sendAtLocal: LocalTime | undefined;
  readonly bulk: LinkIssued['data']['bulk'];
  readonly sent: boolean;
  readonly failed: { readonly code: string; readonly reason: string } | undefined;
  readonly delivered: boolean;
  readonly bounced: { readonly code: string; readonly reason: string } | undefined;
  readonly opened: boolean;
  readonly revoked: boolean;
}

export interface Attempt {
  readonly started: PaymentStarted['data'];
  readonly outcome: 'open' | 'captured' | 'failed' | 'released';
  /** Why it failed, so that whoever asks later hears what the first one heard. */
  readonly failure?: { readonly code: string; readonly declineCode: string | undefined };
}

export interface PdfRequest {
  readonly recipient: string;
  readonly send: 'owed' | 'sent' | 'failed';
}

export interface Payment {
  readonly captured: PaymentCaptured['data'];
  readonly receipt: { readonly receiptId: string; readonly number: string } | undefined;
  /** Taken by a provider, or refused by it for good: nothing is to be sent any more. */
  readonly receiptSend: 'owed' | 'sent' | 'failed';
}

/** Paid by other ways than by card. */
export interface RecordedPayment {
  readonly recorded: PaymentRecorded['data'];
  readonly reversed: boolean;
}

/** Somebody asked for a receipt by email, beside the message that went to the recipient of the link. */
export interface ReceiptEmail {
  readonly paymentId: string;
  readonly recipient: string;
  readonly send: 'owed' | 'sent' | 'failed';
}

export interface Reminder {
  readonly linkId: string;
  readonly when: ReminderScheduled['data']['when'];
  readonly days: number;
  readonly on: string;
}

/** A wish for a fresh link. */
interface Renewal {
  /** The link that it was asked from. */
  readonly linkId: string;
  readonly requestedAt: string;
  /** Whether one was sent. */
  readonly issued: boolean;
}

export interface Invoice {
  readonly status: 'open' | 'partially_paid' | 'paid' | 'void';
  /** Revision of the last event folded in. */
  readonly revision: bigint;
  /** The document as it was last revised. */
  readonly registered: InvoiceRegistered['data'];
  readonly paidMinor: number;
  /** What is still owed; never below zero. */
  readonly balanceMinor: number;
  /** Revision of the last event that changed what is payable. Quotes and attempts name it. */
  readonly payableVersion: bigint;
  readonly links: ReadonlyMap<string, Link>;
  readonly attempts: ReadonlyMap<string, Attempt>;
  /** The attempt that was started and has no outcome. */
  readonly openAttempt: Attempt | undefined;
  readonly payments: ReadonlyMap<string, Payment>;
  readonly recorded: ReadonlyMap<string, RecordedPayment>;
  /** Requests for the PDF by mail. */
  readonly pdfRequests: ReadonlyMap<string, PdfRequest>;
  readonly receiptEmails: ReadonlyMap<string, ReceiptEmail>;
  readonly reminders: readonly Reminder[];
  /** Wishes for a fresh link, in their order. */
  readonly renewals: readonly Renewal[];
  /** The provider's ids of the customer's answers that are kept. */
  readonly replies: ReadonlySet<string>;
}

export type InvoiceState = { readonly status: 'absent' } | Invoice;

export const NO_INVOICE: InvoiceState = { status: 'absent' };
