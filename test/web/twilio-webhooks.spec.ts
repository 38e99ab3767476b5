import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import request from 'supertest';
import twilio from 'twilio';
import { JobQueue } from '../../src/application/ports.js';
import { TwilioNotices } from '../../src/infrastructure/sms/twilio-notices.js';
import type { MemoryQueue } from '../support/doubles/stores.js';
import { startWorld, type World } from './api-world.js';
import { TWILIO_AUTH_TOKEN } from './message-providers.js';

const PUBLIC_URL = 'http://localhost:3000';
let world: World;
let invoiceId: string;

beforeAll(async () => {
  world = await startWorld();
  const branch = await world.call('post', '/api/v1/branches').send({
    ...{
      name: 'Main Street',
      timeZone: 'America/New_York',
      currency: 'USD',
      locale: 'en-US',
      country: 'US',
      region: 'NY',
    },
    ...{ replyTo: 'office@example.com', telephone: '+12125550123' },
  });
  const invoice = await world.call('post', '/api/v1/invoices').send({
    ...{ branchId: branch.body.id, number: 'INV-1', issuedOn: '2026-11-20', dueOn: '2026-12-20', currency: 'USD' },
    customer: { name: 'Ada Byron', phone: '+12125550100' },
    lines: [{ description: 'Storage', unitPrice: 12500 }],
  });
  invoiceId = invoice.body.id as string;
  const link = await world.call('post', `/api/v1/invoices/${invoiceId}/links`).send({ channel: 'sms' });
  expect(link.status).toBe(202);
  await world.append(`invoice-${invoiceId}`, [
    { type: 'LinkSent', data: { linkId: link.body.id, messageId: 'm', providerId: 'SM1' } },
  ]);
  await world.catchUp();
});
afterAll(() => world.dispose());

/** As the documentation of the signature says it: the address, then each parameter with its value, in the order of the names. */
function sign(path: string, form: Record<string, string>, token = TWILIO_AUTH_TOKEN): string {
  const text = Object.keys(form)
    .sort()
    .reduce((sum, name) => sum + name + form[name], PUBLIC_URL + path);
  return createHmac('sha1', token).update(text).digest('base64');
}

function post(path: string, form: Record<string, string>, signature = sign(path, form)): request.Test {
  return request(world.app.getHttpServer())
    .post(path)
    .set('X-Twilio-Signature', signature)
    .set('Content-Type', 'application/x-www-form-urlencoded; charset=utf-8')
    .send(new URLSearchParams(form).toString());
}

const STATUS = '/webhooks/twilio/status';
const INBOUND = '/webhooks/twilio/inbound';
const inbound = (sid: string, body: string, from = '+12125550100') => ({
  ...{ MessageSid: sid, From: from, To: '+15005550006', Body: body, AccountSid: 'AC1', NumMedia: '0' },
});
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';
const types = (prefix: string) =>
  world.store.all().flatMap(({ stream, type }) => (stream.startsWith(prefix) ? [type] : []));
const rows = async (id: string) =>
  (await world.pool.query('SELECT * FROM text_notices WHERE notice_id = $1', [id])).rows as Record<string, unknown>[];

