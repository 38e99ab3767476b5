/** What was promised and has not been done yet? The sweeps ask, so that nothing lives only in the queue. */
import type { RecordedEvent } from '../domain/decider.js';
import type { InvoiceEvent } from '../domain/invoice/events.js';
import { isOfMany } from '../domain/invoice/link-events.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection, type Rows } from './projection.js';
import type { Sql } from './sql.js';
import type { Table } from './table.js';

/** `subjectId` is the id of the link, the request, the attempt or the payment. */
export type OwedKind =
  'link_message' | 'invoice_pdf' | 'payment_outcome' | 'receipt' | 'receipt_message' | 'receipt_email';

interface StoredItem {
  readonly kind: OwedKind;
  readonly subjectId: string;
  /** The event that made the promise: the same job id is derived from it again. */
  readonly causeEventId: string;
  readonly since: string;
  /** Of a receipt: the link that was paid by. */
  readonly linkId?: string;
  /** Of a link: one of many that nobody waits for. */
  readonly ofMany?: true;
}

export interface OwedItem {
  readonly kind: OwedKind;
  readonly invoiceId: string;
  readonly subjectId: string;
  readonly causeEventId: string;
  readonly since: string;
  /** Of a receipt that is to be issued: its number, once the capture has its rank. */
  readonly receiptRank: string | null;
  /** A link of a bulk sending or a reminder: its job stands in the queue of many, and is looked for there. */
  readonly ofMany: boolean;
}

interface OwedRow extends ProjectedRow {
  readonly invoiceId: string;
  readonly items: readonly StoredItem[];
  /** Links that were copied and never sent: their payments have nobody to send a receipt to. */
  readonly copiedLinks: readonly string[];
  readonly oldestSince: string | null;
}

const owed: Table<OwedRow> = {
  name: 'owed',
  key: 'invoiceId',
  columns: { invoiceId: 'uuid', items: 'json', copiedLinks: 'json', oldestSince: 'instant', revision: 'position' },
};

interface Tables {
  readonly owed: Rows<OwedRow>;
}

export const owedProjection: Projection = projectionOf<InvoiceEvent>()({
  name: 'owed',
  streamPrefix: 'invoice-',
  tables: { owed: { table: owed, keyOf: ({ stream }) => idOfStream(stream, 'invoice-') } },
  handlers: {
    LinkIssued: (rows, recorded) => {
      const { linkId, channel, sendAt, purpose } = recorded.event.data;
      const more = { ...(sendAt && { since: sendAt }), ...(isOfMany(purpose) && { ofMany: true as const }) };
      if (channel !== 'none') promise(rows, recorded, 'link_message', linkId, more);
      else change(rows, recorded, (row) => ({ copiedLinks: [...row.copiedLinks, linkId] }));
    },
    LinkSent: (rows, recorded) => settle(rows, recorded, 'link_message', recorded.event.data.linkId),
    LinkSendFailed: (rows, recorded) => settle(rows, recorded, 'link_message', recorded.event.data.linkId),
    LinkBounced: (rows, recorded) => settle(rows, recorded, 'link_message', recorded.event.data.linkId),
    LinkRevoked: (rows, recorded) => settle(rows, recorded, 'link_message', recorded.event.data.linkId),
    InvoiceVoided: (rows, recorded) => {
      change(rows, recorded, (row) => ({ items: row.items.filter(({ kind }) => kind !== 'link_message') }));
    },
    InvoicePdfRequested: (rows, recorded) => promise(rows, recorded, 'invoice_pdf', recorded.event.data.requestId),
    InvoicePdfSent: (rows, recorded) => settle(rows, recorded, 'invoice_pdf', recorded.event.data.requestId),
    InvoicePdfSendFailed: (rows, recorded) => settle(rows, recorded, 'invoice_pdf', recorded.event.data.requestId),
    PaymentStarted: (rows, recorded) => promise(rows, recorded, 'payment_outcome', recorded.event.data.attemptId),
    PaymentFailed: (rows, recorded) => settle(rows, recorded, 'payment_outcome', recorded.event.data.attemptId),
    PaymentReleased: (rows, recorded) => settle(rows, recorded, 'payment_outcome', recorded.event.data.attemptId),
    PaymentCaptured: (rows, recorded) => {
      const { attemptId, paymentId, linkId } = recorded.event.data;
      change(rows, recorded, (row) => ({
        items: [...without(row, 'payment_outcome', attemptId), { ...item(recorded, 'receipt', paymentId), linkId }],
      }));
    },
    ReceiptIssued: (rows, recorded) => {
      const { paymentId } = recorded.event.data;
      change(rows, recorded, (row) => {
        const linkId = row.items.find((one) => one.kind === 'receipt' && one.subjectId === paymentId)?.linkId;
        const rest = without(row, 'receipt', paymentId);
        const copied = linkId !== undefined && row.copiedLinks.includes(linkId);
        return { items: copied ? rest : [...rest, item(recorded, 'receipt_message', paymentId)] };
      });
    },
    ReceiptSent: (rows, recorded) => settle(rows, recorded, 'receipt_message', recorded.event.data.paymentId),
    ReceiptSendFailed: (rows, recorded) => settle(rows, recorded, 'receipt_message', recorded.event.data.paymentId),
    InvoiceRegistered: 'ignored',
    LinkOpened: 'ignored',
    FeeAccepted: 'ignored',
    InvoiceRevised: 'ignored',
    LinkDelivered: 'ignored',
    CustomerReplied: 'ignored',
    ReminderScheduled: 'ignored',
    LinkRenewalRequested: 'ignored',
    PaymentRecorded: 'ignored',
    PaymentRecordReversed: 'ignored',
    ReceiptEmailRequested: (rows, recorded) => promise(rows, recorded, 'receipt_email', recorded.event.data.requestId),
    ReceiptEmailSent: (rows, recorded) => settle(rows, recorded, 'receipt_email', recorded.event.data.requestId),
    ReceiptEmailFailed: (rows, recorded) => settle(rows, recorded, 'receipt_email', recorded.event.data.requestId),
  },
});

