/** Which invoices are there, and what is still owed on them? */
import type { RecordedEvent } from '../domain/decider.js';
import type { InvoiceEvent, InvoiceRevised } from '../domain/invoice/events.js';
import { localDate } from '../domain/zoned-time.js';
import { timeZonesOf } from './branches.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { recordedAmounts, sumsAfter, type RecordedAmountRow } from './invoice-sums.js';
import { linkMade, linkMoved, NO_ACTIVITY, type ActivityStatus, type LinkActivity } from './link-activity.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection, type Rows } from './projection.js';
import type { Sql } from './sql.js';
import { addSearch, addWords, decimalAmount, searchText } from './search-text.js';
import { checkLimit, Conditions, pageOf } from './statement.js';
import { columnsOf, rowOf, type Table } from './table.js';

export interface StoredInvoiceRow extends ProjectedRow, LinkActivity {
  readonly invoiceId: string;
  readonly branchId: string;
  readonly number: string;
  readonly externalId: string | null;
  readonly customerId: string;
  readonly customerName: string;
  readonly customerEmail: string | null;
  readonly customerPhone: string | null;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly paidMinor: number;
  readonly balanceMinor: number;
  /** `open`, `partially_paid`, `paid` or `void`. */
  readonly status: string;
  readonly search: string;
  readonly position: string;
}

/** An invoice of the list. `overdue` is judged on the day of the question, in the branch's zone. */
export type InvoiceRow = Omit<StoredInvoiceRow, 'search' | 'linkChannels'> & { readonly overdue: boolean };

export interface InvoiceFilter {
  /** Any part of number, customer's name, email, telephone or total. */
  readonly q?: string;
  /** Only invoices of these branches; absent: of all. */
  readonly branchIds?: readonly string[];
  /** A stored status, or `overdue`. */
  readonly status?: string;
  /** Dates of issue, both inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly number?: string;
  readonly externalId?: string;
  readonly customerId?: string;
  readonly limit: number;
  readonly cursor?: string;
}

const invoices: Table<StoredInvoiceRow> = {
  name: 'invoices',
  key: 'invoiceId',
  columns: {
    invoiceId: 'uuid',
    branchId: 'uuid',
    number: 'text',
    externalId: 'text',
    customerId: 'uuid',
    customerName: 'text',
    customerEmail: 'text',
    customerPhone: 'text',
    issuedOn: 'date',
    dueOn: 'date',
    currency: 'text',
    totalMinor: 'minor',
    paidMinor: 'minor',
    balanceMinor: 'minor',
    status: 'text',
    search: 'text',
    lastLinkId: 'text',
    lastLinkStatus: 'text',
    lastLinkChannel: 'text',
    lastLinkAt: 'instant',
    lastLinkSendAt: 'instant',
    linkChannels: 'json',
    position: 'position',
    revision: 'position',
  },
};

interface InvoiceRows {
  readonly invoices: Rows<StoredInvoiceRow>;
  readonly recorded: Rows<RecordedAmountRow>;
}

type LinkReport = { readonly type: InvoiceEvent['type']; readonly data: { readonly linkId: string } };

/** A report about a link moves it to this status, and is the invoice's latest activity. */
function moved(
  rows: { readonly invoices: Rows<StoredInvoiceRow> },
  { stream, revision, event, metadata }: RecordedEvent<LinkReport>,
  status: ActivityStatus,
): void {
  rows.invoices.update(idOfStream(stream, 'invoice-'), revision, (row) =>
    linkMoved(row, event.data.linkId, status, metadata.occurredAt),
  );
}

export const invoicesProjection: Projection = projectionOf<InvoiceEvent>()({
  name: 'invoices',
  streamPrefix: 'invoice-',
  tables: {
    invoices: { table: invoices, keyOf: ({ stream }) => idOfStream(stream, 'invoice-') },
    recorded: {
      table: recordedAmounts,
      keyOf: ({ event }) =>
        event.type === 'PaymentRecorded' || event.type === 'PaymentRecordReversed' ? event.data.paymentId : undefined,
    },
  },
  handlers: {
    InvoiceRegistered: (rows, { event: { data }, position, revision }) => {
      const { invoiceId, branchId, number, currency } = data;
      rows.invoices.insert({
        ...{ invoiceId, branchId, number, currency },
        ...documentOf(data, number, currency),
        ...sumsAfter(data.totalMinor, 0),
        ...NO_ACTIVITY,
        position: String(position),
        revision: String(revision),
      });
    },
    InvoiceRevised: (rows, { stream, revision, event: { data } }) => {
      rows.invoices.update(idOfStream(stream, 'invoice-'), revision, (row) => ({
        ...documentOf(data, row.number, row.currency),
        ...sumsAfter(data.totalMinor, row.paidMinor),
      }));
    },
    InvoiceVoided: (rows, { stream, revision }) => {
      rows.invoices.update(idOfStream(stream, 'invoice-'), revision, () => ({ status: 'void', balanceMinor: 0 }));
    },
    PaymentCaptured: (rows, { stream, revision, event: { data } }) => {
      paidMore(rows, stream, revision, data.amountMinor);
    },
    PaymentRecorded: (rows, { stream, revision, event: { data } }) => {
      const { paymentId, amountMinor } = data;
      rows.recorded.insert({ paymentId, amountMinor, revision: String(revision) });
      paidMore(rows, stream, revision, amountMinor);
    },
    PaymentRecordReversed: (rows, { stream, revision, event: { data } }) => {
      const recorded = rows.recorded.find(data.paymentId);
      if (!recorded) throw new Error(`A reversal of ${data.paymentId}, which was never recorded`);
      paidMore(rows, stream, revision, -recorded.amountMinor);
    },
    LinkSent: (rows, recorded) => moved(rows, recorded, 'sent'),
    LinkSendFailed: (rows, recorded) => moved(rows, recorded, 'failed'),
    LinkOpened: (rows, recorded) => moved(rows, recorded, 'opened'),
    LinkRevoked: (rows, recorded) => moved(rows, recorded, 'revoked'),
    LinkDelivered: (rows, recorded) => moved(rows, recorded, 'delivered'),
    LinkBounced: (rows, recorded) => moved(rows, recorded, 'bounced'),
    InvoicePdfRequested: 'ignored',
    InvoicePdfSent: 'ignored',
    InvoicePdfSendFailed: 'ignored',
    LinkIssued: (rows, { stream, revision, event: { data }, metadata: { occurredAt } }) => {
      const { linkId, channel, sendAt } = data;
      const link = { linkId, channel, sendAt, at: occurredAt };
      rows.invoices.update(idOfStream(stream, 'invoice-'), revision, (row) => linkMade(row, link));
    },
    FeeAccepted: 'ignored',
    PaymentStarted: 'ignored',
    PaymentFailed: 'ignored',
    PaymentReleased: 'ignored',
    ReceiptIssued: 'ignored',
    ReceiptSent: 'ignored',
    ReceiptSendFailed: 'ignored',
    CustomerReplied: 'ignored',
    ReminderScheduled: 'ignored',
    LinkRenewalRequested: 'ignored',
    ReceiptEmailRequested: 'ignored',
    ReceiptEmailSent: 'ignored',
    ReceiptEmailFailed: 'ignored',
  },
});

/** What a revision can change. */
function documentOf(data: InvoiceRevised['data'], number: string, currency: string) {
  const { name, email, phone } = data.customer;
  return {
    externalId: data.externalId ?? null,
    customerId: data.customerId,
    customerName: name,
    customerEmail: email ?? null,
    customerPhone: phone ?? null,
    issuedOn: data.issuedOn,
    dueOn: data.dueOn,
    totalMinor: data.totalMinor,
    search: searchText([number, name, email, phone, decimalAmount(data.totalMinor, currency)]),
  };
}

function paidMore(rows: InvoiceRows, stream: string, revision: bigint, byMinor: number): void {
  rows.invoices.update(idOfStream(stream, 'invoice-'), revision, ({ totalMinor, paidMinor }) =>
    sumsAfter(totalMinor, paidMinor + byMinor),
  );
}

const OWING = ['open', 'partially_paid'];

/** Finds invoices, the latest issued first. */
export class InvoiceList {
  constructor(
    private readonly sql: Sql,
    private readonly now: () => Date,
  ) {}

