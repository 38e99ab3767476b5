/** How many messages go out and when, and how long one waits that was not taken. */
import { describe, expect, it } from '@jest/globals';
import { GetSendWarnings } from '../../src/application/invoice/get-send-warnings.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import { RetryLater } from '../../src/application/ports.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import { by } from '../support/doubles/application.js';
import { Journey } from './journey.js';
import { again, HOUR_MS, NUMBER, queued, types, work } from './text-journey.js';

describe('caps', () => {
  it('say when there is room again and who can lift them, before and when sending', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    for (let times = 1; times < 5; times += 1) await again(journey);
    const first = journey.world.clock.now().getTime();
    const reached = { cap: 'number_per_day', limit: 5, liftedBy: expect.stringContaining('TEXTS_PER_NUMBER_A_DAY') };
    await expect(again(journey)).rejects.toMatchObject({ code: 'cap_reached', details: reached });
    const { warnings } = await journey.app.ask(
      new GetSendWarnings({ invoiceId: journey.invoiceId, channel: 'sms', actor: 'staff:1' }),
    );
    expect(warnings).toEqual([{ code: 'cap_reached', ...reached, endsAt: expect.any(String) }]);
    journey.world.clock.advance(24 * HOUR_MS);
    await again(journey);
    expect(journey.world.clock.now().getTime() - first).toBeGreaterThanOrEqual(24 * HOUR_MS);
  });

  it('count a repeat once', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    for (let times = 0; times < 10; times += 1) await again(journey, undefined, 'one');
    expect(journey.world.uses.uses.size).toBe(2);
  });

  it('hold texts back when the day’s segments are used up', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    journey.world.messageSettings.textSegmentsPerDay = 1;
    await again(journey);
    const [one, two] = await queued(journey);
    await journey.app.runJob(one!);
    await expect(journey.app.runJob(two!)).rejects.toBeInstanceOf(RetryLater);
    await expect(again(journey)).rejects.toMatchObject({ details: { cap: 'text_segments_per_day' } });
    journey.world.clock.advance(24 * HOUR_MS);
    await journey.app.runJob(two!);
    expect(journey.world.texter.taken).toHaveLength(2);
  });
});

describe('quiet hours', () => {
  const MIDNIGHT_IN_NEW_YORK = new Date('2026-11-21T05:00:00.000Z');

  async function bulkText(): Promise<Journey> {
    const journey = await Journey.begin({ channel: 'none' });
    journey.world.clock.advance(MIDNIGHT_IN_NEW_YORK.getTime() - journey.world.clock.now().getTime());
    const stored = await journey.app.executor.run({
      decider: invoiceDecider,
      stream: `invoice-${journey.invoiceId}`,
      command: {
        type: 'IssueLink',
        link: {
          ...{ linkId: 'bulkbulkbulkbulk', channel: 'sms', recipient: NUMBER, purpose: 'bulk' },
          expiresAt: '2027-01-01T00:00:00.000Z',
        },
      },
      context: by('staff:1'),
    });
    expect(stored.changed).toBe(true);
    return journey;
  }

  it('hold what nobody waits for until the morning, and nothing that a person sends', async () => {
    const journey = await bulkText();
    await again(journey, 'staff');
    const jobs = await queued(journey);
    for (const job of jobs) {
      await journey.app.runJob(job);
      journey.world.queue.waiting.delete(job.id);
    }
    expect(journey.world.texter.taken).toHaveLength(1);
    const [held] = await queued(journey);
    expect(held).toMatchObject({ name: 'send-link', delayMs: 8 * HOUR_MS });
    journey.world.clock.advance(8 * HOUR_MS);
    await work(journey);
    expect(journey.world.texter.taken).toHaveLength(2);
  });
});

describe('a text that is scheduled into the night', () => {
  const NEW_YORK = 'America/New_York';
  const warned = async (sendAt: string, channel: 'sms' | 'email' = 'sms') => {
    const journey = await Journey.begin({ channel: 'sms' });
    const { warnings } = await journey.app.ask(
      new GetSendWarnings({ invoiceId: journey.invoiceId, channel, actor: 'staff:1', sendAt }),
    );
    return warnings.filter(({ code }) => code === 'held_for_quiet_hours');
  };

  it.each([
    ['2026-11-24T23:30', '2026-11-25T13:00:00.000Z'],
    ['2026-11-25T07:59', '2026-11-25T13:00:00.000Z'],
    ['2026-11-25T04:30:00Z', '2026-11-25T13:00:00.000Z'],
  ])('(%s) is said to go out in the morning, and then it does', async (sendAt, goesAt) => {
    expect(await warned(sendAt)).toEqual([{ code: 'held_for_quiet_hours', goesAt, timeZone: NEW_YORK }]);
    const journey = await Journey.begin({ channel: 'none' });
    const night = { invoiceId: journey.invoiceId, channel: 'sms', to: NUMBER, sendAt, textConsent: 'staff' } as const;
    await journey.app.ask(new SendLink(night, by('staff:1')));
    const [job] = await queued(journey);
    journey.world.clock.advance(Date.parse(goesAt) - 1 - journey.world.clock.now().getTime());
    await journey.app.runJob(job!);
    journey.world.queue.waiting.delete(job!.id);
    expect(journey.world.texter.taken).toHaveLength(0);
    const [held] = await queued(journey);
    expect(held).toMatchObject({ delayMs: 1 });
    journey.world.clock.advance(1);
    await journey.app.runJob(held!);
    expect(journey.world.texter.taken).toHaveLength(1);
  });

  it('is no matter by day, of an email, or where the time cannot be', async () => {
    expect(await warned('2026-11-25T08:00')).toEqual([]);
    expect(await warned('2026-11-24T23:30', 'email')).toEqual([]);
    for (const never of ['2020-01-01T23:30', '2099-01-01T23:30', 'tonight']) expect(await warned(never)).toEqual([]);
  });
});

describe('an email', () => {
  it('that its mail server refuses for the mailbox bounced, and the next one is warned of', async () => {
    const journey = await Journey.begin();
    const [job] = await queued(journey);
    const refusal = {
      outcome: 'refused',
      code: '550',
      reason: 'SMTP 550 at RCPT TO',
      recipient: 'unreachable',
    } as const;
    journey.world.mailer.moods.push(refusal);
    await journey.app.runJob(job!);
    await journey.app.runJob(job!);
    expect(types(journey, 'invoice-').at(-1)).toBe('LinkBounced');
    const { warnings } = await journey.app.ask(
      new GetSendWarnings({ invoiceId: journey.invoiceId, channel: 'email', actor: 'staff:1' }),
    );
    expect(warnings.map(({ code }) => code)).toEqual(['address_bounced', 'later_bounces_not_seen']);
  });

  it('waits as long as what is in the way takes', async () => {
    const journey = await Journey.begin();
    const [job] = await queued(journey);
    for (const [obstacle, firstPauseMs] of [
      ['recipient', 60_000],
      ['connection', 2_000],
      ['account', 300_000],
    ] as const) {
      journey.world.mailer.moods.push({ outcome: 'temporary', code: '451', reason: 'later', obstacle });
      await expect(journey.app.runJob(job!)).rejects.toMatchObject({ firstPauseMs });
    }
  });
});
