/** How long a link opens its invoice. */
import { addDays, endOfDay, localDate } from '../zoned-time.js';

/**
 * The later of 30 days after the sending and 30 days after the due date, at most 120 days after the sending, at the end of that
 * day in the branch's zone.
 */
export function linkExpiry(sentAt: Date, dueOn: string, timeZone: string): Date {
  const sentOn = localDate(sentAt, timeZone);
  const later = [addDays(sentOn, 30), addDays(dueOn, 30)].sort().at(-1)!;
  const latest = addDays(sentOn, 120);
  return endOfDay(later < latest ? later : latest, timeZone);
}
