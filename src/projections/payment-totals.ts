/** How much came in? What was recorded and reversed again did not. */
import { paymentSelection, type PaymentFilter } from './payment-filter.js';
import type { Sql } from './sql.js';
import { minorUnits } from './table.js';

/** Sums over payments of one currency. */
export interface PaymentTotals {
  readonly currency: string;
  readonly count: number;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly refundedMinor: number;
}

/** The same sums of the whole filter, and of each day, branch and way to pay in it. */
export interface PaymentSummary {
  readonly totals: readonly PaymentTotals[];
  /** A day in each payment's branch's zone; the earliest first. */
  readonly byDay: readonly (PaymentTotals & { readonly day: string })[];
  readonly byBranch: readonly (PaymentTotals & { readonly branchId: string; readonly branchName: string | null })[];
  /** The brand of a card; null of any other way. */
  readonly byMethod: readonly (PaymentTotals & { readonly method: string; readonly cardBrand: string | null })[];
}

type Sums = Record<keyof PaymentTotals, string>;

/** Reversed payments stand in the list, but never in a sum. */
const SUMS = ['amount_minor', 'fee_minor', 'total_minor', 'refunded_minor']
  .map((column) => `sum(p.${column}) AS "${column.replace('_minor', 'Minor')}"`)
  .join(', ');
const COUNTED = "p.status <> 'reversed'";

/** Sums over the whole filter, one entry for each currency in it. */
export async function paymentTotals(sql: Sql, filter: PaymentFilter): Promise<readonly PaymentTotals[]> {
  const { from, conditions } = await paymentSelection(sql, filter);
  conditions.add(COUNTED);
  const found = await sql.query<Sums>(
    `SELECT p.currency, count(*) AS count, ${SUMS} FROM ${from} ${String(conditions)} GROUP BY p.currency ORDER BY p.currency`,
    conditions.values,
  );
  return found.map(totalsOf);
}

interface SummaryRow extends Sums {
  readonly part: 'total' | 'day' | 'branch' | 'method';
  readonly day: string | null;
  readonly branchId: string | null;
  readonly branchName: string | null;
  readonly method: string | null;
  readonly cardBrand: string | null;
}

/** The day of a payment where its branch is: the date that staff gave, else the date of the capture. */
const DAY = "COALESCE(p.received_on, (p.captured_at AT TIME ZONE COALESCE(b.time_zone, 'UTC'))::date)";

/** All sums of a filter, in one pass over its payments. */
export async function paymentSummary(sql: Sql, filter: PaymentFilter): Promise<PaymentSummary> {
  const { from, conditions } = await paymentSelection(sql, filter);
  conditions.add(COUNTED);
  const rows = await sql.query<SummaryRow>(
    `SELECT CASE WHEN grouping(day) = 0 THEN 'day' WHEN grouping(branch_id) = 0 THEN 'branch'
                 WHEN grouping(method) = 0 THEN 'method' ELSE 'total' END AS part,
            day::text, branch_id AS "branchId", branch_name AS "branchName", method, card_brand AS "cardBrand",
            currency, count(*) AS count, ${SUMS}
       FROM (SELECT p.*, ${DAY} AS day, b.name AS branch_name
               FROM ${from} LEFT JOIN branches b ON b.branch_id = p.branch_id ${String(conditions)}) p
      GROUP BY GROUPING SETS ((currency), (currency, day), (currency, branch_id, branch_name), (currency, method, card_brand))
      ORDER BY day, branch_name, branch_id, method, card_brand, currency`,
    conditions.values,
  );
  const part = (name: SummaryRow['part']) => rows.filter((row) => row.part === name);
  return {
    totals: part('total').map(totalsOf),
    byDay: part('day').map((row) => ({ day: row.day!, ...totalsOf(row) })),
    byBranch: part('branch').map((row) => ({
      branchId: row.branchId!,
      branchName: row.branchName,
      ...totalsOf(row),
    })),
    byMethod: part('method').map((row) => ({ method: row.method!, cardBrand: row.cardBrand, ...totalsOf(row) })),
  };
}

function totalsOf({ currency, count, amountMinor, feeMinor, totalMinor, refundedMinor }: Sums): PaymentTotals {
  return {
    currency,
    count: Number(count),
    amountMinor: minorUnits(amountMinor),
    feeMinor: minorUnits(feeMinor),
    totalMinor: minorUnits(totalMinor),
    refundedMinor: minorUnits(refundedMinor),
  };
}
