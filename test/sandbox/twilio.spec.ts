import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { readBody } from '../../src/sandbox/handler.js';
import { countSegments } from '../../src/sandbox/twilio/segments.js';
import { ACCOUNT, startMessageStandIns } from './message-stand-ins.js';

const API = `/2010-04-01/Accounts/${ACCOUNT.accountSid}/Messages`;
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT.accountSid}:${ACCOUNT.authToken}`).toString('base64')}`;

interface Shown {
  readonly sid: string;
  readonly status: string;
  readonly date_sent: string | null;
  readonly num_segments: string;
  readonly body: string;
  readonly error_code: number | null;
}

let standIns: Awaited<ReturnType<typeof startMessageStandIns>>;

beforeAll(async () => {
  standIns = await startMessageStandIns();
});

afterEach(async () => {
  await standIns.setFaults('twilio', {});
});

afterAll(async () => {
  await standIns.stop();
});

async function call(path: string, form?: Record<string, string>, authorization = AUTHORIZATION) {
  const answer = await fetch(`${standIns.origin}${path}`, {
    headers: { authorization },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function send(to: string, changes: Record<string, string> = {}) {
  return call(`${API}.json`, { To: to, From: ACCOUNT.from, Body: 'Hello', ...changes });
}

async function until(sid: string, status: string): Promise<Shown> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const shown = (await call(`${API}/${sid}.json`)).body as unknown as Shown;
    if (shown.status === status) return shown;
    if (Date.now() > deadline) throw new Error(`The message is ${shown.status}, not ${status}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the stand-in for Twilio', () => {
  it('takes a message, which is queued, then sent, then delivered', async () => {
    const { status, body } = await send('+12125550111');
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'queued', date_sent: null, direction: 'outbound-api', to: '+12125550111' });
    expect(body['sid']).toMatch(/^SM[0-9a-f]{32}$/);
    const sent = await until(String(body['sid']), 'sent');
    expect(sent.date_sent).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
    await until(sent.sid, 'delivered');
  });

  it.each([
    [21604, { To: '' }],
    [21211, { To: '12125550100' }],
    [21211, { To: '+15005550001' }],
    [21610, { To: '+15005550004' }],
    [21614, { To: '+15005550009' }],
    [21603, { From: '' }],
    [21606, { From: '+12125550199' }],
    [21602, { Body: '' }],
    [21617, { Body: 'x'.repeat(1601) }],
    [21609, { StatusCallback: 'ftp://example.com' }],
  ])('refuses with code %d what Twilio refuses with it (%j)', async (code, wrong) => {
    const to = '+12125550122';
    const { status, body } = await send(to, wrong);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code, status: 400, more_info: `https://www.twilio.com/docs/errors/${code}` });
    expect(await standIns.messages(`?to=${encodeURIComponent(to)}`)).toEqual([]);
  });

  it('answers nobody but the account', async () => {
    const stranger = `Basic ${Buffer.from(`${ACCOUNT.accountSid}:wrong`).toString('base64')}`;
    expect(await call(`${API}.json`, undefined, stranger)).toMatchObject({ status: 401, body: { code: 20003 } });
    expect(await call(`${API}/SM${'0'.repeat(32)}.json`)).toMatchObject({ status: 404, body: { code: 20404 } });
    expect(await call('/2010-04-01/Accounts/AC1/Messages.json')).toMatchObject({ status: 404, body: { code: 20404 } });
  });

  it('lists by recipient and by time of sending, page by page, through the client of Twilio', async () => {
    const to = '+12125550133';
    const before = new Date(Date.now() - 1000);
    for (let n = 0; n < 5; n += 1) await send(to, { Body: `Text ${n}` });
    const last = (await call(`${API}.json?To=${encodeURIComponent(to)}&PageSize=1`)).body;
    await until((last['messages'] as Shown[])[0]?.sid ?? '', 'sent');
    const client = twilio(ACCOUNT.accountSid, ACCOUNT.authToken, {
      httpClient: new (class extends twilio.RequestClient {
        override request: InstanceType<typeof twilio.RequestClient>['request'] = (options) =>
          super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', standIns.origin) });
      })(),
    });
    const bodies = async (query: object): Promise<string[]> =>
      (await client.messages.list({ to, pageSize: 2, ...query })).map(({ body }) => body);
    const all = ['Text 4', 'Text 3', 'Text 2', 'Text 1', 'Text 0'];
    expect(await bodies({})).toEqual(all);
    expect(await bodies({ dateSentAfter: before })).toEqual(all);
    expect(await bodies({ dateSentBefore: before })).toEqual([]);
    expect(await bodies({ dateSentAfter: new Date(Date.now() + 60_000) })).toEqual([]);
  });

  it('refuses a list that cannot be read', async () => {
    expect(await call(`${API}.json?PageSize=many`)).toMatchObject({ status: 400, body: { code: 20001 } });
    expect(await call(`${API}.json?DateSent%3E=soon`)).toMatchObject({ status: 400, body: { code: 20001 } });
  });

  it('reports each later status, signed, and again where the answer was an error', async () => {
    const told: { signature: string; parameters: Record<string, string> }[] = [];
    let failures = 1;
    const server = createServer((request, response) => {
      void readBody(request, 10_000).then((body) => {
        const signature = String(request.headers['x-twilio-signature']);
        told.push({ signature, parameters: Object.fromEntries(new URLSearchParams(body)) });
        response.statusCode = failures-- > 0 ? 503 : 204;
        response.end();
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/twilio/status?a=1`;
    try {
      await standIns.setFaults('twilio', { undeliverable: ['+12125550144'] });
      const { body } = await send('+12125550144', { StatusCallback: url });
      const deadline = Date.now() + 10_000;
      while (told.length < 3 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(told.map(({ parameters }) => parameters['MessageStatus']).sort()).toEqual(['sent', 'sent', 'undelivered']);
      for (const { signature, parameters } of told) {
        expect(parameters).toMatchObject({ MessageSid: body['sid'], To: '+12125550144', From: ACCOUNT.from });
        expect(twilio.validateRequest(ACCOUNT.authToken, signature, url, parameters)).toBe(true);
      }
      expect(await until(String(body['sid']), 'undelivered')).toMatchObject({ error_code: 30003 });
      expect(await standIns.messages('?to=%2B12125550144')).toEqual([]);
    } finally {
      await new Promise((closed) => server.close(closed));
    }
  });

  it('counts segments as they travel', () => {
    expect(countSegments('x'.repeat(160))).toBe(1);
    expect(countSegments('x'.repeat(161))).toBe(2);
    expect(countSegments(`${'x'.repeat(159)}€`)).toBe(2);
    expect(countSegments('→'.repeat(70))).toBe(1);
    expect(countSegments('→'.repeat(71))).toBe(2);
  });
});
