import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { countSegments } from '../../src/sandbox/twilio/segments.js';
import { until as eventually } from '../support/until.js';
import { ACCOUNT, startMessageStandIns } from './message-stand-ins.js';
import { startListener } from './web-listener.js';

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

  it.each([
    [30001, 'failed'],
    [30003, 'undelivered'],
    [30005, 'undelivered'],
    [30006, 'undelivered'],
    [30008, 'undelivered'],
  ])('takes a text to the number of code %d and reports it as %s later', async (code, status) => {
    const { body } = await send(`+1500555${String(code).replace('300', '30')}`);
    const shown = await until(String(body['sid']), status);
    expect(shown).toMatchObject({ error_code: code, status });
    expect(shown.date_sent === null).toBe(status === 'failed');
    expect(await standIns.messages(`?to=${encodeURIComponent(String(body['to']))}`)).toEqual([]);
  });

  it('takes a text at the second try where the number is one that spoils the first', async () => {
    const stumbling = '+15005550500';
    expect((await send(stumbling)).status).toBe(500);
    expect((await send(stumbling)).status).toBe(201);
    expect((await send(stumbling, { Body: 'Another' })).status).toBe(500);
    const deaf = '+15005550504';
    await expect(send(deaf)).rejects.toThrow();
    expect(await standIns.messages(`?to=${encodeURIComponent(deaf)}`)).toHaveLength(1);
    expect((await send(deaf)).status).toBe(201);
  });

  it('fails every so manieth text within the provider, when asked', async () => {
    await standIns.setFaults('twilio', { errorEvery: 3 });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await send('+12125550166', { Body: `Text ${n}` })).status);
    expect(statuses).toEqual([201, 201, 500, 201, 201, 500]);
  });

  it("sends from the account's further numbers and by messaging services, and from nobody else's", async () => {
    expect((await send('+12125550123', { From: '+15005550013' })).body).toMatchObject({ from: '+15005550013' });
    const service = `MG${'0'.repeat(32)}`;
    const accepted = await call(`${API}.json`, { To: '+12125550123', MessagingServiceSid: service, Body: 'Hello' });
    expect(accepted.body).toMatchObject({
      from: ACCOUNT.from,
      status: 'accepted',
      messaging_service_sid: service,
    });
    const unknown = await call(`${API}.json`, { To: '+12125550123', MessagingServiceSid: 'MG1', Body: 'Hello' });
    expect(unknown).toMatchObject({ status: 404, body: { code: 20404 } });
  });

  it('counts segments as they travel', () => {
    expect(countSegments('x'.repeat(160))).toBe(1);
    expect(countSegments('x'.repeat(161))).toBe(2);
    expect(countSegments(`${'x'.repeat(159)}€`)).toBe(2);
    expect(countSegments('→'.repeat(70))).toBe(1);
    expect(countSegments('→'.repeat(71))).toBe(2);
  });
});

describe('its reports to the service', () => {
  it('tell each later status, signed, and again where the answer was an error', async () => {
    let failures = 1;
    const service = await startListener(() => ({ status: failures-- > 0 ? 503 : 204 }));
    const url = `${service.url}/status?a=1`;
    try {
      await standIns.setFaults('twilio', { undeliverable: ['+12125550144'], undeliverableCode: 30006 });
      const { body } = await send('+12125550144', { StatusCallback: url });
      await eventually(() => service.told.length === 3, 'all reports');
      const statuses = service.told.map(({ parameters }) => parameters['MessageStatus']);
      expect(statuses.sort()).toEqual(['sent', 'sent', 'undelivered']);
      for (const { signature, parameters } of service.told) {
        expect(parameters).toMatchObject({ MessageSid: body['sid'], To: '+12125550144', From: ACCOUNT.from });
        expect(parameters['ErrorCode']).toBe(parameters['MessageStatus'] === 'undelivered' ? '30006' : undefined);
        expect(twilio.validateRequest(ACCOUNT.authToken, signature, url, parameters)).toBe(true);
      }
      expect(await until(String(body['sid']), 'undelivered')).toMatchObject({ error_code: 30006 });
      expect(await standIns.messages('?to=%2B12125550144')).toEqual([]);
    } finally {
      await service.stop();
    }
  });

  it('come twice, the last one first, late or never, when asked', async () => {
    const service = await startListener();
    const statusesOf = (sid: unknown): string[] =>
      service.told.flatMap(({ parameters: { MessageSid, MessageStatus = '' } }) =>
        MessageSid === sid ? [MessageStatus] : [],
      );
    const sendWith = async (callbacks: object): Promise<unknown> => {
      await standIns.setFaults('twilio', { callbacks });
      return (await send('+12125550145', { StatusCallback: service.url })).body['sid'];
    };
    try {
      const dropped = await sendWith({ dropped: true });
      const start = Date.now();
      const spoilt = await sendWith({ doubled: true, reordered: true, delayMs: 700 });
      await eventually(() => statusesOf(spoilt).length === 4, 'all reports');
      expect(statusesOf(spoilt)).toEqual(['delivered', 'delivered', 'sent', 'sent']);
      expect((service.told[0]?.at ?? 0) - start).toBeGreaterThan(1150);
      expect(statusesOf(dropped)).toEqual([]);
    } finally {
      await service.stop();
    }
  });
});
