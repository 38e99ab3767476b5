/** Who paid what, when and how? One row for each capture and for each payment that staff recorded. Asked in `payment-history.ts`. */
import type { BranchEvent } from '../domain/branch/events.js';
import type { RecordedEvent } from '../domain/decider.js';
import type { InvoiceEvent } from '../domain/invoice/events.js';
import type { PaymentCaptured, PaymentRecorded } from '../domain/invoice/payment-events.js';
import { firstInstantShowing } from '../domain/zoned-time.js';
import {
  paymentBranches,
  paymentInvoices,
  payments,
  type PaymentInvoiceRow,
  type StoredPaymentRow,
} from './payment-tables.js';
import { idOfStream, projectionOf, type Projection, type Rows } from './projection.js';
import { searchText } from './search-text.js';

/** Events for which the row of their invoice is needed. */
const OF_INVOICES = new Set<InvoiceEvent['type'] | BranchEvent['type']>([
  'InvoiceRegistered',
  'InvoiceRevised',
  'PaymentCaptured',
  'PaymentRecorded',
]);

export const paymentHistoryProjection: Projection = projectionOf<InvoiceEvent | BranchEvent>()({
  name: 'payment-history',
  streamPrefix: ['invoice-', 'branch-'],
  tables: {
    payments: { table: payments, keyOf: ({ event }) => ('paymentId' in event.data ? event.data.paymentId : undefined) },
    invoices: {
      table: paymentInvoices,
      keyOf: ({ stream, event: { type } }) => (OF_INVOICES.has(type) ? idOfStream(stream, 'invoice-') : undefined),
    },
    branches: {
      table: paymentBranches,
      keyOf: ({ stream, event }) => {
        if (event.type === 'PaymentRecorded') return event.data.branchId;
        return stream.startsWith('branch-') ? idOfStream(stream, 'branch-') : undefined;
      },
    },
  },
  handlers: {
    InvoiceRegistered: (rows, { event: { data }, revision }) => {
      const { invoiceId, branchId, number, customerId, customer } = data;
      rows.invoices.insert({
        ...{ invoiceId, branchId, number, customerId, customerName: customer.name },
        revision: String(revision),
      });
    },
    InvoiceRevised: (rows, { stream, event: { data }, revision }) => {
      // What was paid before keeps the name that it was paid under.
      rows.invoices.update(idOfStream(stream, 'invoice-'), revision, () => ({ customerName: data.customer.name }));
    },
    BranchRegistered: (rows, { event: { data }, revision }) => {
      rows.branches.insert({ branchId: data.branchId, timeZone: data.timeZone, revision: String(revision) });
    },
    BranchUpdated: (rows, { stream, event: { data }, revision }) => {
      rows.branches.update(idOfStream(stream, 'branch-'), revision, ({ timeZone }) => ({
        timeZone: data.changes.timeZone ?? timeZone,
      }));
    },
    PaymentCaptured: (rows, recorded) => {
      rows.payments.insert(captureRow(invoiceOf(rows.invoices, recorded), recorded));
    },
    PaymentRecorded: (rows, recorded) => {
      const branch = rows.branches.find(recorded.event.data.branchId);
      if (!branch) throw new Error(`A payment in branch ${recorded.event.data.branchId}, which was never registered`);
      rows.payments.insert(recordedRow(invoiceOf(rows.invoices, recorded), branch.timeZone, recorded));
    },
    PaymentRecordReversed: (rows, { event: { data }, metadata, revision }) => {
      rows.payments.update(data.paymentId, revision, () => ({ status: 'reversed', reversedAt: metadata.occurredAt }));
    },
    ReceiptIssued: (rows, { event: { data }, metadata, revision }) => {
      rows.payments.update(data.paymentId, revision, (row) => ({
        receiptId: data.receiptId,
        receiptNumber: data.number,
        receiptAt: metadata.occurredAt,
        search: searchText([row.invoiceNumber, row.customerName, row.cardLast4, data.number]),
      }));
    },
    ReceiptSent: 'ignored',
    ReceiptSendFailed: 'ignored',
    InvoiceVoided: 'ignored',
    InvoicePdfRequested: 'ignored',
    InvoicePdfSent: 'ignored',
    InvoicePdfSendFailed: 'ignored',
    LinkIssued: 'ignored',
    LinkSent: 'ignored',
    LinkSendFailed: 'ignored',
    LinkOpened: 'ignored',
    LinkRevoked: 'ignored',
    FeeAccepted: 'ignored',
    PaymentStarted: 'ignored',
    PaymentFailed: 'ignored',
    PaymentReleased: 'ignored',
    LinkDelivered: 'ignored',
    LinkBounced: 'ignored',
    CustomerReplied: 'ignored',
    ReminderScheduled: 'ignored',
    LinkRenewalRequested: 'ignored',
    ReceiptEmailRequested: 'ignored',
    ReceiptEmailSent: 'ignored',
    ReceiptEmailFailed: 'ignored',
    CardProcessingSetUp: 'ignored',
    FeePolicySet: 'ignored',
    InvoiceLinkMessageCustomized: 'ignored',
    ReceiptMessageCustomized: 'ignored',
    ReminderMessageCustomized: 'ignored',
    RemindersSet: 'ignored',
    MessageReset: 'ignored',
    TestMessageRequested: 'ignored',
    TestMessageSent: 'ignored',
    TestMessageFailed: 'ignored',
  },
});

