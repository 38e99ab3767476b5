/**
 * What the outside is told. Private events may change with the program; these are a contract, and are made in this one place.
 *
 * No name, address, text or card is in them beyond the brand and the last four digits: whoever needs more asks the API for it, with
 * a key that is allowed to.
 */
import type { ContactEvent } from '../../domain/contact/events.js';
import type { RecordedEvent } from '../../domain/decider.js';
import { evolve } from '../../domain/invoice/evolve.js';
import type { InvoiceEvent } from '../../domain/invoice/events.js';
import type { PaymentCaptured } from '../../domain/invoice/payment-events.js';
import { NO_INVOICE, type Invoice, type InvoiceState } from '../../domain/invoice/state.js';
import type { Json, JsonObject } from '../../domain/json.js';
import { webhookMessageId } from '../ids.js';

/** Every kind of message that there is. Refunds and disputes are not among them before the product has them. */
export const PUBLIC_EVENT_TYPES = [
  'invoice.registered',
  'invoice.revised',
  'invoice.paid',
  'invoice.voided',
  'link.sent',
  'link.delivered',
  'link.bounced',
  'link.opened',
  'payment.captured',
  'payment.failed',
  'receipt.issued',
  'contact.opted_out',
] as const;
export type PublicEventType = (typeof PUBLIC_EVENT_TYPES)[number];

export interface PublicEvent {
  /** The private event's id; of `invoice.paid`, which stands beside another message of the same event, one made from it. */
  readonly id: string;
  readonly type: PublicEventType;
  /** RFC 3339, UTC: when it was recorded. */
  readonly time: string;
  /** `invoices/<id>` or `contacts/<id>`. */
  readonly subject: string;
  /** Absent where it concerns every branch. */
  readonly branchId?: string;
  readonly data: JsonObject;
}

type PrivateEvent = InvoiceEvent | ContactEvent;

/** What each private event may become; `invoice.paid` only where the invoice is paid by it. */
const BECOMES: { readonly [Type in PrivateEvent['type']]: readonly PublicEventType[] } = {
  InvoiceRegistered: ['invoice.registered', 'invoice.paid'],
  InvoiceRevised: ['invoice.revised', 'invoice.paid'],
  InvoiceVoided: ['invoice.voided'],
  InvoicePdfRequested: [],
  InvoicePdfSent: [],
  InvoicePdfSendFailed: [],
  LinkIssued: [],
  LinkSent: ['link.sent'],
  LinkSendFailed: [],
  LinkDelivered: ['link.delivered'],
  LinkBounced: ['link.bounced'],
  LinkOpened: ['link.opened'],
  LinkRevoked: [],
  LinkRenewalRequested: [],
  CustomerReplied: [],
  ReminderScheduled: [],
  FeeAccepted: [],
  PaymentStarted: [],
  PaymentFailed: ['payment.failed'],
  PaymentCaptured: ['payment.captured', 'invoice.paid'],
  PaymentReleased: [],
  PaymentRecorded: ['invoice.paid'],
  PaymentRecordReversed: [],
  ReceiptIssued: ['receipt.issued'],
  ReceiptSent: [],
  ReceiptSendFailed: [],
  ReceiptEmailRequested: [],
  ReceiptEmailSent: [],
  ReceiptEmailFailed: [],
  ContactTextConsentRecorded: [],
  ContactOptedOut: ['contact.opted_out'],
  ContactOptedIn: [],
  ContactUnreachable: [],
};

/** Streams whose events may become public. */
export const PUBLIC_STREAMS = ['invoice-', 'contact-'] as const;

/** What the event may become, as far as the event by itself tells, with the messages' ids. */
export function publicCandidates({
  id,
  event,
}: RecordedEvent): readonly { readonly type: PublicEventType; readonly messageId: string }[] {
  const { type, data } = event as PrivateEvent;
  const types = BECOMES[type] as readonly PublicEventType[] | undefined;
  return (types ?? [])
    .filter((each) => each !== 'invoice.paid' || type !== 'InvoiceRegistered' || data.totalMinor === 0)
    .map((each) => ({ type: each, messageId: each === 'invoice.paid' ? webhookMessageId(id, each) : id }));
}

