/** From the event to the message and back: processes, jobs and the sweep. */
import { describe, expect, it } from '@jest/globals';
import { RevokeLink } from '../../src/application/invoice/revoke-link.js';
import { SendInvoicePdf } from '../../src/application/invoice/send-invoice-pdf.js';
import { VoidInvoice } from '../../src/application/invoice/void-invoice.js';
import { RetryLater, type Job } from '../../src/application/ports.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { linkIssued } from '../support/given-invoice.js';
import { Journey } from './journey.js';

/** What the processes have asked for, in the order in which they did. */
async function queued(journey: Journey): Promise<readonly Job[]> {
  while (await journey.app.processes.step(2));
  return [...journey.world.queue.waiting.values()];
}

/** Runs everything that is asked for until nothing is left. */
async function work(journey: Journey): Promise<void> {
  for (let jobs = await queued(journey); jobs.length > 0; jobs = await queued(journey)) {
    for (const job of jobs) {
      await journey.app.runJob(job);
      journey.world.queue.waiting.delete(job.id);
    }
  }
}

const typesOf = (journey: Journey) => journey.events().map(({ type }) => type);
const dataOf = (journey: Journey, type: string) => journey.events().find((event) => event.type === type)?.data;

describe('the message of a link', () => {
  it('is mailed once, however often the job runs', async () => {
    const journey = await Journey.begin();
    const [job] = await queued(journey);
    await journey.app.runJob(job!);
    await journey.app.runJob(job!);
    expect(typesOf(journey)).toEqual(['InvoiceRegistered', 'LinkIssued', 'LinkSent']);
    const [mail, ...more] = journey.world.mailer.taken;
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ to: 'ada@example.com', messageId: `link.${journey.linkId}@pay.example.com` });
    expect(mail!.text).toContain('$405.94 by debit card · up to $418.11 by credit card');
    expect(dataOf(journey, 'LinkSent')).toEqual({
      linkId: journey.linkId,
      messageId: mail!.messageId,
      providerId: '250-1',
    });
  });

  it('names nobody in the job, and has the event’s id', async () => {
    const journey = await Journey.begin();
    const [job] = await queued(journey);
    const issued = journey.events().find(({ type }) => type === 'LinkIssued')!;
    expect(job).toEqual({
      name: 'send-link',
      id: `send-link-${issued.id}`,
      payload: { invoiceId: journey.invoiceId, linkId: journey.linkId, cause: issued.id },
      delayMs: 0,
    });
  });

  it('has the same Message-ID when it is sent again after an answer was lost', async () => {
    const journey = await Journey.begin();
    const [job] = await queued(journey);
    journey.world.mailer.moods.push({ outcome: 'unknown', reason: 'closed' });
    await expect(journey.app.runJob(job!)).rejects.toBeInstanceOf(RetryLater);
    expect(dataOf(journey, 'LinkSent')).toBeUndefined();
    await journey.app.runJob(job!);
    expect(journey.world.mailer.taken).toHaveLength(2);
    expect(journey.world.mailer.shown()).toHaveLength(1);
  });

  it('is tried again later where the mail server says so, and not where it refuses', async () => {
    const journey = await Journey.begin();
    const [job] = await queued(journey);
    journey.world.mailer.moods.push({ outcome: 'temporary', code: '421', reason: 'busy' });
    await expect(journey.app.runJob(job!)).rejects.toBeInstanceOf(RetryLater);
    journey.world.mailer.moods.push({ outcome: 'refused', code: '550', reason: 'No such mailbox' });
    await journey.app.runJob(job!);
    await journey.app.runJob(job!);
    expect(typesOf(journey).at(-1)).toBe('LinkSendFailed');
    expect(dataOf(journey, 'LinkSendFailed')).toEqual({
      linkId: journey.linkId,
      code: '550',
      reason: 'No such mailbox',
    });
    expect(journey.world.mailer.taken).toEqual([]);
  });

  it('is not sent by a link that was revoked, nor for an invoice that was voided', async () => {
    const revoked = await Journey.begin();
    const { invoiceId, linkId } = revoked;
    await revoked.app.ask(new RevokeLink({ invoiceId, linkId }, by('staff:1')));
    await work(revoked);
    expect(typesOf(revoked).at(-1)).toBe('LinkRevoked');
    const voided = await Journey.begin();
    await voided.app.ask(new VoidInvoice({ invoiceId: voided.invoiceId, reason: 'x' }, by('staff:1')));
    await work(voided);
    expect(dataOf(voided, 'LinkSendFailed')).toMatchObject({ code: 'invoice_void' });
    expect([...revoked.world.mailer.taken, ...voided.world.mailer.taken]).toEqual([]);
  });

  it('that is copied is sent by nobody', async () =>
    expect(await queued(await Journey.begin({ channel: 'none' }))).toEqual([]));

  it('as a text is looked for before it is sent again', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    const [job] = await queued(journey);
    journey.world.texter.moods.push({ outcome: 'unknown', reason: 'closed' });
    await journey.app.runJob(job!);
    expect(typesOf(journey).at(-1)).toBe('LinkSent');
    expect(journey.world.texter.taken).toHaveLength(1);
  });

  it('as a text whose fate nobody knows is left to staff', async () => {
    const journey = await Journey.begin({ channel: 'sms' });
    const [job] = await queued(journey);
    journey.world.texter.find = () => Promise.resolve(undefined);
    journey.world.texter.moods.push({ outcome: 'unknown', reason: 'closed' });
    await journey.app.runJob(job!);
    expect(dataOf(journey, 'LinkSendFailed')).toMatchObject({ code: 'outcome_unknown' });
  });
});