function invoiceOf(invoices: Rows<PaymentInvoiceRow>, { stream }: RecordedEvent): PaymentInvoiceRow {
  const invoiceId = idOfStream(stream, 'invoice-');
  const invoice = invoices.find(invoiceId);
  if (!invoice) throw new Error(`A payment of invoice ${invoiceId}, which was never registered`);
  return invoice;
}

/** What every payment has, however it came. */
function rowOfAny(
  { invoiceId, branchId, number: invoiceNumber, customerId, customerName }: PaymentInvoiceRow,
  { position, revision, metadata }: RecordedEvent,
) {
  return {
    ...{ invoiceId, branchId, invoiceNumber, customerId, customerName, refundedMinor: 0 },
    ...{ receiptId: null, receiptNumber: null, receiptAt: null, reversedAt: null, recordedAt: metadata.occurredAt },
    ...{ position: String(position), revision: String(revision) },
  };
}

function captureRow(invoice: PaymentInvoiceRow, recorded: RecordedEvent<PaymentCaptured>): StoredPaymentRow {
  const { paymentId, linkId, capturedAt, amountMinor, feeMinor, totalMinor, currency } = recorded.event.data;
  const { card, paymentIntentId } = recorded.event.data;
  return {
    ...rowOfAny(invoice, recorded),
    ...{ paymentId, linkId, capturedAt, amountMinor, feeMinor, totalMinor, currency, paymentIntentId },
    ...{ cardBrand: card.brand, cardLast4: card.last4, cardFunding: card.funding },
    ...{ method: 'card', status: 'captured', receivedOn: null, reference: null },
    search: searchText([invoice.number, invoice.customerName, card.last4]),
  };
}

function recordedRow(
  invoice: PaymentInvoiceRow,
  timeZone: string,
  recorded: RecordedEvent<PaymentRecorded>,
): StoredPaymentRow {
  const { paymentId, method, amountMinor, currency, receivedOn, reference = null } = recorded.event.data;
  return {
    ...rowOfAny(invoice, recorded),
    ...{ paymentId, method, amountMinor, currency, receivedOn, reference, feeMinor: 0, totalMinor: amountMinor },
    ...{ linkId: null, cardBrand: null, cardLast4: null, cardFunding: null, paymentIntentId: null },
    status: 'recorded',
    capturedAt: firstInstantShowing(`${receivedOn}T12:00:00`, timeZone).toISOString(),
    search: searchText([invoice.number, invoice.customerName, reference]),
  };
}