describe('the signature', () => {
  it('is the one that is published as an example', () => {
    const form = {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675310',
      Digits: '1234',
      From: '+14158675310',
      To: '+18005551212',
    };
    const url = 'https://example.com/myapp.php?foo=1&bar=2';
    expect(twilio.getExpectedTwilioSignature('12345', url, form)).toBe(
      createHmac('sha1', '12345')
        .update(`${url}CallSidCA1234567890ABCDECaller+14158675310Digits1234From+14158675310To+18005551212`)
        .digest('base64'),
    );
  });

  it('covers the public address, every parameter and nothing that is missing', () => {
    const reader = new TwilioNotices(TWILIO_AUTH_TOKEN, PUBLIC_URL);
    const form = { MessageSid: 'SM1', MessageStatus: 'delivered', To: '+12125550100' };
    const read = (changes: Record<string, string>, path = STATUS, signature = sign(STATUS, form)) =>
      reader.read('status', {
        path,
        signature,
        body: Buffer.from(new URLSearchParams({ ...form, ...changes }).toString()),
      });
    expect(read({})).toMatchObject({ kind: 'status', providerId: 'SM1', means: 'delivered' });
    expect(read({ MessageStatus: 'failed' })).toBeUndefined();
    expect(read({ Extra: '1' })).toBeUndefined();
    expect(read({}, '/webhooks/twilio/inbound')).toBeUndefined();
    expect(read({}, STATUS, sign(STATUS, form, 'another-token'))).toBeUndefined();
    expect(read({}, STATUS, '')).toBeUndefined();
  });

  it.each([STATUS, INBOUND])('that is wrong or missing is refused at %s, and nothing is kept', async (path) => {
    const form = { MessageSid: 'SMforged', MessageStatus: 'delivered', From: '+12125550100', Body: 'STOP' };
    for (const signature of ['', 'forged', sign(path, form, 'wrong')]) {
      const refused = await post(path, form, signature);
      expect([refused.status, refused.body.code]).toEqual([403, 'webhook_not_signed']);
    }
    expect(await rows('inbound-SMforged')).toEqual([]);
    expect(await rows('status-SMforged-delivered')).toEqual([]);
  });

  it('does not make a notice of what is none', async () => {
    for (const [path, form] of [
      [STATUS, { MessageSid: 'SM1' }],
      [STATUS, { MessageStatus: 'delivered', MessageSid: 'no id!' }],
      [INBOUND, { MessageSid: 'SM1', Body: 'STOP' }],
    ] as const) {
      const refused = await post(path, { ...form });
      expect([refused.status, refused.body.code]).toEqual([400, 'malformed_request']);
    }
  });
});

describe('a status', () => {
  const delivered = { MessageSid: 'SM1', MessageStatus: 'delivered', To: '+12125550100', From: '+15005550006' };

  it('is durable before it is acknowledged, and asked for once however often it comes', async () => {
    const queue = world.app.get<MemoryQueue>(JobQueue, { strict: false });
    for (let times = 0; times < 3; times += 1) {
      const answer = await post(STATUS, delivered).expect(200);
      expect([answer.headers['content-type'], answer.text]).toEqual(['text/xml; charset=utf-8', EMPTY]);
    }
    expect(await rows('status-SM1-delivered')).toMatchObject([{ processed_at: null, notice: { providerId: 'SM1' } }]);
    expect([...queue.waiting.keys()].filter((id) => id.includes('status-SM1'))).toEqual([
      'take-text-notice-status-SM1-delivered',
    ]);
  });

  it('on the way leads to nothing', async () => {
    await post(STATUS, { ...delivered, MessageStatus: 'sending' }).expect(200);
    expect(await rows('status-SM1-sending')).toEqual([]);
  });
});

describe('an inbound text', () => {
  it('HELP is answered with who it is, how to reach them and how to stop', async () => {
    const { text } = await post(INBOUND, inbound('SMhelp', 'Help')).expect(200);
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Main Street: texts about your invoices. Questions? +12125550123. Reply STOP to opt out.</Message></Response>',
    );
  });

  it('in words stands on the invoice, once, and its words are kept nowhere else', async () => {
    for (let times = 0; times < 2; times += 1) {
      expect((await post(INBOUND, inbound('SMwords', 'I pay on <Friday>')).expect(200)).text).toBe(EMPTY);
    }
    expect(types(`invoice-${invoiceId}`).filter((type) => type === 'CustomerReplied')).toHaveLength(1);
    expect(await rows('inbound-SMwords')).toMatchObject([{ notice: null, outcome: 'done' }]);
    expect(world.logs.join('')).not.toMatch(/Friday|2125550100/);
  });

  it('STOP holds from the moment that it is answered', async () => {
    await post(INBOUND, inbound('SMstop', ' stop. ')).expect(200);
    const refused = await world.call('post', `/api/v1/invoices/${invoiceId}/links`).send({ channel: 'sms' });
    expect([refused.status, refused.body.code, refused.body.say]).toEqual([
      409,
      'contact_opted_out',
      'text START to +12125550199',
    ]);
    await post(INBOUND, inbound('SMstart', 'START')).expect(200);
    await world.call('post', `/api/v1/invoices/${invoiceId}/links`).send({ channel: 'sms' }).expect(202);
  });

  it('of a stranger is acknowledged', async () => {
    await post(INBOUND, inbound('SMstranger', 'Who is this?', '+12125550177')).expect(200);
    expect(await rows('inbound-SMstranger')).toMatchObject([{ notice: null, outcome: 'unknown_sender' }]);
  });
});
