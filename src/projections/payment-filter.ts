/** Which payments a question is about. Dates are judged in the zone of each payment's branch. */
import { timeZonesOf } from './branches.js';
import { dateWindow, isDate, widest, type DateWindow } from './date-window.js';
import { asTheyStood } from './payments-as-of.js';
import type { Sql } from './sql.js';
import { addSearch } from './search-text.js';
import { Conditions } from './statement.js';

export interface PaymentFilter {
  /** A date (`YYYY-MM-DD`), inclusive in each payment's branch's zone; or an RFC 3339 instant, from it on. */
  readonly from?: string;
  /** A date, inclusive; or an instant, before it. */
  readonly to?: string;
  /** Only payments of these branches; absent: of all. */
  readonly branchIds?: readonly string[];
  readonly status?: string;
  readonly method?: string;
  /** Any part of invoice number, customer's name, reference, receipt number or the card's last four digits. */
  readonly q?: string;
  /** The list as it stood at an instant, inclusive; or at the end of a date in each payment's branch's zone. */
  readonly asOf?: string;
}

/** The payments of a filter: what to select from, as `p`, and on which conditions. */
export interface PaymentSelection {
  readonly from: string;
  readonly conditions: Conditions;
}

export async function paymentSelection(sql: Sql, filter: PaymentFilter): Promise<PaymentSelection> {
  const conditions = new Conditions();
  const { from, to, asOf, branchIds } = filter;
  const zones = [from, to, asOf].some(isDate) ? await timeZonesOf(sql, branchIds) : new Map<string, string>();
  const source = asOf === undefined ? 'payments p' : `(${asTheyStood(conditions, asOf, zones)}) p`;
  conditions.oneOf('p.branch_id', 'uuid', branchIds);
  conditions.equal('p.status', filter.status);
  conditions.equal('p.method', filter.method);
  if (isDate(from) || isDate(to)) {
    addWindows(conditions, filter, zones);
  } else {
    if (from !== undefined) conditions.add(`p.captured_at >= ${conditions.bind(from)}::timestamptz`);
    if (to !== undefined) conditions.add(`p.captured_at < ${conditions.bind(to)}::timestamptz`);
  }
  addSearch(conditions, 'p.search', filter.q);
  return { from: source, conditions };
}

/**
 * A payment that staff recorded has a date already, which is what dates are held against. Any other is judged by when it was
 * captured, in its branch's zone.
 */
function addWindows(conditions: Conditions, { from, to }: PaymentFilter, zones: ReadonlyMap<string, string>): void {
  const byZone = new Map([...new Set(zones.values())].map((zone) => [zone, dateWindow(zone, from, to)]));
  // A branch that is not in the read model yet is judged in UTC, rather than left out of the sums.
  const otherwise = byZone.size === 1 ? [...byZone.values()][0]! : dateWindow('UTC', from, to);
  // The widest window first, which an index can serve; then each payment's own.
  const { starts, ends } = widest([...byZone.values(), otherwise]);
  conditions.add(inside(conditions.bind(starts), conditions.bind(ends), WIDENED));
  const captured = byZone.size < 2 ? insideOf(conditions, otherwise) : insideOwn(conditions, zones, byZone, otherwise);
  const received = [
    ...(isDate(from) ? [`p.received_on >= ${conditions.bind(knownDate(from))}::date`] : []),
    ...(isDate(to) ? [`p.received_on <= ${conditions.bind(knownDate(to))}::date`] : []),
    // The other end is an instant.
    ...(from !== undefined && !isDate(from) ? [`p.captured_at >= ${conditions.bind(from)}::timestamptz`] : []),
    ...(to !== undefined && !isDate(to) ? [`p.captured_at < ${conditions.bind(to)}::timestamptz`] : []),
  ].join(' AND ');
  conditions.add(`CASE WHEN p.received_on IS NULL THEN ${captured} ELSE ${received} END`);
}

/** Noon of a date lies outside of that date in another zone, if the branch has moved there since: by less than two days. */
const WIDENED = "interval '2 days'";

function inside(starts: string, ends: string, widenedBy?: string): string {
  const [less, more] = widenedBy === undefined ? ['', ''] : [` - ${widenedBy}`, ` + ${widenedBy}`];
  return `p.captured_at >= ${starts}::timestamptz${less} AND p.captured_at < ${ends}::timestamptz${more}`;
}

function insideOf(conditions: Conditions, { starts, ends }: DateWindow): string {
  return inside(conditions.bind(starts), conditions.bind(ends));
}

function insideOwn(
  conditions: Conditions,
  zones: ReadonlyMap<string, string>,
  byZone: ReadonlyMap<string, DateWindow>,
  otherwise: DateWindow,
): string {
  const windows = [...zones].map(([branchId, zone]) => ({ branchId, ...byZone.get(zone)! }));
  const ids = conditions.bind(windows.map(({ branchId }) => branchId));
  const starts = conditions.bind(windows.map((window) => window.starts));
  const ends = conditions.bind(windows.map((window) => window.ends));
  return (
    `CASE WHEN p.branch_id = ANY(${ids}::uuid[]) THEN EXISTS (SELECT 1 FROM ` +
    `unnest(${ids}::uuid[], ${starts}::timestamptz[], ${ends}::timestamptz[]) AS w (branch_id, starts, ends) ` +
    `WHERE w.branch_id = p.branch_id AND ${inside('w.starts', 'w.ends')}) ` +
    `ELSE ${insideOf(conditions, otherwise)} END`
  );
}

/** The calendar of PostgreSQL begins with the year 1. */
function knownDate(date: string): string {
  return date < '0001-01-01' ? '0001-01-01' : date;
}
