/** When customers of a branch are reminded of an invoice. Off until somebody turns it on. */
import { DomainError } from '../errors.js';
import { addDays } from '../zoned-time.js';

export interface ReminderPolicy {
  readonly enabled: boolean;
  /** So many days before the due date; 0 is the due date itself. */
  readonly beforeDays: readonly number[];
  /** So many days after it. */
  readonly afterDays: readonly number[];
  /** Wall-clock time `HH:mm` in the branch's zone, by day: a reminder should wake nobody. */
  readonly at: string;
}

export const NO_REMINDERS: ReminderPolicy = { enabled: false, beforeDays: [3], afterDays: [1, 7], at: '09:00' };

const MOST_DAYS = 90;
const MOST_REMINDERS = 5;
const EARLIEST = '08:00';
const LATEST = '20:30';

/** @throws DomainError `reminders_invalid` with `field` and `reason` */
export function checkReminderPolicy(policy: ReminderPolicy): void {
  const invalid = (field: keyof ReminderPolicy, reason: string) =>
    new DomainError('reminders_invalid', { field, reason });
  checkDays(policy, 'beforeDays', 0);
  checkDays(policy, 'afterDays', 1);
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(policy.at)) throw invalid('at', 'not a time of the form 09:00');
  if (policy.at < EARLIEST || policy.at > LATEST) throw invalid('at', `not between ${EARLIEST} and ${LATEST}`);
  if (policy.enabled && policy.beforeDays.length + policy.afterDays.length === 0) {
    throw invalid('enabled', 'there is no day on which anybody would be reminded');
  }
}

function checkDays(policy: ReminderPolicy, field: 'beforeDays' | 'afterDays', least: number): void {
  const days = policy[field];
  const invalid = (reason: string) => new DomainError('reminders_invalid', { field, reason });
  if (days.length > MOST_REMINDERS) throw invalid(`more than ${MOST_REMINDERS} of them`);
  if (new Set(days).size !== days.length) throw invalid('a number of days stands there twice');
  if (!days.every((day) => Number.isInteger(day) && day >= least && day <= MOST_DAYS)) {
    throw invalid(`not whole numbers from ${least} to ${MOST_DAYS}`);
  }
}

export interface DueReminder {
  readonly when: 'before_due' | 'after_due';
  readonly days: number;
  /** Invoices that are due then are reminded of. */
  readonly dueOn: string;
}

/** What is to be sent on a day of the branch's calendar. */
export function remindersOn(policy: ReminderPolicy, today: string): readonly DueReminder[] {
  if (!policy.enabled) return [];
  return [
    ...policy.beforeDays.map((days) => ({ when: 'before_due' as const, days, dueOn: addDays(today, days) })),
    ...policy.afterDays.map((days) => ({ when: 'after_due' as const, days, dueOn: addDays(today, -days) })),
  ];
}
