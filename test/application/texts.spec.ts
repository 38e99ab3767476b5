/** Texts: who agreed to them, who stopped them, what the provider reports of them and what customers answer. */
import { describe, expect, it } from '@jest/globals';
import { OptOutContact } from '../../src/application/contact/opt-out-contact.js';
import { ViewPayPage } from '../../src/application/pay/view-pay-page.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { Journey } from './journey.js';
import { again, dataOf, NUMBER, queued, status, text, types, work } from './text-journey.js';

describe('consent to texts', () => {
  it('is asked for once a number, and kept', async () => {
    const journey = await Journey.begin({ channel: 'none' });
    await expect(again(journey)).rejects.toMatchObject({ code: 'text_consent_missing' });
    expect(types(journey, 'contact-')).toEqual([]);
    await again(journey, 'staff');
    expect(dataOf(journey, 'ContactTextConsentRecorded')).toMatchObject({ how: 'staff', branchId: journey.branchId });
    await again(journey);
    expect(types(journey, 'contact-')).toEqual(['ContactTextConsentRecorded']);
  });

  it('is kept for no link that was refused', async () => {
    const journey = await Journey.begin({ channel: 'none' });
    await journey.pay(CARDS.credit);
    await expect(again(journey, 'staff')).rejects.toMatchObject({ code: 'invoice_paid' });
    expect(types(journey, 'contact-')).toEqual([]);
    expect(journey.world.uses.uses.size).toBe(0);
  });
});

describe('a STOP', () => {
  it('holds at once: what is queued is not sent, and nobody can send more', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    await again(journey);
    const jobs = await queued(journey);
    await journey.app.runJob(jobs[0]!);
    await text(journey, 'Stop');
    await journey.app.runJob(jobs[1]!);
    expect(journey.world.texter.taken).toHaveLength(1);
    expect(dataOf(journey, 'LinkSendFailed')).toMatchObject({ code: 'contact_opted_out' });
    await expect(again(journey, 'staff')).rejects.toMatchObject({
      code: 'contact_opted_out',
      details: { say: 'text START to +12125550199' },
    });
  });

  it('answers a repeat of what was asked for before as it was', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    const { link } = await again(journey, undefined, 'key-1');
    await text(journey, 'STOP');
    expect((await again(journey, undefined, 'key-1')).link.linkId).toBe(link.linkId);
  });

  it('stops receipts too, and says so', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    await work(journey);
    await text(journey, 'STOP');
    await journey.pay(CARDS.credit);
    const promised = async () => (await journey.app.ask(new ViewPayPage({ linkId: journey.linkId }))).paid?.sentTo;
    expect(await promised()).toBeUndefined();
    await text(journey, 'START', 'SMin2');
    expect(await promised()).toBe(NUMBER);
    await text(journey, 'STOP', 'SMin3');
    await work(journey);
    expect(dataOf(journey, 'ReceiptSendFailed')).toMatchObject({ code: 'contact_opted_out' });
    expect(journey.world.texter.taken).toHaveLength(1);
  });

  it('ends with START, and only with that', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    await text(journey, 'STOP', 'SMin1');
    await text(journey, 'STOP', 'SMin1');
    await text(journey, 'START', 'SMin2');
    await again(journey);
    await text(journey, 'STOP', 'SMin1');
    expect(types(journey, 'contact-')).toEqual(['ContactTextConsentRecorded', 'ContactOptedOut', 'ContactOptedIn']);
  });

  it('may come from the carrier while sending, or be told to staff', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    const [job] = await queued(journey);
    journey.world.texter.moods.push({
      outcome: 'refused',
      code: '21610',
      reason: 'Twilio 21610',
      recipient: 'opted_out',
    });
    await journey.app.runJob(job!);
    expect(dataOf(journey, 'LinkSendFailed')).toMatchObject({ code: '21610' });
    expect(dataOf(journey, 'ContactOptedOut')).toMatchObject({ source: 'carrier' });
    const other = await Journey.begin({ channel: 'sms' });
    await other.app.ask(new OptOutContact({ phone: NUMBER, country: 'US' }, by('staff:1')));
    expect(dataOf(other, 'ContactOptedOut')).toMatchObject({ source: 'staff' });
  });

  it('holds while the work of it has to wait: the job does it', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    const { executor } = journey.app;
    const run = executor.run.bind(executor);
    executor.run = () => Promise.reject(new Error('away'));
    await text(journey, 'STOP');
    executor.run = run;
    expect(types(journey, 'contact-')).not.toContain('ContactOptedOut');
    journey.world.queue.flush();
    journey.world.clock.advance(3 * 60_000);
    await journey.app.sweep.run();
    await work(journey);
    expect(types(journey, 'contact-')).toContain('ContactOptedOut');
  });
});

