/** Finds payments: by the page, all of them, or one. */
import { decodeCursor, encodeCursor } from './cursor.js';
import { paymentSelection, type PaymentFilter, type PaymentSelection } from './payment-filter.js';
import { payments, type StoredPaymentRow } from './payment-tables.js';
import { paymentSummary, paymentTotals, type PaymentSummary, type PaymentTotals } from './payment-totals.js';
import type { Sql } from './sql.js';
import { checkLimit, pageOf } from './statement.js';
import { columnsOf, rowOf } from './table.js';

/** A payment of the list, with its branch's name and zone; both null where the branch is not in the read model. */
export type PaymentRow = Omit<StoredPaymentRow, 'search'> & {
  readonly branchName: string | null;
  readonly branchTimeZone: string | null;
};

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
    const rows = await this.rows(await paymentSelection(this.sql, filter), after, filter.limit + 1);
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
      const rows = await this.rows(await paymentSelection(this.sql, filter), after, STREAM_PAGE);
      const last = rows.at(-1);
      if (!last) return;
      yield rows;
      if (rows.length < STREAM_PAGE) return;
      after = [last.capturedAt, last.paymentId];
    }
  }

  /** How many payments there are, reversed ones too. */
  async count(filter: PaymentFilter): Promise<number> {
    const { from, conditions } = await paymentSelection(this.sql, filter);
    const [found] = await this.sql.query<{ count: string }>(
      `SELECT count(*) AS count FROM ${from} ${String(conditions)}`,
      conditions.values,
    );
    return Number(found!.count);
  }

  /** Sums of the whole filter, by day, branch and way to pay. */
  summary(filter: PaymentFilter): Promise<PaymentSummary> {
    return paymentSummary(this.sql, filter);
  }

  async byId(paymentId: string): Promise<PaymentRow | undefined> {
    const selection = await paymentSelection(this.sql, {});
    selection.conditions.equal('p.payment_id', paymentId);
    return (await this.rows(selection, undefined, 1))[0];
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
    { from, conditions }: PaymentSelection,
    after: readonly string[] | undefined,
    count: number,
  ): Promise<readonly PaymentRow[]> {
    if (after) {
      const [capturedAt, paymentId] = after.map((part) => conditions.bind(part));
      conditions.add(`(p.captured_at, p.payment_id) < (${capturedAt}::timestamptz, ${paymentId}::uuid)`);
    }
    const found = await this.sql.query(
      `SELECT ${columnsOf(payments, 'p')}, b.name AS "branchName", b.time_zone AS "branchTimeZone"
         FROM ${from} LEFT JOIN branches b ON b.branch_id = p.branch_id ${String(conditions)}
        ORDER BY p.captured_at DESC, p.payment_id DESC LIMIT ${conditions.bind(count)}`,
      conditions.values,
    );
    return found.map((each) => {
      const { search: _search, ...row } = rowOf(payments, each) as StoredPaymentRow & PaymentRow;
      return row;
    });
  }
}