describe('the PDF by mail', () => {
  it('carries the invoice and no link, once', async () => {
    const journey = await Journey.begin({ channel: 'none' });
    await journey.app.ask(new SendInvoicePdf({ invoiceId: journey.invoiceId }, by('staff:1')));
    const [job] = await queued(journey);
    await journey.app.runJob(job!);
    await journey.app.runJob(job!);
    const [mail, ...more] = journey.world.mailer.taken;
    expect(more).toEqual([]);
    expect(mail!.attachments.map(({ filename }) => filename)).toEqual(['invoice-INV-1001.pdf']);
    expect(mail!.text + mail!.html).not.toContain(journey.linkId);
    expect(typesOf(journey).at(-1)).toBe('InvoicePdfSent');
  });
});

describe('a receipt', () => {
  it.each([
    ['email', 1, 0],
    ['sms', 0, 1],
    ['none', 0, 0],
  ] as const)('by %s follows the capture, numbered, once', async (channel, mails, texts) => {
    const journey = await Journey.begin({ channel });
    await journey.pay(CARDS.credit);
    await work(journey);
    await work(journey);
    const types = journey.types().filter((type) => type.startsWith('Receipt'));
    expect(types).toEqual(mails + texts > 0 ? ['ReceiptIssued', 'ReceiptSent'] : ['ReceiptIssued']);
    expect(dataOf(journey, 'ReceiptIssued')).toMatchObject({ number: '000001' });
    const receiptUrl = `/receipts/${dataOf(journey, 'ReceiptIssued')!['receiptId'] as string}`;
    expect(journey.world.mailer.taken.filter(({ text }) => text.includes(receiptUrl))).toHaveLength(mails);
    expect(journey.world.texter.taken.filter(({ body }) => body.includes(receiptUrl))).toHaveLength(texts);
  });
});

describe('a message that nobody will ever take', () => {
  const refused = { outcome: 'refused', code: '550', reason: 'No such mailbox' } as const;

  it('ends the sending of a receipt: it is recorded, and neither a retry nor the sweep tries again', async () => {
    const journey = await Journey.begin();
    await work(journey);
    await journey.pay(CARDS.credit);
    journey.world.mailer.moods.push(refused);
    await work(journey);
    await work(journey);
    expect(dataOf(journey, 'ReceiptSendFailed')).toMatchObject({ code: '550', reason: 'No such mailbox' });
    expect(journey.types()).not.toContain('ReceiptSent');
    journey.world.clock.advance(24 * 60 * 60_000);
    expect(await journey.app.sweep.run()).toBe(0);
  });

  it('ends the mailing of a PDF', async () => {
    const journey = await Journey.begin({ channel: 'none' });
    await journey.app.ask(new SendInvoicePdf({ invoiceId: journey.invoiceId }, by('staff:1')));
    journey.world.mailer.moods.push(refused);
    await work(journey);
    expect(typesOf(journey).at(-1)).toBe('InvoicePdfSendFailed');
    journey.world.clock.advance(24 * 60 * 60_000);
    expect(await journey.app.sweep.run()).toBe(0);
  });
});

describe('the sweep', () => {
  it('asks ever more rarely for what fails again and again', async () => {
    const journey = await Journey.begin();
    const asked = new Set<string>();
    for (let minutes = 0; minutes < 24 * 60; minutes += 2) {
      journey.world.clock.advance(2 * 60_000);
      await journey.app.sweep.run();
      for (const { id } of journey.world.queue.waiting.values()) if (id.includes('again')) asked.add(id);
    }
    expect(asked.size).toBeGreaterThanOrEqual(9);
    expect(asked.size).toBeLessThanOrEqual(11);
  });

  it.each([
    ['bulk' as const, true],
    ['reminder' as const, true],
    ['staff' as const, undefined],
  ])(
    'asks for a link (%s) where its first job stands: beside that one the message would go out twice',
    async (purpose, yields) => {
      const journey = await Journey.begin({ channel: 'none' });
      const { customerId: _customerId, ...data } = linkIssued().data;
      const link = { ...data, ...(purpose !== 'staff' && { purpose }) };
      await journey.app.executor.run({
        decider: invoiceDecider,
        stream: `invoice-${journey.invoiceId}`,
        command: { type: 'IssueLink', link },
        context: by('staff:1'),
      });
      await queued(journey);
      const first = [...journey.world.queue.waiting.values()].map((job) => job.yields);
      journey.world.queue.flush();
      journey.world.clock.advance(10 * 60_000);
      expect(await journey.app.sweep.run()).toBe(1);
      expect([...journey.world.queue.waiting.values()].map((job) => job.yields)).toEqual(first);
      expect(first).toEqual([yields]);
    },
  );

  it('asks again for everything that was lost with the queue, and for nothing that is young', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.credit);
    await queued(journey);
    journey.world.queue.flush();
    expect(await journey.app.sweep.run()).toBe(0);
    journey.world.clock.advance(10 * 60_000);
    expect(await journey.app.sweep.run()).toBe(2);
    expect([...journey.world.queue.waiting.values()].map(({ name }) => name).sort()).toEqual([
      'issue-receipt',
      'send-link',
    ]);
    await work(journey);
    expect(journey.types().slice(-2)).toEqual(['ReceiptIssued', 'ReceiptSent']);
    expect(await journey.app.sweep.run()).toBe(0);
  });
});
