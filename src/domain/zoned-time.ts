/** Dates in a branch's time zone, from the runtime's own zone data. */

const formats = new Map<string, Intl.DateTimeFormat>();

function partsFormat(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** True for a zone that the runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    partsFormat(name);
    return true;
  } catch {
    return false;
  }
}

/** Wall-clock time in a zone as `YYYY-MM-DDTHH:mm:ss`. */
export function localDateTime(instant: Date, timeZone: string): string {
  const parts = Object.fromEntries(
    partsFormat(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}`;
}

/** The date in a zone as `YYYY-MM-DD`. */
export function localDate(instant: Date, timeZone: string): string {
  return localDateTime(instant, timeZone).slice(0, 10);
}

/** Calendar arithmetic on a plain date. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whole days from one plain date to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

const HOUR_MS = 3_600_000;

/**
 * The first instant of a date in a zone, also on days when the clocks change. A date that a zone leaves out (Samoa had no
 * 30 December 2011) begins, and ends, where the next one begins.
 */
export function startOfDay(date: string, timeZone: string): Date {
  const key = `${date} ${timeZone}`;
  let startMs = starts.get(key);
  if (startMs === undefined) {
    startMs = findStartOfDay(date, timeZone).getTime();
    if (starts.size >= MAX_STARTS) starts.clear();
    starts.set(key, startMs);
  }
  return new Date(startMs);
}

/** Days that were asked for. Thousands of links end on the same few, and the runtime takes long to look at a zone. */
const starts = new Map<string, number>();
const MAX_STARTS = 5_000;

function findStartOfDay(date: string, timeZone: string): Date {
  const midnight = `${date}T00:00:00`;
  const wanted = Date.parse(`${midnight}Z`);
  let guess = wanted;
  // Two rounds settle it nearly always: the first finds the offset, the second corrects it where the clocks change in between.
  for (let round = 0; round < 2; round += 1) {
    guess += wanted - Date.parse(`${localDateTime(new Date(guess), timeZone)}Z`);
  }
  return localDateTime(new Date(guess), timeZone) === midnight ? new Date(guess) : firstInstant(date, timeZone, wanted);
}

/** A zone without that midnight: halves the time around it until the first instant that shows the date, or a later one, is left. */
function firstInstant(date: string, timeZone: string, wanted: number): Date {
  let before = wanted - 26 * HOUR_MS;
  let from = wanted + 26 * HOUR_MS;
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (localDate(new Date(middle), timeZone) < date) before = middle;
    else from = middle;
  }
  return new Date(from);
}

/** The last instant (to the millisecond) of a date in a zone. */
export function endOfDay(date: string, timeZone: string): Date {
  return new Date(startOfDay(addDays(date, 1), timeZone).getTime() - 1);
}

/** True for a date that is in the calendar (30 February is not). */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === text;
}

/**
 * The first instant at which a zone's clocks show a wall-clock time (`YYYY-MM-DDTHH:mm:ss`). A time that the clocks leave out is
 * the moment at which they jump over it; of one that they show twice it is the first.
 */
export function firstInstantShowing(local: string, timeZone: string): Date {
  const wanted = Date.parse(`${local}Z`);
  const offsetAt = (instant: number): number => Date.parse(`${localDateTime(new Date(instant), timeZone)}Z`) - instant;
  // What the clocks are at is one of the offsets around the time: before a change nearby, or after it.
  const candidates = [wanted - offsetAt(wanted - 24 * HOUR_MS), wanted - offsetAt(wanted + 24 * HOUR_MS)].sort(
    (a, b) => a - b,
  );
  const shown = candidates.find((instant) => localDateTime(new Date(instant), timeZone) === local);
  if (shown !== undefined) return new Date(shown);
  let [before, from] = [candidates[0]! - 1, candidates[1]!];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (localDateTime(new Date(middle), timeZone) < local) before = middle;
    else from = middle;
  }
  return new Date(from);
}
