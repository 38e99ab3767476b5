import { describe, expect, it } from '@jest/globals';
import {
  NO_REMINDERS,
  checkReminderPolicy,
  remindersOn,
  type ReminderPolicy,
} from '../../src/domain/branch/reminders.js';
import { DomainError } from '../../src/domain/errors.js';

const policy = (changes: Partial<ReminderPolicy>): ReminderPolicy => ({ ...NO_REMINDERS, enabled: true, ...changes });

describe('the days of reminders', () => {
  it('name the due dates that are reminded of, over the ends of months and years', () => {
    expect(remindersOn(policy({ beforeDays: [0, 3], afterDays: [30] }), '2026-12-30')).toEqual([
      { when: 'before_due', days: 0, dueOn: '2026-12-30' },
      { when: 'before_due', days: 3, dueOn: '2027-01-02' },
      { when: 'after_due', days: 30, dueOn: '2026-11-30' },
    ]);
  });

  it('are none where reminders are off, and they are off at first', () => {
    expect(remindersOn(NO_REMINDERS, '2026-12-30')).toEqual([]);
  });

  it.each<[Partial<ReminderPolicy>, string]>([
    [{ beforeDays: [-1] }, 'beforeDays'],
    [{ beforeDays: [1.5] }, 'beforeDays'],
    [{ afterDays: [0] }, 'afterDays'],
    [{ afterDays: [91] }, 'afterDays'],
    [{ afterDays: [7, 7] }, 'afterDays'],
    [{ beforeDays: [1, 2, 3, 4, 5, 6] }, 'beforeDays'],
    [{ at: '9:00' }, 'at'],
    [{ at: '24:00' }, 'at'],
    [{ at: '07:59' }, 'at'],
    [{ at: '20:31' }, 'at'],
    [{ beforeDays: [], afterDays: [] }, 'enabled'],
  ])('are refused as %j, with the name of the field', (changes, field) => {
    const check = () => checkReminderPolicy(policy(changes));
    expect(check).toThrow(DomainError);
    expect(check).toThrow(
      expect.objectContaining({ code: 'reminders_invalid', details: expect.objectContaining({ field }) as unknown }),
    );
  });
});
