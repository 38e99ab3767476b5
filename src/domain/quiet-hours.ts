/** When messages that nobody waits for may go out: not at night where the customer is. */
import { addDays, firstInstantShowing, localDateTime } from './zoned-time.js';

/** Wall-clock times `HH:mm`. `from` may be later than `to`, and the night then goes over midnight; equal times are no hours. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/**
 * The first moment at or after `now` that is outside of the quiet hours of a zone: `now` itself by day. A zone's change of clocks is
 * reckoned with: eight o'clock is eight o'clock on the wall, and where that time is left out, the moment that the clocks go to.
 */
export function afterQuietHours(now: Date, timeZone: string, { from, to }: QuietHours): Date {
  const local = localDateTime(now, timeZone);
  const date = local.slice(0, 10);
  const time = local.slice(11, 16);
  if (!isWithin(time, from, to)) return now;
  const endsOn = time < to ? date : addDays(date, 1);
  const end = firstInstantShowing(`${endsOn}T${to}:00`, timeZone);
  // Where the clocks went back over the end, it is shown twice, and the first time has passed.
  return end > now ? end : afterRepeatedHour(now, timeZone, { from, to });
}

function isWithin(time: string, from: string, to: string): boolean {
  if (from === to) return false;
  return from < to ? time >= from && time < to : time >= from || time < to;
}

const MINUTE_MS = 60_000;
/** The most that a zone has ever turned its clocks back, and some. */
const LONGEST_REPEAT_MS = 26 * 60 * MINUTE_MS;

function afterRepeatedHour(now: Date, timeZone: string, { from, to }: QuietHours): Date {
  const limit = now.getTime() + LONGEST_REPEAT_MS;
  for (let at = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS; at < limit; at += MINUTE_MS) {
    const instant = new Date(at);
    if (at > now.getTime() && !isWithin(localDateTime(instant, timeZone).slice(11, 16), from, to)) return instant;
  }
  return new Date(limit);
}
