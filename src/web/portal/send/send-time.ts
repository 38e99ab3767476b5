/** The part of *Email or Text…* that says when: now, or at a time on the clocks of the branch. */
import type { LinkView } from '../../../application/invoice/invoice-view.js';
import type { QuietHold } from '../../../application/invoice/sending-checks.js';
import { DomainError } from '../../../domain/errors.js';
import { addDays, localDateTime } from '../../../domain/zoned-time.js';
import { moment, zoneWords } from '../portal-formats.js';

/** As far ahead as a message may be scheduled. */
const MOST_DAYS_AHEAD = 90;
/** Offered where nobody has chosen a time yet: the next morning. */
const OFFERED = 'T09:00';

/** What was chosen and typed so far. */
export interface TypedTime {
  readonly later: boolean;
  /** `YYYY-MM-DDTHH:mm`, or whatever a browser without a field for it sent. */
  readonly sendAt: string | undefined;
}

interface SendTimeView {
  readonly later: boolean;
  readonly sendAt: string;
  readonly min: string;
  readonly max: string;
  readonly zone: string;
  readonly thereNow: string;
}

export function typedTimeIn({ when, sendAt }: Readonly<Record<string, unknown>>): TypedTime {
  return { later: when === 'later', sendAt: typeof sendAt === 'string' ? sendAt.trim() : undefined };
}

/**
 * The time to ask for; absent for now.
 * @throws DomainError `send_at_invalid` where a time was wished for and none was given: it must not become now
 */
export function chosenTime({ later, sendAt = '' }: TypedTime): string | undefined {
  if (!later) return undefined;
  if (sendAt !== '') return sendAt;
  throw new DomainError('send_at_invalid', { field: 'sendAt', reason: 'Choose a date and a time, or send now.' });
}

/** @param held where it is night for the customer at the chosen time: said instead of a time at which nothing will go */
export function queuedWords(
  { recipient, sendAt }: Pick<LinkView, 'recipient' | 'sendAt'>,
  held: QuietHold | undefined,
  timeZone: string,
  now: Date,
): string {
  const to = recipient ?? 'nobody in particular';
  if (sendAt === undefined) return `Queued: the link goes to ${to}.`;
  if (held) {
    const morning = moment(held.goesAt, held.timeZone, now).exact;
    return `Scheduled: it is night where the customer is then, so that the link goes to ${to} in the morning, on ${morning}.`;
  }
  return `Scheduled: the link goes to ${to} on ${moment(sendAt, timeZone, now).exact}.`;
}

export function sendTimeView({ later, sendAt }: TypedTime, timeZone: string, now: Date): SendTimeView {
  const there = localDateTime(now, timeZone).slice(0, 16);
  const today = there.slice(0, 10);
  return {
    later,
    sendAt: sendAt ?? addDays(today, 1) + OFFERED,
    min: there,
    max: addDays(today, MOST_DAYS_AHEAD) + there.slice(10),
    zone: zoneWords(timeZone, now),
    thereNow: new Intl.DateTimeFormat('en-US', { timeStyle: 'short', timeZone }).format(now),
  };
}
