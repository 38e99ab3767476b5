import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { messagesOf } from '../../src/sandbox/twilio/twiml.js';
import { until } from '../support/until.js';
import { ACCOUNT, startMessageStandIns } from './message-stand-ins.js';
import type { ShownMessage } from './message-stand-ins.js';
import { startListener } from './web-listener.js';
import type { Answer, Told } from './web-listener.js';

let standIns: Awaited<ReturnType<typeof startMessageStandIns>>;
let service: Awaited<ReturnType<typeof startListener>>;
let client: twilio.Twilio;
let answer: (told: Told) => Answer = () => ({});

beforeAll(async () => {
  service = await startListener((told) => answer(told));
  standIns = await startMessageStandIns(service.url);
  client = twilio(ACCOUNT.accountSid, ACCOUNT.authToken, {
    httpClient: new (class extends twilio.RequestClient {
      override request: InstanceType<typeof twilio.RequestClient>['request'] = (options) =>
        super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', standIns.origin) });
    })(),
  });
});

afterEach(async () => {
  answer = () => ({});
  await standIns.setFaults('twilio', {});
});

afterAll(async () => {
  await standIns.stop();
  await service.stop();
});

const send = (to: string): Promise<{ sid: string }> =>
  client.messages.create({ to, from: ACCOUNT.from, body: 'Your invoice' });

const receivedBy = (to: string): Promise<ShownMessage[]> => standIns.messages(`?to=${encodeURIComponent(to)}`);

async function reply(from: string, body: string): Promise<Told> {
  const sid = await standIns.reply(from, body);
  const isAboutIt = ({ parameters }: Told): boolean => parameters['MessageSid'] === sid;
  await until(() => service.told.some(isAboutIt), 'the service to hear of it');
  return service.told.find(isAboutIt) as Told;
}

describe('a text that comes in', () => {
  it('is told to the service, signed, as Twilio tells it', async () => {
    const { signature, parameters } = await reply('+12125550110', 'Is the fee included? é');
    expect(parameters).toEqual({
      AccountSid: ACCOUNT.accountSid,
      ApiVersion: '2010-04-01',
      Body: 'Is the fee included? é',
      From: '+12125550110',
      MessageSid: expect.stringMatching(/^SM[0-9a-f]{32}$/) as unknown,
      NumMedia: '0',
      NumSegments: '1',
      SmsMessageSid: parameters['MessageSid'],
      SmsSid: parameters['MessageSid'],
      SmsStatus: 'received',
      To: ACCOUNT.from,
    });
    expect(twilio.validateRequest(ACCOUNT.authToken, signature, service.url, parameters)).toBe(true);
    const kept = await client.messages(parameters['MessageSid'] ?? '').fetch();
    expect(kept).toMatchObject({ direction: 'inbound', status: 'received', from: '+12125550110' });
    expect(await receivedBy('+12125550110')).toEqual([]);
    expect(await receivedBy(ACCOUNT.from)).toEqual([]);
  });

  it('is answered to the telephone with what the service says', async () => {
    answer = () => ({
      body:
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Main Street &amp; Co: +1 212 555 0100</Message>' +
        '<Message to="x"><Body>Reply STOP</Body></Message></Response>',
    });
    await reply('+12125550111', 'HELP');
    await until(async () => (await receivedBy('+12125550111')).length === 2, 'both answers');
    const [second, first] = await receivedBy('+12125550111');
    expect([first?.text, second?.text]).toEqual(['Main Street & Co: +1 212 555 0100', 'Reply STOP']);
    expect(await client.messages(first?.id ?? '').fetch()).toMatchObject({ direction: 'outbound-reply' });
  });

  it('is told again where the service did not take it', async () => {
    let failures = 1;
    answer = () => (failures-- > 0 ? { status: 503 } : { body: '<Response><Message>At last</Message></Response>' });
    await reply('+12125550112', 'Hello?');
    await until(async () => (await receivedBy('+12125550112')).length === 1, 'the answer');
  });

  it('is refused where it could not have been sent', async () => {
    const post = async (body: object): Promise<number> =>
      (
        await fetch(`${standIns.origin}/sandbox/twilio/inbound`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status;
    expect(await post({ from: '12125550110', body: 'x' })).toBe(400);
    expect(await post({ from: '+12125550110', body: '' })).toBe(400);
    expect(await post({ from: '+12125550110', body: 'x', to: '+12125550199' })).toBe(400);
    expect(await post({ from: '+12125550110', body: 'x', to: '+15005550011' })).toBe(201);
  });
});

describe('keywords', () => {
  it.each(['STOP', 'stopall', 'Unsubscribe', 'CANCEL', 'END', ' quit ', 'REVOKE', 'OPTOUT'])(
    '%s ends texts from that number until START, and the service hears of both',
    async (word) => {
      const to = '+12125550120';
      await reply(to, word);
      await expect(send(to)).rejects.toMatchObject({ status: 400, code: 21610 });
      expect((await receivedBy(to))[0]?.text).toMatch(/Reply START/);
      await reply(to, 'start');
      await expect(send(to)).resolves.toMatchObject({ sid: expect.stringMatching(/^SM/) as unknown });
    },
  );

  it('do not count within a sentence', async () => {
    await reply('+12125550121', 'Please stop');
    await expect(send('+12125550121')).resolves.toBeDefined();
    expect(await receivedBy('+12125550121')).toHaveLength(1);
  });

  it('work while the service is away, and keep its answers from who opted out', async () => {
    answer = () => ({ status: 503 });
    await standIns.reply('+12125550122', 'STOP');
    await expect(send('+12125550122')).rejects.toMatchObject({ code: 21610 });
    answer = () => ({ body: '<Response><Message>But wait</Message></Response>' });
    await reply('+12125550122', 'Hello');
    expect((await receivedBy('+12125550122')).map(({ text }) => text)).not.toContain('But wait');
  });

  it('leave HELP to the service, unless asked not to', async () => {
    await reply('+12125550123', 'HELP');
    expect(await receivedBy('+12125550123')).toEqual([]);
    await standIns.setFaults('twilio', { answersHelp: true });
    await reply('+12125550123', 'HELP');
    expect(await receivedBy('+12125550123')).toHaveLength(1);
  });
});

describe('TwiML', () => {
  it.each<[string, string[]]>([
    ['<Response/>', []],
    ['', []],
    ['<html>Not found</html>', []],
    ['<Response><Message/></Response>', []],
    ['<Response><Message><![CDATA[a < b & c]]></Message></Response>', ['a < b & c']],
    ['<Response><Message>&#233;&#x2192;&lt;b&gt; &amp;lt;</Message></Response>', ['é→<b> &lt;']],
  ])('%s asks for %j', (twiml, texts) => {
    expect(messagesOf(twiml)).toEqual(texts);
  });
});
