/** The sender against a real receiver over TLS. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WebhookMessage } from '../../src/application/webhooks/webhook-ports.js';
import {
  HttpsWebhookSender,
  type ResolveAll,
  type SenderOptions,
} from '../../src/infrastructure/webhooks/https-webhook-sender.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const FORMER = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
const NOT_PUBLIC = { code: undefined, error: 'The name leads to an address that is not public.' };

const resolvesTo =
  (...addresses: readonly string[]): ResolveAll =>
  (_host, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('a webhook', () => {
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterAll(() => receiver.stop());
  beforeEach(() => {
    receiver.answer = { status: 200 };
    receiver.messages.length = 0;
  });

  const message = (changes: Partial<WebhookMessage> = {}): WebhookMessage => ({
    ...{ url: receiver.url, id: 'message-1', body: '{"specversion":"1.0"}', sentAt: new Date(), secrets: [SECRET] },
    ...changes,
  });
  const send = (changes: Partial<WebhookMessage> = {}, options: Partial<SenderOptions> = {}) =>
    new HttpsWebhookSender({ allowLoopback: true, ca: receiver.ca, ...options }).send(message(changes));

  it('arrives with a signature that the library verifies, and as what it is', async () => {
    expect(await send()).toMatchObject({ code: 200, error: undefined });
    expect(receiver.verified(SECRET)).toEqual({ specversion: '1.0' });
    expect(receiver.messages[0]!.headers).toMatchObject({
      'webhook-id': 'message-1',
      'content-type': 'application/cloudevents+json; charset=utf-8',
    });
    expect(() => receiver.verified(FORMER)).toThrow();
  });

  it('carries both signatures while a secret is replaced', async () => {
    await send({ secrets: [SECRET, FORMER] });
    expect(receiver.verified(SECRET)).toEqual(receiver.verified(FORMER));
  });

  it('is answered with its status, and with when to come again', async () => {
    receiver.answer = { status: 503, headers: { 'Retry-After': '120' } };
    expect(await send()).toMatchObject({ code: 503, retryAfterMs: 120_000 });
    const at = new Date(Date.now() + 3_600_000).toUTCString();
    receiver.answer = { status: 429, headers: { 'Retry-After': at } };
    const { retryAfterMs } = await send();
    expect(retryAfterMs).toBeGreaterThan(3_500_000);
    receiver.answer = { status: 429, headers: { 'Retry-After': 'soon' } };
    expect(await send()).toMatchObject({ retryAfterMs: undefined });
  });

  it('follows no redirect', async () => {
    receiver.answer = { status: 302, headers: { Location: `${receiver.url}/elsewhere` } };
    expect(await send()).toMatchObject({ code: 302, error: 'It answered a redirect, which is not followed.' });
    expect(receiver.messages).toHaveLength(1);
  });

  it('does not wait for a receiver that is silent, nor read what one does not stop to write', async () => {
    receiver.answer = { status: 'never' };
    expect(await send({}, { limitMs: 300 })).toMatchObject({ code: undefined, error: 'No answer in time.' });
    receiver.answer = { status: 200, body: 'x'.repeat(5_000_000) };
    expect(await send()).toMatchObject({ code: 200 });
  });

  it('is not sent to who cannot show a certificate that is trusted', async () => {
    const answer = await new HttpsWebhookSender({ allowLoopback: true }).send(message());
    expect(answer.code).toBeUndefined();
    expect(answer.error).toMatch(/^It could not be reached \(.+\)\.$/);
    expect(receiver.messages).toHaveLength(0);
  });

  it('says why nobody was reached, without an address', async () => {
    const nobody: ResolveAll = (_host, callback) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
    expect(await send({}, { resolve: nobody })).toMatchObject({ error: 'The name is not known.' });
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => free.once('listening', ready));
    const { port } = free.address() as AddressInfo;
    await new Promise((closed) => free.close(closed));
    const { error } = await send({ url: `https://localhost:${port}/` });
    expect(error).toBe('It could not be reached (ECONNREFUSED).');
  });

  describe('to a name that leads into a private network', () => {
    const outside = { allowLoopback: false };

    it.each([
      ['10.0.0.1'],
      ['127.0.0.1'],
      ['169.254.169.254'],
      ['100.64.0.1'],
      ['192.168.0.1'],
      ['0.0.0.0'],
      ['::1'],
      ['fd00::1'],
      ['fe80::1'],
      ['::ffff:127.0.0.1'],
      ['64:ff9b::7f00:1'],
    ])('(%s) is not sent', async (address) => {
      const url = 'https://books.example.com/hooks';
      expect(await send({ url }, { ...outside, resolve: resolvesTo(address) })).toMatchObject(NOT_PUBLIC);
    });

    it('by one of its addresses is not sent to the others either', async () => {
      const resolve = resolvesTo('8.8.8.8', '10.0.0.1');
      expect(await send({ url: 'https://books.example.com/' }, { ...outside, resolve })).toMatchObject(NOT_PUBLIC);
    });

    it('only at the second look-up has no second look-up to lead it there', async () => {
      let asked = 0;
      const rebinding: ResolveAll = (host, callback) => {
        asked += 1;
        // An address for tests of networks, where nobody answers: what is seen is that nobody else is asked.
        resolvesTo(asked === 1 ? '8.8.8.8' : '127.0.0.1')(host, callback);
      };
      const url = `https://rebinding.example.com:${receiver.port}/`;
      const answer = await send({ url }, { ...outside, resolve: rebinding, limitMs: 500 });
      expect(asked).toBe(1);
      expect(answer.code).toBeUndefined();
      expect(receiver.messages).toHaveLength(0);
    });

    it('or that is written out as an address is not sent', async () => {
      for (const host of ['127.0.0.1', '[::1]', '[::ffff:7f00:1]', '2130706433']) {
        expect(await send({ url: `https://${host}:${receiver.port}/` }, outside)).toMatchObject(NOT_PUBLIC);
      }
      expect(receiver.messages).toHaveLength(0);
    });
  });

  it('never goes out unencrypted, but to this machine where that is allowed', async () => {
    let got = 0;
    const plain = createServer((_request, response) => {
      got += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((ready) => plain.once('listening', ready));
    const { port } = plain.address() as AddressInfo;
    try {
      expect((await send({ url: `http://localhost:${port}/` })).code).toBe(200);
      expect((await send({ url: `http://localhost:${port}/` }, { allowLoopback: false })).code).toBeUndefined();
      expect(got).toBe(1);
    } finally {
      await new Promise((closed) => plain.close(closed));
    }
  });
});
