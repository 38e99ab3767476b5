/** The words of a branch over the API: by message and language, tried, sent to oneself, taken back, with who did what. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MessageSamples } from '../../src/application/branch/message-samples.js';
import { EventCodec } from '../../src/application/event-codec.js';
import { Execute } from '../../src/application/execute.js';
import { branchStream } from '../../src/application/ids.js';
import { MessageDelivery } from '../../src/application/jobs/message-delivery.js';
import { SendTestMessageJob } from '../../src/application/jobs/send-test-message.js';
import { LinkUrls } from '../../src/application/link-urls.js';
import { type MessageCapLimits, MessageSettings } from '../../src/application/messages/message-settings.js';
import { Clock, Mailer, Texter } from '../../src/application/ports.js';
import { testMessages } from '../../src/application/processes/test-messages.js';
import type { FakeMailer, FakeTexter } from '../support/doubles/messages.js';
import { makeBranch } from './api-examples.js';
import { startWorld, type World } from './api-world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.dispose());

const RECEIPT = {
  email: { subject: 'Recibo {{receiptNumber}}', body: 'Gracias, {{customerName}}. Pagado el {{paidOn}} con {{card}}.' },
  sms: { body: '{{branchName}}: {{amountPaid}} {{link}}' },
};
const REMINDER = {
  email: { subject: 'Still open: {{dueStatus}}', body: '{{amountDue}} is {{dueStatus}}.\n\n{{link}}' },
  sms: { body: '{{branchName}} {{link}}' },
};

/** Runs every job that the branch's events ask for, as often as asked. */
async function work(branchId: string): Promise<void> {
  const { app, store } = world;
  const job = new SendTestMessageJob(
    app.get(Execute),
    app.get(MessageSamples),
    app.get(LinkUrls),
    app.get(MessageDelivery),
    app.get(Clock),
  );
  const events = await app.get(EventCodec).decodeStream(await store.readStream(branchStream(branchId)));
  for (const intent of events.flatMap((event) => testMessages.react(event))) {
    if (intent.kind === 'job') await job.run(intent.job.payload);
  }
}

const path = (branchId: string, kind: string): string => `/api/v1/branches/${branchId}/messages/${kind}`;

