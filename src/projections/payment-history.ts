/** Who paid what, when and how? One row for each capture. */
import type { InvoiceEvent } from '../domain/invoice/events.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { paymentConditions, type PaymentFilter } from './payment-filter.js';
import { paymentTotals, type PaymentTotals } from './payment-totals.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import { searchText } from './search-text.js';
import { checkLimit, pageOf, type Conditions } from './statement.js';
import { columnsOf, rowOf, type Table } from './table.js';

export interface StoredPaymentRow extends ProjectedRow {
  readonly paymentId: string;
  readonly invoiceId: string;
  readonly linkId: string;
  readonly branchId: string;
  readonly invoiceNumber: string;
  readonly customerId: string;
  readonly customerName: string;
  /** `card`, or one of the recorded ways. */
  readonly method: string;
  readonly status: string;
  /** The processor's time. */
  readonly capturedAt: string;
  /** Towards the invoice. */
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly currency: string;
  readonly cardBrand: string | null;
  readonly cardLast4: string | null;
  readonly cardFunding: string | null;
  readonly paymentIntentId: string | null;
  readonly receiptId: string | null;
  readonly receiptNumber: string | null;
  readonly search: string;
  readonly position: string;
}

/** A payment of the list, with its branch's name and zone; both null where the branch is not in the read model. */
export type PaymentRow = Omit<StoredPaymentRow, 'search'> & {
  readonly branchName: string | null;
  readonly branchTimeZone: string | null;
};

interface PaymentInvoiceRow extends ProjectedRow {
  readonly invoiceId: string;
  readonly branchId: string;
  readonly number: string;
  readonly customerId: string;
  readonly customerName: string;
}

const payments: Table<StoredPaymentRow> = {
  name: 'payments',
  key: 'paymentId',
  columns: {
    paymentId: 'uuid',
    invoiceId: 'uuid',
    linkId: 'text',
    branchId: 'uuid',
    invoiceNumber: 'text',
    customerId: 'uuid',
    customerName: 'text',
    method: 'text',
    status: 'text',
    capturedAt: 'instant',
    amountMinor: 'minor',
    feeMinor: 'minor',
    totalMinor: 'minor',
    refundedMinor: 'minor',
    currency: 'text',
    cardBrand: 'text',
    cardLast4: 'text',
    cardFunding: 'text',
    paymentIntentId: 'text',
    receiptId: 'text',
    receiptNumber: 'text',
    search: 'text',
    position: 'position',
    revision: 'position',
  },
};

const invoices: Table<PaymentInvoiceRow> = {
  name: 'payment_invoices',
  key: 'invoiceId',
  columns: {
    invoiceId: 'uuid',
    branchId: 'uuid',
    number: 'text',
    customerId: 'uuid',
    customerName: 'text',
    revision: 'position',
  },
};

