/** How the portal writes money and time. Its language is English, whatever a branch's customers read. */
import { formatMoney } from '../../domain/money.js';
import { daysBetween, localDate } from '../../domain/zoned-time.js';

const LOCALE = 'en-US';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** After so many days a date says more than their number. */
const DAYS_IN_WORDS = 14;
/** Of a later day the weekday alone could be this week's. */
const DAYS_OF_A_WEEK = 7;

export function moneyWords(amountMinor: number, currency: string): string {
  return formatMoney({ amount: amountMinor, currency }, LOCALE);
}

/** A date without a zone: `Nov 20, 2026`. */
export function dateWords(plainDate: string): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(plainDate));
}

/** A moment as a list and a timeline show it. */
export interface MomentView {
  readonly iso: string;
  /** `5 min ago`; a script keeps it right while the page stays open. */
  readonly relative: string;
  /** With the zone, as it is on the branch's wall. */
  readonly exact: string;
}

export function moment(iso: string, timeZone: string, now: Date): MomentView {
  const exact = new Intl.DateTimeFormat(LOCALE, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  }).format(new Date(iso));
  const zone = new Intl.DateTimeFormat(LOCALE, { timeZone, timeZoneName: 'short' })
    .formatToParts(new Date(iso))
    .find(({ type }) => type === 'timeZoneName');
  return { iso, relative: ago(new Date(iso), now, timeZone), exact: zone ? `${exact} ${zone.value}` : exact };
}

/** What a zone is called: `Eastern Time`. */
export function zoneWords(timeZone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat(LOCALE, { timeZone, timeZoneName: 'longGeneric' }).formatToParts(now);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

/** A moment that is still to come, as `relative`: the weekday and the time within a week, else the date. */
export function momentAhead(iso: string, timeZone: string, now: Date): MomentView {
  const at = new Date(iso);
  const days = daysBetween(localDate(now, timeZone), localDate(at, timeZone));
  const time = new Intl.DateTimeFormat(LOCALE, { hour: 'numeric', minute: '2-digit', timeZone }).format(at);
  const day =
    days === 0
      ? 'today'
      : new Intl.DateTimeFormat(LOCALE, {
          ...(days < DAYS_OF_A_WEEK ? { weekday: 'short' } : { month: 'short', day: 'numeric' }),
          timeZone,
        }).format(at);
  return { ...moment(iso, timeZone, now), relative: `${day} ${time}` };
}

function ago(at: Date, now: Date, timeZone: string): string {
  const passed = now.getTime() - at.getTime();
  if (passed < MINUTE_MS) return 'just now';
  if (passed < HOUR_MS) return `${Math.floor(passed / MINUTE_MS)} min ago`;
  if (passed < DAY_MS) return `${Math.floor(passed / HOUR_MS)} h ago`;
  const days = Math.floor(passed / DAY_MS);
  if (days < DAYS_IN_WORDS) return days === 1 ? '1 day ago' : `${days} days ago`;
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone }).format(at);
}
