import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import { startMessageStandIns } from './message-stand-ins.js';

let standIns: Awaited<ReturnType<typeof startMessageStandIns>>;

beforeAll(async () => {
  standIns = await startMessageStandIns();
});

afterEach(async () => {
  await standIns.setFaults('smtp', {});
});

afterAll(async () => {
  await standIns.stop();
});

/** The code of the server's reply, or what nodemailer calls the failure. */
async function send(to: string, message: SendMailOptions = {}, connection: object = {}): Promise<number | string> {
  const transport = createTransport({ url: standIns.smtpUrl, ...connection });
  try {
    const { response } = await transport.sendMail({ from: 'invoices@paylink.test', to, text: 'Hello', ...message });
    return Number(response.slice(0, 3));
  } catch (error) {
    const { responseCode, code } = error as { responseCode?: number; code?: string };
    return responseCode ?? code ?? 'error';
  } finally {
    transport.close();
  }
}

const arrived = async (to: string): Promise<number> =>
  (await standIns.messages(`?to=${encodeURIComponent(to)}`)).length;

describe('addresses kept for trying things out', () => {
  it.each<[string, (number | string)[], number]>([
    ['bounce@example.com', [550, 550], 0],
    ['Bounce+17@example.com', [550, 550], 0],
    ['full@example.com', [452, 452], 0],
    ['greylist+1@example.com', [451, 250, 250], 2],
    ['busy@example.com', [421, 250], 1],
    ['bounces@example.com', [250], 1],
  ])('%s is answered %j', async (to, replies, kept) => {
    const given: (number | string)[] = [];
    while (given.length < replies.length) given.push(await send(to));
    expect(given).toEqual(replies);
    expect(await arrived(to)).toBe(kept);
  });

  it('lose the 250, or fail after DATA, at the first try of each message', async () => {
    expect(await send('lost@example.com', { messageId: '<one@paylink.test>' })).toBe('ECONNECTION');
    expect(await arrived('lost@example.com')).toBe(1);
    expect(await send('lost@example.com', { messageId: '<one@paylink.test>' })).toBe(250);
    expect(await send('error@example.com', { messageId: '<two@paylink.test>' })).toBe(451);
    expect(await arrived('error@example.com')).toBe(0);
    expect(await send('error@example.com', { messageId: '<two@paylink.test>' })).toBe(250);
  });

  it('answer slowly', async () => {
    const start = performance.now();
    expect(await send('slow@example.com')).toBe(250);
    expect(performance.now() - start).toBeGreaterThan(4900);
  });
});

describe('the mail server', () => {
  it('takes nothing from who has not signed in, and tells a wrong password', async () => {
    const { host, password } = new URL(standIns.smtpUrl);
    expect(await send('ada@example.com', {}, { url: `smtp://${host}` })).toBe(530);
    const wrong = standIns.smtpUrl.replace(password, 'wrong');
    expect(await send('ada@example.com', {}, { url: wrong })).toBe(535);
    for (const authMethod of ['PLAIN', 'LOGIN']) expect(await send('ada@example.com', {}, { authMethod })).toBe(250);
  });

  it('offers STARTTLS when asked, with a certificate that has to be trusted first', async () => {
    await standIns.setFaults('smtp', { startTls: true });
    expect(await send('tls@example.com')).toBe('ESOCKET');
    const ca = await (await fetch(`${standIns.origin}/sandbox/smtp/certificate`)).text();
    expect(await send('tls@example.com', {}, { tls: { ca }, requireTLS: true })).toBe(250);
    await standIns.setFaults('smtp', {});
    expect(await send('tls@example.com')).toBe(250);
    expect(await arrived('tls@example.com')).toBe(2);
  });

  it('greylists everyone when asked, and refuses with the code that was asked for', async () => {
    await standIns.setFaults('smtp', { greylist: true });
    expect([await send('grey@example.com'), await send('grey@example.com')]).toEqual([451, 250]);
    await standIns.setFaults('smtp', { refuseNext: 1, refuseCode: 421 });
    expect([await send('ada@example.com'), await send('ada@example.com')]).toEqual([421, 250]);
  });
});
