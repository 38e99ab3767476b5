/** The list of payments as it stood at a moment: without what was written down later. */
import { endOf, isDate } from './date-window.js';
import { payments } from './payment-tables.js';
import type { Conditions } from './statement.js';
import { columnName } from './table.js';

/** What a row shows of a later event, and what stood there before it. `cut` is the first instant that counts as later. */
const LATER: Readonly<Record<string, (cut: string) => string>> = {
  status: (cut) => `CASE WHEN r.reversed_at >= ${cut} THEN 'recorded' ELSE r.status END`,
  reversedAt: (cut) => `CASE WHEN r.reversed_at < ${cut} THEN r.reversed_at END`,
  receiptId: (cut) => `CASE WHEN r.receipt_at < ${cut} THEN r.receipt_id END`,
  receiptNumber: (cut) => `CASE WHEN r.receipt_at < ${cut} THEN r.receipt_number END`,
  receiptAt: (cut) => `CASE WHEN r.receipt_at < ${cut} THEN r.receipt_at END`,
};

/**
 * A statement that selects the payments as they stood. What counts is when each thing was written down, never when the money
 * came: a check of March that is recorded in April was not in the list of March.
 */
export function asTheyStood(conditions: Conditions, asOf: string, zones: ReadonlyMap<string, string>): string {
  const cut = isDate(asOf) ? endOfDate(conditions, asOf, zones) : after(conditions, asOf);
  const columns = Object.keys(payments.columns).map((column) => {
    const name = columnName(column);
    return `${LATER[column]?.(cut) ?? `r.${name}`} AS ${name}`;
  });
  return `SELECT ${columns.join(', ')} FROM payments r WHERE r.recorded_at < ${cut}`;
}

/** Times are kept to the millisecond. */
function after(conditions: Conditions, instant: string): string {
  return `(${conditions.bind(instant)}::timestamptz + interval '1 millisecond')`;
}

/** The end of the date where the payment's branch is; in UTC where the branch is not in the read model yet. */
function endOfDate(conditions: Conditions, date: string, zones: ReadonlyMap<string, string>): string {
  const distinct = new Set(zones.values());
  if (distinct.size === 1) return `${conditions.bind(endOf(date, [...distinct][0]!))}::timestamptz`;
  const otherwise = conditions.bind(endOf(date, 'UTC'));
  if (distinct.size === 0) return `${otherwise}::timestamptz`;
  const ids = conditions.bind([...zones.keys()]);
  const ends = conditions.bind([...zones.values()].map((zone) => endOf(date, zone)));
  return (
    `COALESCE((SELECT w.ends FROM unnest(${ids}::uuid[], ${ends}::timestamptz[]) AS w (branch_id, ends) ` +
    `WHERE w.branch_id = r.branch_id), ${otherwise}::timestamptz)`
  );
}
