/** When a message goes out that somebody asked for ahead of time. */
import { DomainError } from '../errors.js';
import { firstInstantShowing, isCalendarDate } from '../zoned-time.js';
import type { LinkIssued } from './link-events.js';

export type Schedule = Pick<LinkIssued['data'], 'sendAt' | 'sendAtLocal'>;

const LOCAL = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const MOST_DAYS_AHEAD = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * @param text an instant of RFC 3339, which stays that instant, or `YYYY-MM-DDTHH:mm` on the clocks of the zone, which stays that time
 *   on the clocks
 * @throws DomainError `send_at_invalid` with `reason`
 */
export function scheduleOf(text: string, timeZone: string, now: Date): Schedule {
  const local = LOCAL.exec(text);
  const sendAt = local ? instantOf(text, local[1]!, timeZone) : INSTANT.test(text) ? Date.parse(text) : NaN;
  const invalid = (reason: string) => new DomainError('send_at_invalid', { field: 'sendAt', reason });
  if (Number.isNaN(sendAt)) {
    throw invalid(
      'It is neither a time with a zone (2026-12-01T14:00:00Z) nor one on the clocks of the branch (2026-12-01T09:00).',
    );
  }
  if (sendAt <= now.getTime()) throw invalid('The time has passed. Choose a later one, or none to send at once.');
  if (sendAt > now.getTime() + MOST_DAYS_AHEAD * DAY_MS) {
    throw invalid(`The time is more than ${MOST_DAYS_AHEAD} days ahead.`);
  }
  const at = { sendAt: new Date(sendAt).toISOString() };
  return local ? { ...at, sendAtLocal: { local: text, timeZone } } : at;
}

function instantOf(text: string, date: string, timeZone: string): number {
  return isCalendarDate(date) ? firstInstantShowing(`${text}:00`, timeZone).getTime() : NaN;
}

/** The moment for the message, by the zone's rules as they are known now; undefined for one that goes at once. */
export function sendingTime({
  sendAt,
  sendAtLocal,
}: { [Part in keyof Schedule]: Schedule[Part] | undefined }): Date | undefined {
  if (sendAtLocal) return firstInstantShowing(`${sendAtLocal.local}:00`, sendAtLocal.timeZone);
  return sendAt === undefined ? undefined : new Date(sendAt);
}