export const paymentHistoryProjection: Projection = projectionOf<InvoiceEvent>()({
  name: 'payment-history',
  streamPrefix: 'invoice-',
  tables: {
    payments: { table: payments, keyOf: ({ event }) => ('paymentId' in event.data ? event.data.paymentId : undefined) },
    invoices: {
      table: invoices,
      keyOf: ({ stream, event: { type } }) =>
        type === 'InvoiceRegistered' || type === 'PaymentCaptured' ? idOfStream(stream, 'invoice-') : undefined,
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
    PaymentCaptured: (rows, { stream, event: { data }, position, revision }) => {
      const invoiceId = idOfStream(stream, 'invoice-');
      const invoice = rows.invoices.find(invoiceId);
      if (!invoice) throw new Error(`A payment of invoice ${invoiceId}, which was never registered`);
      rows.payments.insert({
        paymentId: data.paymentId,
        invoiceId,
        linkId: data.linkId,
        branchId: data.branchId,
        invoiceNumber: invoice.number,
        customerId: invoice.customerId,
        customerName: invoice.customerName,
        method: 'card',
        status: 'captured',
        capturedAt: data.capturedAt,
        amountMinor: data.amountMinor,
        feeMinor: data.feeMinor,
        totalMinor: data.totalMinor,
        refundedMinor: 0,
        currency: data.currency,
        cardBrand: data.card.brand,
        cardLast4: data.card.last4,
        cardFunding: data.card.funding,
        paymentIntentId: data.paymentIntentId,
        receiptId: null,
        receiptNumber: null,
        search: searchText([invoice.number, invoice.customerName, data.card.last4]),
        position: String(position),
        revision: String(revision),
      });
    },
    ReceiptIssued: (rows, { event: { data }, revision }) => {
      rows.payments.update(data.paymentId, revision, (row) => ({
        receiptId: data.receiptId,
        receiptNumber: data.number,
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
    InvoiceRevised: 'ignored',
    LinkDelivered: 'ignored',
    LinkBounced: 'ignored',
    CustomerReplied: 'ignored',
    ReminderScheduled: 'ignored',
    LinkRenewalRequested: 'ignored',
    PaymentRecorded: 'ignored',
    PaymentRecordReversed: 'ignored',
    ReceiptEmailRequested: 'ignored',
    ReceiptEmailSent: 'ignored',
    ReceiptEmailFailed: 'ignored',
  },
});

const STREAM_PAGE = 1_000;

/** Finds payments, the latest first. */
export class PaymentHistory {
  constructor(private readonly sql: Sql) {}

  /** @throws InvalidCursor */
  async find(
    filter: PaymentFilter & { readonly limit: number; readonly cursor?: string },
  ): Promise<{ items: readonly PaymentRow[]; next: string | null; totals: readonly PaymentTotals[] }> {
    checkLimit(filter.limit);
    const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor, ['instant', 'uuid']);
    const rows = await this.rows(await paymentConditions(this.sql, filter), after, filter.limit + 1);
    const page = pageOf(rows, filter.limit, (row) => encodeCursor([row.capturedAt, row.paymentId]));
    return { ...page, totals: await paymentTotals(this.sql, filter) };
  }

  /**
   * Every payment of the filter, however many, a thousand at a time. Each thousand is a statement of its own, so a slow
   * reader holds no connection and no transaction open.
   */
  async *stream(filter: PaymentFilter): AsyncIterable<readonly PaymentRow[]> {
    let after: readonly string[] | undefined;
    for (;;) {
      const rows = await this.rows(await paymentConditions(this.sql, filter), after, STREAM_PAGE);
      const last = rows.at(-1);
      if (!last) return;
      yield rows;
      if (rows.length < STREAM_PAGE) return;
      after = [last.capturedAt, last.paymentId];
    }
  }

  async byId(paymentId: string): Promise<PaymentRow | undefined> {
    const conditions = await paymentConditions(this.sql, {});
    conditions.equal('p.payment_id', paymentId);
    return (await this.rows(conditions, undefined, 1))[0];
  }

  /** Which payment a receipt is of. */
  async byReceipt(receiptId: string): Promise<{ invoiceId: string; paymentId: string } | undefined> {
    const [found] = await this.sql.query<{ invoiceId: string; paymentId: string }>(
      'SELECT invoice_id AS "invoiceId", payment_id AS "paymentId" FROM payments WHERE receipt_id = $1',
      [receiptId],
    );
    return found;
  }

  private async rows(
    conditions: Conditions,
    after: readonly string[] | undefined,
    count: number,
  ): Promise<readonly PaymentRow[]> {
    if (after) {
      const [capturedAt, paymentId] = after.map((part) => conditions.bind(part));
      conditions.add(`(p.captured_at, p.payment_id) < (${capturedAt}::timestamptz, ${paymentId}::uuid)`);
    }
    const found = await this.sql.query(
      `SELECT ${columnsOf(payments, 'p')}, b.name AS "branchName", b.time_zone AS "branchTimeZone"
         FROM payments p LEFT JOIN branches b ON b.branch_id = p.branch_id ${String(conditions)}
        ORDER BY p.captured_at DESC, p.payment_id DESC LIMIT ${conditions.bind(count)}`,
      conditions.values,
    );
    return found.map((each) => {
      const { search: _search, ...row } = rowOf(payments, each) as StoredPaymentRow & PaymentRow;
      return row;
    });
  }
}
