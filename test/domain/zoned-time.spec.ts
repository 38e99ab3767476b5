import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linkExpiry } from '../../src/domain/invoice/link-expiry.js';
import {
  addDays,
  daysBetween,
  endOfDay,
  isCalendarDate,
  isTimeZone,
  localDate,
  localDateTime,
  startOfDay,
} from '../../src/domain/zoned-time.js';

const NEW_YORK = 'America/New_York';
const BERLIN = 'Europe/Berlin';
const ZONES = [NEW_YORK, BERLIN, 'Asia/Kathmandu', 'America/Sao_Paulo', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC'];

describe('the start of a day', () => {
  it.each([
    ['an ordinary one', '2026-11-20', NEW_YORK, '2026-11-20T05:00:00.000Z'],
    ['one on which the clocks go forward', '2026-03-08', NEW_YORK, '2026-03-08T05:00:00.000Z'],
    ['the one after', '2026-03-09', NEW_YORK, '2026-03-09T04:00:00.000Z'],
    ['one on which the clocks go back', '2026-11-01', NEW_YORK, '2026-11-01T04:00:00.000Z'],
    ['the one after', '2026-11-02', NEW_YORK, '2026-11-02T05:00:00.000Z'],
    ['summer in Berlin', '2026-03-29', BERLIN, '2026-03-28T23:00:00.000Z'],
    ['the one after', '2026-03-30', BERLIN, '2026-03-29T22:00:00.000Z'],
    ['a quarter of an hour off', '2026-11-20', 'Asia/Kathmandu', '2026-11-19T18:15:00.000Z'],
    ['one without a midnight', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['one whose eve has 25 hours', '2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'],
    ['the last one before the date line moved', '2011-12-29', 'Pacific/Apia', '2011-12-29T10:00:00.000Z'],
    ['one that there never was', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['the one after it', '2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s: %s in %s', (_name, date, zone, instant) => {
    expect(startOfDay(date, zone).toISOString()).toBe(instant);
  });

  it('is the first instant of its date and follows the end of the day before, in every zone', () => {
    const days = fc.integer({ min: 0, max: 365 * 30 }).map((day) => addDays('2000-01-01', day));
    fc.assert(
      fc.property(days, fc.constantFrom(...ZONES), (date, zone) => {
        const start = startOfDay(date, zone);
        const wasLeftOut = zone === 'Pacific/Apia' && date === '2011-12-30';
        if (!wasLeftOut) expect(localDate(start, zone)).toBe(date);
        expect(localDate(new Date(start.getTime() - 1), zone) < date).toBe(true);
        expect(endOfDay(addDays(date, -1), zone).getTime()).toBe(start.getTime() - 1);
      }),
    );
  });
});

describe('plain dates', () => {
  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-08', -1, '2026-03-07'],
  ])('%s and %d days is %s', (date, days, sum) => {
    expect(addDays(date, days)).toBe(sum);
    expect(daysBetween(date, sum)).toBe(days);
  });

  it.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2028-02-29', true],
    ['2026-13-01', false],
    ['2026-1-1', false],
    ['', false],
    ['tomorrow', false],
  ])('%j is in the calendar: %s', (text, expected) => expect(isCalendarDate(text)).toBe(expected));
});

describe('zones', () => {
  it('are those of the runtime', () => {
    expect(ZONES.map(isTimeZone)).not.toContain(false);
    expect(['', 'Mars/Olympus', 'America/New York'].map(isTimeZone)).toEqual([false, false, false]);
  });

  it('show midnight as 00 and never as 24', () => {
    expect(localDateTime(new Date('2026-11-20T05:00:00.000Z'), NEW_YORK)).toBe('2026-11-20T00:00:00');
  });
});

describe('the expiry of a link', () => {
  const noon = new Date('2026-11-20T17:00:00.000Z');
  it.each([
    ['30 days after the sending, where the invoice was due before', '2026-11-01', '2026-12-21T04:59:59.999Z'],
    ['30 days after the due date', '2026-12-01', '2027-01-01T04:59:59.999Z'],
    ['at most 120 days after the sending', '2027-06-01', '2027-03-21T03:59:59.999Z'],
  ])('is %s', (_rule, dueOn, expiry) => expect(linkExpiry(noon, dueOn, NEW_YORK).toISOString()).toBe(expiry));

  it('counts from the day that the branch sees', () => {
    const late = new Date('2026-11-21T04:30:00.000Z');
    expect(linkExpiry(late, '2026-11-01', NEW_YORK).toISOString()).toBe('2026-12-21T04:59:59.999Z');
    expect(linkExpiry(late, '2026-11-01', BERLIN).toISOString()).toBe('2026-12-21T22:59:59.999Z');
  });

  it('is from 30 to 120 days away, whatever the due date', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 1_000 }), fc.constantFrom(...ZONES), (days, zone) => {
        const sentOn = localDate(noon, zone);
        const expiresOn = localDate(linkExpiry(noon, addDays(sentOn, days), zone), zone);
        expect(daysBetween(sentOn, expiresOn)).toBe(Math.min(120, Math.max(30, days + 30)));
      }),
    );
  });
});