/** What the last event of this history is to the outside. The history is that of its stream, from the beginning. */
export function publicEvents(history: readonly RecordedEvent[]): readonly PublicEvent[] {
  const last = history.at(-1);
  if (!last) return [];
  const candidates = publicCandidates(last);
  if (candidates.length === 0) return [];
  if (last.event.type === 'ContactOptedOut') return [optedOut(last as RecordedEvent<OptedOut>)];
  const events = history as readonly RecordedEvent<InvoiceEvent>[];
  const before = events
    .slice(0, -1)
    .reduce<InvoiceState>((state, { event, revision }) => evolve(state, event, revision), NO_INVOICE);
  const { event, revision } = events.at(-1)!;
  const after = evolve(before, event, revision) as Invoice;
  const becamePaid = after.status === 'paid' && before.status !== 'paid';
  return candidates
    .filter(({ type }) => type !== 'invoice.paid' || becamePaid)
    .map(({ type, messageId }) => {
      const about = type.startsWith('invoice.') ? standing(after) : detailsOf(event, after);
      return {
        ...{ id: messageId, type, time: last.metadata.occurredAt },
        subject: `invoices/${after.registered.invoiceId}`,
        branchId: after.registered.branchId,
        data: { ...identity(after), ...about },
      };
    });
}

type OptedOut = Extract<ContactEvent, { type: 'ContactOptedOut' }>;

/** STOP counts for every branch, and the address itself is in no event: the contact is named by its digest. */
function optedOut({ id, stream, event, metadata, revision }: RecordedEvent<OptedOut>): PublicEvent {
  const contactId = stream.slice('contact-'.length);
  const { channel, source } = event.data;
  return {
    ...{ id, type: 'contact.opted_out', time: metadata.occurredAt },
    subject: `contacts/${contactId}`,
    data: { contactId, channel, source, revision: String(revision) },
  };
}

/** By `revision` a receiver puts in order what came out of order. */
function identity({ registered, revision }: Invoice): JsonObject {
  const { invoiceId, number, externalId, branchId } = registered;
  return { invoiceId, number, externalId: externalId ?? null, branchId, revision: String(revision) };
}

function standing({ registered, status, balanceMinor }: Invoice): JsonObject {
  const { totalMinor, currency, issuedOn, dueOn } = registered;
  return { status, total: money(totalMinor, currency), balance: money(balanceMinor, currency), issuedOn, dueOn };
}

function detailsOf(event: InvoiceEvent, invoice: Invoice): JsonObject {
  const { type, data } = event;
  if (type === 'LinkSent' || type === 'LinkDelivered' || type === 'LinkOpened') return link(data.linkId, invoice);
  // The provider's sentence may name the address; its code does not.
  if (type === 'LinkBounced') return { ...link(data.linkId, invoice), code: data.code };
  if (type === 'PaymentFailed') return { attemptId: data.attemptId, code: data.code };
  if (type === 'ReceiptIssued') return { paymentId: data.paymentId, receiptNumber: data.number };
  return type === 'PaymentCaptured' ? capture(data) : {};
}

function capture(captured: PaymentCaptured['data']): JsonObject {
  const { paymentId, amountMinor, feeMinor, totalMinor, currency, card, capturedAt } = captured;
  return {
    ...{ paymentId, method: 'card', capturedAt },
    amount: money(amountMinor, currency),
    fee: money(feeMinor, currency),
    total: money(totalMinor, currency),
    card: { brand: card.brand, last4: card.last4, funding: card.funding },
  };
}

function link(linkId: string, { links }: Invoice): JsonObject {
  return { linkId, channel: links.get(linkId)?.channel ?? null };
}

function money(amount: number, currency: string): Json {
  return { amount, currency };
}
