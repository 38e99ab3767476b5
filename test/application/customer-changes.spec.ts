/** What becomes of messages when staff change a customer. The clock of these tests begins at 7 in the morning in New York. */
import { describe, expect, it } from '@jest/globals';
import { GetInvoice } from '../../src/application/invoice/get-invoice.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import { customerStream } from '../../src/application/ids.js';
import { RenewLink } from '../../src/application/pay/renew-link.js';
import { ViewPayPage } from '../../src/application/pay/view-pay-page.js';
import { customerDecider } from '../../src/domain/customer/decider.js';
import type { CustomerUpdated } from '../../src/domain/customer/events.js';
import { by } from '../support/doubles/application.js';
import { Journey } from './journey.js';
import { dataOf, NUMBER, queued, work } from './text-journey.js';

const HOUR_MS = 60 * 60_000;

async function change(journey: Journey, data: Omit<CustomerUpdated['data'], 'customerId'>): Promise<void> {
  const { customerId } = await journey.app.ask(new GetInvoice({ invoiceId: journey.invoiceId }));
  await journey.app.executor.run({
    decider: customerDecider,
    stream: customerStream(customerId),
    command: { type: 'UpdateCustomer', data: { customerId, ...data } },
    context: by('staff:1'),
  });
}

describe('a customer who is changed', () => {
  it('gets what is sent from then on at the new address, in the new language; the invoice stands', async () => {
    const journey = await Journey.begin();
    await change(journey, { changes: { email: 'byron@example.com' }, locale: 'fr-FR' });
    const { invoiceId, linkId } = journey;
    const { link } = await journey.app.ask(new SendLink({ invoiceId, channel: 'email' }, by('staff:1')));
    expect(link.recipient).toBe('byron@example.com');
    expect((await journey.app.ask(new GetInvoice({ invoiceId }))).customer.email).toBe('ada@example.com');
    expect((await journey.app.ask(new ViewPayPage({ linkId }))).locale).toBe('fr-FR');
    await work(journey);
    const mail = journey.world.mailer.taken.find(({ to }) => to === 'byron@example.com')!;
    expect(mail.text).toContain('par carte');
  });

  it('is not texted at night where they are, although it is day at the branch', async () => {
    const journey = await Journey.begin({ channel: 'none' });
    await change(journey, { changes: {}, timeZone: 'Asia/Tokyo' });
    const { invoiceId } = journey;
    const sendAt = '2026-11-20T09:00';
    await journey.app.ask(
      new SendLink({ invoiceId, channel: 'sms', to: NUMBER, sendAt, textConsent: 'staff' }, by('staff:1')),
    );
    for (const job of await queued(journey)) {
      journey.world.queue.waiting.delete(job.id);
      await journey.app.runJob(job);
    }
    // Nine in New York is eleven at night in Tokyo, where eight in the morning is nine hours later.
    const [held] = await queued(journey);
    expect(held).toMatchObject({ name: 'send-link', delayMs: (2 + 9) * HOUR_MS });
  });

  it('gets no fresh link at an address that is theirs no longer', async () => {
    const journey = await Journey.begin();
    await work(journey);
    const { linkId } = journey;
    await change(journey, { changes: { email: 'byron@example.com' } });
    journey.world.clock.advance(200 * 24 * HOUR_MS);
    await journey.app.ask(new RenewLink({ linkId }, by(`customer:${linkId}`)));
    expect(dataOf(journey, 'LinkRenewalRequested')).toMatchObject({ linkId, outcome: 'contact_changed' });
  });

  it('gets one while only another address of theirs has changed', async () => {
    const journey = await Journey.begin();
    await work(journey);
    const { linkId } = journey;
    await change(journey, { changes: { phone: null, name: 'A. Byron' } });
    journey.world.clock.advance(200 * 24 * HOUR_MS);
    await journey.app.ask(new RenewLink({ linkId }, by(`customer:${linkId}`)));
    expect(dataOf(journey, 'LinkRenewalRequested')).toMatchObject({ linkId, outcome: 'issued' });
  });
});
