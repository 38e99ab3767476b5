import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/domain/errors.js';
import { scheduleOf, sendingTime } from '../../src/domain/invoice/schedule.js';

const NEW_YORK = 'America/New_York';
const NOW = new Date('2027-03-01T12:00:00.000Z');
const schedule = (text: string, timeZone = NEW_YORK, now = NOW) => scheduleOf(text, timeZone, now);

describe('the time of a scheduled message', () => {
  it('is kept as wall-clock time beside the instant, so that nine o’clock stays nine o’clock', () => {
    expect(schedule('2027-03-10T09:00')).toEqual({
      sendAt: '2027-03-10T14:00:00.000Z',
      sendAtLocal: { local: '2027-03-10T09:00', timeZone: NEW_YORK },
    });
    // The clocks go forward on 14 March.
    expect(schedule('2027-03-20T09:00').sendAt).toBe('2027-03-20T13:00:00.000Z');
  });

  it('is judged by the zone and not by the instant of the day when it was asked for', () => {
    const asAskedWithOldRules = {
      sendAt: '2027-03-20T14:00:00.000Z',
      sendAtLocal: { local: '2027-03-20T09:00', timeZone: NEW_YORK },
    };
    expect(sendingTime(asAskedWithOldRules)).toEqual(new Date('2027-03-20T13:00:00.000Z'));
  });

  it('that the clocks leave out is the moment at which they jump; of one that they show twice it is the first', () => {
    expect(schedule('2027-03-14T02:30').sendAt).toBe('2027-03-14T07:00:00.000Z');
    const autumn = new Date('2027-10-01T12:00:00.000Z');
    expect(schedule('2027-11-07T01:30', NEW_YORK, autumn).sendAt).toBe('2027-11-07T05:30:00.000Z');
  });

  it('is an instant where one is given, and stays it', () => {
    expect(schedule('2027-03-20T10:00:00+01:00')).toEqual({ sendAt: '2027-03-20T09:00:00.000Z' });
    expect(sendingTime({ sendAt: '2027-03-20T09:00:00.000Z', sendAtLocal: undefined })).toEqual(
      new Date('2027-03-20T09:00:00.000Z'),
    );
    expect(sendingTime({ sendAt: undefined, sendAtLocal: undefined })).toBeUndefined();
  });

  it.each([
    ['tomorrow', 'neither'],
    ['2027-02-30T09:00', 'neither'],
    ['2027-03-10T24:00', 'neither'],
    ['2027-03-10', 'neither'],
    ['2027-03-01T12:00:00Z', 'passed'],
    ['2027-03-01T06:59', 'passed'],
    ['2027-05-31T12:00:00Z', 'days ahead'],
  ])('is refused as %s, with the reason', (text, reason) => {
    expect(() => schedule(text)).toThrow(DomainError);
    expect(() => schedule(text)).toThrow(
      expect.objectContaining({
        code: 'send_at_invalid',
        details: { field: 'sendAt', reason: expect.stringContaining(reason) as unknown },
      }),
    );
  });
});