describe('the messages of a branch', () => {
  it('are worded by kind and language, and each language that was not has the default words of that language', async () => {
    const id = await makeBranch(world);
    for (const [kind, language, said] of [
      ['invoice-link', 'es', 'Factura'],
      ['receipt', 'fr', 'Reçu'],
      ['reminder', 'en', 'Reminder'],
      ['reminder', 'de', 'Reminder'],
    ]) {
      const { body } = await world.call('get', `${path(id, kind!)}?language=${language}`).expect(200);
      expect(body).toMatchObject({ kind, language, customized: false });
      expect(body.email.subject).toContain(said);
      expect(body.placeholders).toContainEqual({ name: 'link', description: expect.stringMatching(/link to the/) });
    }
    await world
      .call('put', `${path(id, 'receipt')}?language=es`)
      .send(RECEIPT)
      .expect(200);
    const own = await world.call('get', `${path(id, 'receipt')}?language=es`).expect(200);
    expect(own.body).toMatchObject({ ...RECEIPT, customized: true });
    const other = await world.call('get', path(id, 'receipt')).expect(200);
    expect(other.body).toMatchObject({ language: 'en', customized: false });
    await world.call('get', path(id, 'farewell')).expect(400);
  });

  it('are seen as they would arrive, in a language that is asked for', async () => {
    const id = await makeBranch(world);
    const receipt = await world
      .call('post', `${path(id, 'receipt')}/preview`)
      .send({ language: 'es', ...RECEIPT })
      .expect(200);
    expect(receipt.body.email.html).toContain('<html lang="es">');
    expect(receipt.body.email.text).toContain('Visa terminada en 4242');
    const reminder = await world
      .call('post', `${path(id, 'reminder')}/preview`)
      .send({ language: 'fr' })
      .expect(200);
    expect(reminder.body.email.subject).toContain('échéance dans 30 jours');
    const refused = await world
      .call('post', `${path(id, 'receipt')}/preview`)
      .send({ email: { subject: 'x', body: '{{amountDue}}' } })
      .expect(422);
    expect(refused.body).toMatchObject({ code: 'template_invalid', errors: [{ path: 'email.body' }] });
  });

  it('go back to the default words, once', async () => {
    const id = await makeBranch(world);
    await world.call('put', path(id, 'reminder')).send(REMINDER).expect(200);
    const back = await world.call('delete', path(id, 'reminder')).expect(200);
    expect(back.body).toMatchObject({ customized: false });
    const again = await world.call('delete', path(id, 'reminder')).expect(200);
    expect(again.body.revision).toBe(back.body.revision);
    await world.call('delete', path(id, 'reminder')).set('If-Match', '"0"').expect(412);
  });

  it('are sent to oneself once, marked as a test, by the words that are given', async () => {
    const id = await makeBranch(world);
    const send = () =>
      world
        .call('post', `${path(id, 'reminder')}/test-send`)
        .set('Idempotency-Key', 'try-1')
        .send({ channel: 'email', to: 'staff@example.com', email: REMINDER.email });
    const first = await send().expect(202);
    expect(first.body).toMatchObject({ channel: 'email', recipient: 'staff@example.com', status: 'queued' });
    expect((await send().expect(202)).body.requestId).toBe(first.body.requestId);
    expect(JSON.stringify(world.store.all().map(({ data }) => data))).not.toContain('staff@example.com');
    await work(id);
    await work(id);
    const mails = world.app.get<Mailer, FakeMailer>(Mailer).taken.filter(({ to }) => to === 'staff@example.com');
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      messageId: `test.${first.body.requestId}@localhost`,
      subject: 'Test: Still open: due in 30 days',
    });
    expect(mails[0]!.text).toContain('Test message');
  });

  it('are sent to oneself by text, in a language, and refused for what is no address', async () => {
    const id = await makeBranch(world);
    const to = '+12125550177';
    const test = { channel: 'sms', to, language: 'es' };
    await world
      .call('post', `${path(id, 'receipt')}/test-send`)
      .send(test)
      .expect(202);
    await work(id);
    const texts = world.app.get<Texter, FakeTexter>(Texter).taken.filter((text) => text.to === to);
    expect(texts).toHaveLength(1);
    expect(texts[0]!.body).toMatch(/^Prueba: /);
    const bad = await world
      .call('post', `${path(id, 'receipt')}/test-send`)
      .send({ channel: 'email', to: 'a@example.com, b@example.com' });
    expect([bad.status, bad.body.code]).toEqual([422, 'invalid_recipient']);
  });

  it('are not sent to anybody as often as somebody likes: tests count like other texts', async () => {
    const id = await makeBranch(world);
    const settings = world.app.get<MessageSettings, { caps: MessageCapLimits }>(MessageSettings);
    const former = settings.caps;
    settings.caps = { ...former, numberPerDay: 2 };
    const send = (key: string) =>
      world
        .call('post', `${path(id, 'receipt')}/test-send`)
        .set('Idempotency-Key', key)
        .send({ channel: 'sms', to: '+12125550178' });
    for (const key of ['cap-1', 'cap-2', 'cap-2']) await send(key).expect(202);
    const refused = await send('cap-3');
    expect([refused.status, refused.body.code, refused.body.cap]).toEqual([429, 'cap_reached', 'number_per_day']);
    settings.caps = former;
    await send('cap-3').expect(202);
  });

  it('have a history that says who did what, newest first, and how a test went', async () => {
    const id = await makeBranch(world);
    await world
      .call('put', `${path(id, 'receipt')}?language=es`)
      .send(RECEIPT)
      .expect(200);
    const test = { channel: 'email', to: 'staff@example.com', language: 'es' };
    await world
      .call('post', `${path(id, 'receipt')}/test-send`)
      .send(test)
      .expect(202);
    await work(id);
    await world.call('delete', `${path(id, 'receipt')}?language=es`).expect(200);
    await world.call('put', path(id, 'reminder')).send(REMINDER).expect(200);
    const { body } = await world.call('get', `${path(id, 'receipt')}/history`).expect(200);
    expect(body.items).toEqual([
      expect.objectContaining({
        what: 'reset',
        language: 'es',
        message: null,
        actor: expect.stringMatching(/^staff:/),
      }),
      expect.objectContaining({ what: 'test_requested', outcome: 'sent', message: null }),
      expect.objectContaining({ what: 'customized', language: 'es', message: RECEIPT, outcome: null }),
    ]);
    const none = await world.call('get', `${path(id, 'receipt')}/history?language=fr`).expect(200);
    expect(none.body.items).toEqual([]);
  });

  it('come from the branch’s own senders, and lead to its terms', async () => {
    const id = await makeBranch(world, {
      emailFrom: 'invoices@harbor.example',
      smsSender: `MG${'a'.repeat(32)}`,
      privacyUrl: 'https://harbor.example/privacy',
    });
    const preview = await world.call('post', `${path(id, 'invoice-link')}/preview`).expect(200);
    expect(preview.body.email.html).toContain('href="https://harbor.example/privacy"');
    expect(preview.body.email.text).toContain('Privacy: https://harbor.example/privacy');
    await world
      .call('post', `${path(id, 'invoice-link')}/test-send`)
      .send({ channel: 'email', to: 'from@example.com' })
      .expect(202);
    await work(id);
    const mail = world.app.get<Mailer, FakeMailer>(Mailer).taken.find(({ to }) => to === 'from@example.com');
    expect(mail).toMatchObject({ fromAddress: 'invoices@harbor.example' });
    for (const wrong of [
      { emailFrom: 'a@example.com, b@example.com' },
      { smsSender: '12' },
      { privacyUrl: 'http://harbor.example' },
      { termsUrl: 'javascript:alert(1)' },
    ]) {
      const refused = await world.call('patch', `/api/v1/branches/${id}`).send(wrong);
      expect([refused.status, refused.body.errors[0].path]).toEqual([400, Object.keys(wrong)[0]]);
    }
  });
});
