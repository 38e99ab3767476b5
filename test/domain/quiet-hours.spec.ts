import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterQuietHours } from '../../src/domain/quiet-hours.js';
import { firstInstantShowing, localDateTime } from '../../src/domain/zoned-time.js';

const NIGHT = { from: '21:00', to: '08:00' };
const ZONES = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia', 'UTC'];
const at = (now: string, zone = 'America/New_York', hours = NIGHT) =>
  afterQuietHours(new Date(now), zone, hours).toISOString();

describe('quiet hours', () => {
  it.each([
    ['by day nothing waits', '2026-11-20T15:00:00.000Z', '2026-11-20T15:00:00.000Z'],
    ['the end is no longer quiet', '2026-11-20T13:00:00.000Z', '2026-11-20T13:00:00.000Z'],
    ['the minute before the end is', '2026-11-20T12:59:59.999Z', '2026-11-20T13:00:00.000Z'],
    ['the beginning is quiet, until the next morning', '2026-11-21T02:00:00.000Z', '2026-11-21T13:00:00.000Z'],
    ['over the night in which clocks go forward', '2026-03-08T04:00:00.000Z', '2026-03-08T12:00:00.000Z'],
    ['over the night in which clocks go back', '2026-11-01T03:00:00.000Z', '2026-11-01T13:00:00.000Z'],
  ])('%s', (_, now, sent) => expect(at(now)).toBe(sent));

  it('may lie within one day, and may be none', () => {
    expect(at('2026-11-20T17:30:00.000Z', 'UTC', { from: '12:00', to: '18:00' })).toBe('2026-11-20T18:00:00.000Z');
    expect(at('2026-11-20T03:00:00.000Z', 'UTC', { from: '00:00', to: '00:00' })).toBe('2026-11-20T03:00:00.000Z');
  });

  it('that end at a time which the clocks leave out end when they jump over it', () => {
    expect(at('2026-03-08T05:00:00.000Z', 'America/New_York', { from: '21:00', to: '02:30' })).toBe(
      '2026-03-08T07:00:00.000Z',
    );
  });

  it('that end at a time which is shown twice begin again with the second hour', () => {
    const hours = { from: '21:00', to: '01:30' };
    expect(at('2026-11-01T05:10:00.000Z', 'America/New_York', hours)).toBe('2026-11-01T05:30:00.000Z');
    expect(at('2026-11-01T06:10:00.000Z', 'America/New_York', hours)).toBe('2026-11-01T06:30:00.000Z');
  });

  it('are over when they say so, never in the past and never later than a day and an hour, in every zone and on every day', () => {
    const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
    const wall = minutes.map((each) => new Date(each * 60_000).toISOString().slice(11, 16));
    const instants = fc.date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2028-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), wall, wall, (now, zone, from, to) => {
        const sent = afterQuietHours(now, zone, { from, to });
        expect(sent.getTime()).toBeGreaterThanOrEqual(now.getTime());
        expect(sent.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
        expect(afterQuietHours(sent, zone, { from, to })).toEqual(sent);
      }),
      { numRuns: 500 },
    );
  });

  it('a wall-clock time is found again by the clocks that show it', () => {
    expect(firstInstantShowing('2026-11-01T01:30:00', 'America/New_York').toISOString()).toBe(
      '2026-11-01T05:30:00.000Z',
    );
    expect(localDateTime(firstInstantShowing('2026-07-04T09:15:00', 'Europe/Berlin'), 'Europe/Berlin')).toBe(
      '2026-07-04T09:15:00',
    );
  });
});
