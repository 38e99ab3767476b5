/** Which payments a question is about. Dates are judged in the zone of each payment's branch. */
import { addDays, startOfDay } from '../domain/zoned-time.js';
import { timeZonesOf } from './branches.js';
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
  /** Any part of invoice number, customer's name, receipt number or the card's last four digits. */
  readonly q?: string;
}

interface Window {
  readonly starts: string;
  readonly ends: string;
}

/** Conditions on `payments p`. */
export async function paymentConditions(sql: Sql, filter: PaymentFilter): Promise<Conditions> {
  const conditions = new Conditions();
  conditions.oneOf('p.branch_id', 'uuid', filter.branchIds);
  conditions.equal('p.status', filter.status);
  conditions.equal('p.method', filter.method);
  if (isDate(filter.from) || isDate(filter.to)) {
    addWindows(conditions, filter, await timeZonesOf(sql, filter.branchIds));
  } else {
    if (filter.from !== undefined) conditions.add(`p.captured_at >= ${conditions.bind(filter.from)}::timestamptz`);
    if (filter.to !== undefined) conditions.add(`p.captured_at < ${conditions.bind(filter.to)}::timestamptz`);
  }
  addSearch(conditions, 'p.search', filter.q);
  return conditions;
}

function addWindows(conditions: Conditions, filter: PaymentFilter, zones: ReadonlyMap<string, string>): void {
  const byZone = new Map([...new Set(zones.values())].map((zone) => [zone, windowIn(zone, filter)]));
  // A branch that is not in the read model yet is judged in UTC, rather than left out of the sums.
  const otherwise = byZone.size === 1 ? [...byZone.values()][0]! : windowIn('UTC', filter);
  const all = [...byZone.values(), otherwise];
  // The widest window first, which an index can serve; then, where they differ, each branch's own.
  const earliest = all.map(({ starts }) => starts).sort(byTime)[0]!;
  const latest = all
    .map(({ ends }) => ends)
    .sort(byTime)
    .at(-1)!;
  conditions.add(inside(conditions.bind(earliest), conditions.bind(latest)));
  if (byZone.size < 2) return;
  const windows = [...zones].map(([branchId, zone]) => ({ branchId, ...byZone.get(zone)! }));
  const ids = conditions.bind(windows.map(({ branchId }) => branchId));
  const starts = conditions.bind(windows.map((window) => window.starts));
  const ends = conditions.bind(windows.map((window) => window.ends));
  conditions.add(
    `CASE WHEN p.branch_id = ANY(${ids}::uuid[]) THEN EXISTS (SELECT 1 FROM ` +
      `unnest(${ids}::uuid[], ${starts}::timestamptz[], ${ends}::timestamptz[]) AS w (branch_id, starts, ends) ` +
      `WHERE w.branch_id = p.branch_id AND ${inside('w.starts', 'w.ends')}) ` +
      `ELSE ${inside(conditions.bind(otherwise.starts), conditions.bind(otherwise.ends))} END`,
  );
}

function inside(starts: string, ends: string): string {
  return `p.captured_at >= ${starts}::timestamptz AND p.captured_at < ${ends}::timestamptz`;
}

/** From the first instant of `from` up to the first instant of the day after `to`. */
function windowIn(timeZone: string, { from, to }: PaymentFilter): Window {
  return {
    starts: isDate(from) ? startOf(from, timeZone) : (from ?? '-infinity'),
    ends: isDate(to) ? startOf(to < LAST_DATE ? addDays(to, 1) : to, timeZone) : (to ?? 'infinity'),
  };
}

const FIRST_DATE = '1900-01-01';
const LAST_DATE = '9998-12-31';

/** Dates that no payment can have are before or after everything: some have no instant that a database could name. */
function startOf(date: string, timeZone: string): string {
  if (date < FIRST_DATE) return '-infinity';
  return date >= LAST_DATE ? 'infinity' : startOfDay(date, timeZone).toISOString();
}

function byTime(a: string, b: string): number {
  return instantOf(a) - instantOf(b) || 0;
}

function instantOf(text: string): number {
  if (text.endsWith('infinity')) return text.startsWith('-') ? -Infinity : Infinity;
  return Date.parse(text);
}

function isDate(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
}
