/** From the first instant of one date up to the end of another, as a zone's clocks show them. */
import { addDays, startOfDay } from '../domain/zoned-time.js';

/** What PostgreSQL reads as instants; it knows infinite ones. */
export interface DateWindow {
  readonly starts: string;
  /** The first instant that is outside. */
  readonly ends: string;
}

export function isDate(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** `from` and `to` are dates, both inclusive, or instants, the second one exclusive; absent: without an end. */
export function dateWindow(timeZone: string, from: string | undefined, to: string | undefined): DateWindow {
  return {
    starts: isDate(from) ? startOf(from, timeZone) : (from ?? '-infinity'),
    ends: isDate(to) ? endOf(to, timeZone) : (to ?? 'infinity'),
  };
}

/** The first instant after a date. */
export function endOf(date: string, timeZone: string): string {
  return startOf(date < LAST_DATE ? addDays(date, 1) : date, timeZone);
}

/** The smallest window in which all of these lie. */
export function widest(windows: readonly DateWindow[]): DateWindow {
  const byTime = (a: string, b: string): number => instantOf(a) - instantOf(b) || 0;
  return {
    starts: windows.map(({ starts }) => starts).sort(byTime)[0]!,
    ends: windows
      .map(({ ends }) => ends)
      .sort(byTime)
      .at(-1)!,
  };
}

const FIRST_DATE = '1900-01-01';
const LAST_DATE = '9998-12-31';

/** Dates that no payment can have are before or after everything: some have no instant that a database could name. */
function startOf(date: string, timeZone: string): string {
  if (date < FIRST_DATE) return '-infinity';
  return date >= LAST_DATE ? 'infinity' : startOfDay(date, timeZone).toISOString();
}

function instantOf(text: string): number {
  if (text.endsWith('infinity')) return text.startsWith('-') ? -Infinity : Infinity;
  return Date.parse(text);
}