/** @param more `since`: from when on it is owed, where that is not at once */
function promise(
  rows: Tables,
  recorded: RecordedEvent,
  kind: OwedKind,
  subjectId: string,
  more: Partial<Pick<StoredItem, 'since' | 'ofMany'>> = {},
): void {
  change(rows, recorded, (row) => ({ items: [...row.items, { ...item(recorded, kind, subjectId), ...more }] }));
}

function settle(rows: Tables, recorded: RecordedEvent, kind: OwedKind, subjectId: string): void {
  change(rows, recorded, (row) => ({ items: without(row, kind, subjectId) }));
}

function change(
  rows: Tables,
  { stream, revision }: RecordedEvent,
  changeOf: (row: OwedRow) => Partial<Pick<OwedRow, 'items' | 'copiedLinks'>>,
): void {
  const invoiceId = idOfStream(stream, 'invoice-');
  const first: OwedRow = { invoiceId, items: [], copiedLinks: [], oldestSince: null, revision: '-1' };
  rows.owed.upsert(invoiceId, revision, first, (row) => {
    const changes = changeOf(row);
    // Events of a stream are in order and clocks are not, so the oldest is looked for.
    const [oldestSince = null] = (changes.items ?? row.items).map(({ since }) => since).sort();
    return { ...changes, oldestSince };
  });
}

function item({ id, metadata }: RecordedEvent, kind: OwedKind, subjectId: string): StoredItem {
  return { kind, subjectId, causeEventId: id, since: metadata.occurredAt };
}

function without(row: OwedRow, kind: OwedKind, subjectId: string): readonly StoredItem[] {
  return row.items.filter((one) => one.kind !== kind || one.subjectId !== subjectId);
}

export class OwedWork {
  constructor(private readonly sql: Sql) {}

  /**
   * What has been owed since before this moment, the oldest first; of at most `maxInvoices` invoices. Those come first of which more
   * is owed than the message of a link: thousands of these may be held for the night, and no payment waits behind them.
   */
  async find(olderThan: Date, maxInvoices: number): Promise<readonly OwedItem[]> {
    const found = await this.sql.query<OwedItem>(
      `SELECT o.invoice_id AS "invoiceId", item.kind, item."subjectId", item."causeEventId", item.since,
              CASE WHEN item.kind = 'receipt' THEN n.rank END AS "receiptRank", coalesce(item."ofMany", false) AS "ofMany"
         FROM (SELECT * FROM owed WHERE oldest_since < $1
                ORDER BY items @? '$[*] ? (@.kind != "link_message")' DESC, oldest_since LIMIT $2) o
        CROSS JOIN LATERAL jsonb_to_recordset(o.items)
              AS item (kind text, "subjectId" text, "causeEventId" text, since text, "ofMany" boolean)
         LEFT JOIN receipt_numbers n ON item.kind = 'receipt' AND n.payment_id::text = item."subjectId"
        WHERE item.since::timestamptz < $1
        ORDER BY item.since::timestamptz, item."subjectId"`,
      [olderThan.toISOString(), maxInvoices],
    );
    return found;
  }
}