describe('what the provider reports', () => {
  it('is kept once, in whatever order it comes', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    await work(journey);
    await status(journey, 'delivered');
    await status(journey, 'sent');
    await status(journey, 'delivered');
    await status(journey, 'undelivered', 'SM1', '30003');
    await work(journey);
    expect(types(journey, 'invoice-').slice(2)).toEqual(['LinkSent', 'LinkDelivered']);
  });

  it('of a text that did not arrive tells of the number too', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    await work(journey);
    await status(journey, 'undelivered', 'SM1', '30006');
    await work(journey);
    expect(dataOf(journey, 'LinkBounced')).toMatchObject({ linkId: journey.linkId, code: '30006' });
    expect(dataOf(journey, 'ContactUnreachable')).toMatchObject({ channel: 'sms', code: '30006' });
    const { warnings } = await again(journey);
    expect(warnings).toEqual([expect.objectContaining({ code: 'address_bounced', reason: 'Twilio 30006' })]);
  });

  it('before the list knows the text is looked at again; about a stranger’s text it is given up', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    await work(journey);
    journey.world.texts.isBehind = true;
    await status(journey, 'delivered');
    const [job] = await queued(journey);
    await journey.app.runJob(job!);
    journey.world.queue.waiting.delete(job!.id);
    const [next] = await queued(journey);
    expect(next).toMatchObject({ name: 'take-text-notice', delayMs: 1_000 });
    journey.world.texts.isBehind = false;
    await work(journey);
    expect(types(journey, 'invoice-')).toContain('LinkDelivered');
    await status(journey, 'delivered', 'SMother');
    await work(journey);
    expect(journey.world.notices.kept.get('status-SMother-delivered')).toMatchObject({ outcome: 'unknown_message' });
    expect([...journey.world.notices.kept.values()].every(({ notice }) => notice === undefined)).toBe(true);
  });
});

describe('what a customer texts', () => {
  it('stands on the invoice and goes to the branch, once, without a card number', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    await work(journey);
    for (let times = 0; times < 2; times += 1) {
      const { answer } = await text(journey, 'Please charge 4242 4242 4242 4242 on Friday');
      expect(answer).toBeUndefined();
    }
    await work(journey);
    expect(types(journey, 'invoice-').filter((type) => type === 'CustomerReplied')).toHaveLength(1);
    expect(journey.world.mailer.taken).toMatchObject([
      { to: 'office@example.com', text: 'Please charge [card number removed] on Friday' },
    ]);
  });

  it('is answered where it is HELP', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    await work(journey);
    const { answer } = await text(journey, 'HELP');
    expect(answer).toMatch(/^Main Street: texts about your invoices\. .*Reply STOP to opt out\.$/);
  });

  it('is acknowledged and counted where nobody knows the number', async () => {
    const journey = await Journey.begin({ channel: 'none' });
    await text(journey, 'Hello?');
    expect(journey.world.notices.kept.get('inbound-SMin1')).toMatchObject({ outcome: 'unknown_sender' });
  });
});
