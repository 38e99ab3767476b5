/** Links whose message goes out later. The clock of these tests begins at 7 in the morning of 20 November in New York. */
import { describe, expect, it } from '@jest/globals';
import { GetLinks } from '../../src/application/invoice/get-links.js';
import { RevokeLink } from '../../src/application/invoice/revoke-link.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import type { Job } from '../../src/application/ports.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { Journey } from './journey.js';

const HOUR_MS = 60 * 60_000;
const AT_NINE = '2026-11-21T09:00';

async function scheduled(sendAt = AT_NINE, cause = 'request-of-a-schedule') {
  const journey = await Journey.begin({ channel: 'none' });
  const send = () =>
    journey.app.ask(
      new SendLink(
        { invoiceId: journey.invoiceId, channel: 'email', sendAt },
        { ...by('staff:1', cause), causeIsChosen: true },
      ),
    );
  return { journey, send, ...(await send()) };
}

async function queued(journey: Journey): Promise<readonly Job[]> {
  while (await journey.app.processes.step(5));
  return [...journey.world.queue.waiting.values()];
}

/** Runs what is due now and answers what waits for later. */
async function workNow(journey: Journey): Promise<readonly Job[]> {
  for (const job of await queued(journey)) {
    journey.world.queue.waiting.delete(job.id);
    await journey.app.runJob(job);
  }
  return queued(journey);
}

const statusOf = async (journey: Journey, linkId: string) => {
  const { items } = await journey.app.ask(new GetLinks({ invoiceId: journey.invoiceId }));
  return items.find((link) => link.linkId === linkId)!.status;
};

describe('a scheduled link', () => {
  it('is sent when its time has come, and not before', async () => {
    const { journey, link } = await scheduled();
    expect(link).toMatchObject({ status: 'scheduled', sendAt: '2026-11-21T14:00:00.000Z' });
    const [held] = await workNow(journey);
    expect(held).toMatchObject({ name: 'send-link', delayMs: 26 * HOUR_MS });
    expect(journey.world.mailer.taken).toEqual([]);
    journey.world.clock.advance(26 * HOUR_MS);
    await workNow(journey);
    expect(journey.world.mailer.taken).toHaveLength(1);
    expect(await statusOf(journey, link.linkId)).toBe('sent');
  });

  it('is sent by the sweep where the queue has lost it', async () => {
    const { journey } = await scheduled();
    await workNow(journey);
    journey.world.queue.waiting.clear();
    expect(await journey.app.sweep.run()).toBe(0);
    journey.world.clock.advance(26 * HOUR_MS + 3 * 60_000);
    expect(await journey.app.sweep.run()).toBe(1);
    await workNow(journey);
    expect(journey.world.mailer.taken).toHaveLength(1);
  });

  it('expires counted from its sending', async () => {
    const { link } = await scheduled('2027-02-01T09:00');
    expect(link.expiresAt).toBe('2027-03-04T04:59:59.999Z');
  });

  it('is not sent once it is revoked', async () => {
    const { journey, link } = await scheduled();
    await workNow(journey);
    await journey.app.ask(new RevokeLink({ invoiceId: journey.invoiceId, linkId: link.linkId }, by('staff:1')));
    journey.world.clock.advance(26 * HOUR_MS);
    expect(await workNow(journey)).toEqual([]);
    expect(journey.world.mailer.taken).toEqual([]);
  });

  it('is not sent once the invoice is paid, and says why', async () => {
    const { journey, link } = await scheduled();
    await workNow(journey);
    await journey.pay(CARDS.credit);
    journey.world.clock.advance(26 * HOUR_MS);
    await workNow(journey);
    expect(journey.world.mailer.taken.filter(({ subject }) => subject.includes('INV-1001 '))).toEqual([]);
    expect(await statusOf(journey, link.linkId)).toBe('failed');
  });

  it('is found by a repeat of its request, also when its time has passed', async () => {
    const { journey, send, link } = await scheduled();
    journey.world.clock.advance(48 * HOUR_MS);
    expect((await send()).link.linkId).toBe(link.linkId);
  });

  it('cannot be one that is copied', async () => {
    const { journey } = await scheduled();
    const copy = new SendLink({ invoiceId: journey.invoiceId, channel: 'none', sendAt: AT_NINE }, by('staff:1'));
    await expect(journey.app.ask(copy)).rejects.toMatchObject({ code: 'send_at_invalid' });
  });
});
