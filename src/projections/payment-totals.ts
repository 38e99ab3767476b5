/** How much came in? */
import { paymentConditions, type PaymentFilter } from './payment-filter.js';
import type { Sql } from './sql.js';
import { minorUnits } from './table.js';

/** Sums over a whole filter, for one currency. */
export interface PaymentTotals {
  readonly currency: string;
  readonly count: number;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly refundedMinor: number;
}

/** Sums over the whole filter, one entry for each currency in it. */
export async function paymentTotals(sql: Sql, filter: PaymentFilter): Promise<readonly PaymentTotals[]> {
  const conditions = await paymentConditions(sql, filter);
  const found = await sql.query<Record<keyof PaymentTotals, string>>(
    `SELECT p.currency, count(*) AS count, sum(p.amount_minor) AS "amountMinor", sum(p.fee_minor) AS "feeMinor",
            sum(p.total_minor) AS "totalMinor", sum(p.refunded_minor) AS "refundedMinor"
       FROM payments p ${String(conditions)} GROUP BY p.currency ORDER BY p.currency`,
    conditions.values,
  );
  return found.map(({ currency, ...sums }) => ({
    currency,
    count: Number(sums.count),
    amountMinor: minorUnits(sums.amountMinor),
    feeMinor: minorUnits(sums.feeMinor),
    totalMinor: minorUnits(sums.totalMinor),
    refundedMinor: minorUnits(sums.refundedMinor),
  }));
}