  /** @throws InvalidCursor */
  async find(filter: InvoiceFilter): Promise<{ items: readonly InvoiceRow[]; next: string | null }> {
    checkLimit(filter.limit);
    const todays = await this.todays(filter.branchIds);
    const conditions = new Conditions();
    addFilter(conditions, filter, todays);
    if (filter.cursor !== undefined) {
      const [issuedOn, position] = decodeCursor(filter.cursor, ['date', 'position']);
      conditions.add(
        `(i.issued_on, i.position) < (${conditions.bind(issuedOn)}::date, ${conditions.bind(position)}::bigint)`,
      );
    }
    const found = await this.sql.query(
      `SELECT ${columnsOf(invoices, 'i')} FROM invoices i ${String(conditions)} ` +
        `ORDER BY i.issued_on DESC, i.position DESC LIMIT ${conditions.bind(filter.limit + 1)}`,
      conditions.values,
    );
    const rows = found.map((each): InvoiceRow => {
      const { search: _search, linkChannels: _channels, ...row } = rowOf(invoices, each);
      return { ...row, overdue: OWING.includes(row.status) && row.dueOn < (todays.get(row.branchId) ?? '') };
    });
    return pageOf(rows, filter.limit, (row) => encodeCursor([row.issuedOn, row.position]));
  }

  /** Today's date in each branch's zone. */
  private async todays(branchIds: readonly string[] | undefined): Promise<ReadonlyMap<string, string>> {
    const now = this.now();
    const zones = await timeZonesOf(this.sql, branchIds);
    return new Map([...zones].map(([branchId, timeZone]) => [branchId, localDate(now, timeZone)]));
  }
}

function addFilter(conditions: Conditions, filter: InvoiceFilter, todays: ReadonlyMap<string, string>): void {
  conditions.oneOf('i.branch_id', 'uuid', filter.branchIds);
  conditions.equal('i.customer_id', filter.customerId);
  conditions.equal('i.external_id', filter.externalId);
  if (filter.number !== undefined) {
    // The search narrows by its index, the comparison then makes it exact.
    addWords(conditions, 'i.search', filter.number);
    conditions.add(`lower(i.number) = lower(${conditions.bind(filter.number)})`);
  }
  if (filter.from !== undefined) conditions.add(`i.issued_on >= ${conditions.bind(knownDate(filter.from))}::date`);
  if (filter.to !== undefined) conditions.add(`i.issued_on <= ${conditions.bind(knownDate(filter.to))}::date`);
  if (filter.status === 'overdue') {
    conditions.oneOf('i.status', 'text', OWING);
    conditions.add(
      `EXISTS (SELECT 1 FROM unnest(${conditions.bind([...todays.keys()])}::uuid[], ${conditions.bind([...todays.values()])}::date[]) ` +
        'AS z (branch_id, today) WHERE z.branch_id = i.branch_id AND i.due_on < z.today)',
    );
  } else {
    conditions.equal('i.status', filter.status);
  }
  addSearch(conditions, 'i.search', filter.q);
}

/** The calendar of PostgreSQL begins with the year 1. */
function knownDate(date: string): string {
  return date < '0001-01-01' ? '0001-01-01' : date;
}
