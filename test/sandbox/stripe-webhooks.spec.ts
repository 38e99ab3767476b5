import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Stripe } from 'stripe';
import { StripeCardProcessor } from '../../src/infrastructure/stripe/stripe-card-processor.js';
import { until } from '../support/until.js';
import {
  PUBLISHABLE_KEY,
  SECRET_KEY,
  startStripeServer,
  type StripeServer,
  WEBHOOK_SECRET,
  listen,
} from './stripe-server.js';
import { MemoryBranchSecrets } from '../support/doubles/branch-secrets.js';

interface Received {
  readonly body: string;
  readonly signature: string;
}

/** An endpoint that keeps what it was sent, and answers as it is told to. */
async function startEndpoint(statusOf: (count: number) => number = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        body: Buffer.concat(chunks).toString(),
        signature: String(request.headers['stripe-signature']),
      });
      response.writeHead(statusOf(received.length)).end();
    });
  });
  const port = await listen(server);
  return {
    received,
    url: `http://127.0.0.1:${port}/webhooks/stripe/platform`,
    events: () =>
      received.map(({ body, signature }) => Stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET)),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(statusOf?: (count: number) => number) {
  const endpoint = await startEndpoint(statusOf);
  const server = await startStripeServer({ webhookUrl: endpoint.url });
  stops.push(() => server.stop(), endpoint.stop);
  return { endpoint, server };
}

async function pay(server: StripeServer): Promise<string> {
  const stripe = server.client();
  const intent = await stripe.paymentIntents.create({ amount: 40_594, currency: 'usd' });
  const token = await stripe.testHelpers.confirmationTokens.create({ payment_method: 'pm_card_visa' });
  await stripe.paymentIntents.confirm(intent.id, { confirmation_token: token.id });
  return intent.id;
}

const waited = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('webhooks', () => {
  it('are signed over the raw body, and say what the events list says', async () => {
    const { endpoint, server } = await start();
    const id = await pay(server);
    await until(() => endpoint.received.length === 3, '3 webhooks');
    const events = endpoint.events();
    expect(events.map(({ type }) => type).sort()).toEqual([
      'charge.succeeded',
      'payment_intent.created',
      'payment_intent.succeeded',
    ]);
    const succeeded = events.find(({ type }) => type === 'payment_intent.succeeded');
    expect(succeeded).toMatchObject({ livemode: false, data: { object: { id, status: 'succeeded' } } });
    expect(await server.client().events.retrieve(succeeded?.id ?? '')).toMatchObject({ data: { object: { id } } });
    const first = endpoint.received[0];
    expect(() => Stripe.webhooks.constructEvent(`${first?.body} `, first?.signature ?? '', WEBHOOK_SECRET)).toThrow();
  });

  it('are sent again until they are answered with 2xx, by the next start too', async () => {
    let isUp = false;
    const { endpoint, server } = await start(() => (isUp ? 200 : 503));
    await pay(server);
    await until(() => endpoint.received.length >= 3, '3 webhooks');
    await server.restart();
    isUp = true;
    const before = endpoint.received.length;
    await until(
      () =>
        new Set(
          endpoint
            .events()
            .slice(before)
            .map(({ id }) => id),
        ).size === 3,
      'each of the three again',
    );
    await waited(1500);
    expect(endpoint.received.length).toBe(before + 3);
  });

  it('come twice when asked to', async () => {
    const { endpoint, server } = await start();
    await server.faults({ webhooks: { doubled: true } });
    await pay(server);
    await until(() => endpoint.received.length === 6, '6 webhooks');
    expect(new Set(endpoint.events().map(({ id }) => id)).size).toBe(3);
  });

  it('come in another order when asked to', async () => {
    const { endpoint, server } = await start();
    await server.faults({ webhooks: { reordered: true } });
    await pay(server);
    await until(() => endpoint.received.length === 3, '3 webhooks');
    expect(endpoint.events()[0]?.type).not.toBe('payment_intent.created');
  });

  it('come late when asked to', async () => {
    const { endpoint, server } = await start();
    await server.faults({ webhooks: { delayMs: 1200 } });
    await pay(server);
    await waited(900);
    expect(endpoint.received).toEqual([]);
    await until(() => endpoint.received.length === 3, '3 webhooks');
  });

  it('never come when asked not to, even after the fault is healed', async () => {
    const { endpoint, server } = await start();
    await server.faults({ webhooks: { dropped: true } });
    await pay(server);
    await waited(1300);
    await server.faults({});
    await waited(1300);
    expect(endpoint.received).toEqual([]);
  });
});

describe('the adapter believes a webhook', () => {
  const processor = (webhookSecrets: string[], secretKey = SECRET_KEY, now = new Date()) =>
    new StripeCardProcessor({
      secretKey,
      publishableKey: PUBLISHABLE_KEY,
      webhookSecrets,
      apiUrl: 'http://127.0.0.1:1',
      scriptUrl: 'http://127.0.0.1:1/endive/stripe.js',
      clock: { now: () => now },
      secrets: new MemoryBranchSecrets(),
    });

  it('that either of two secrets signed, in its own mode, within five minutes, and no other', async () => {
    const { endpoint, server } = await start();
    const paymentIntentId = await pay(server);
    await until(() => endpoint.received.length === 3, '3 webhooks');
    const notices = await Promise.all(
      endpoint.received.map(({ body, signature }) =>
        processor(['whsec_next', WEBHOOK_SECRET]).readNotice(Buffer.from(body), signature, 'platform'),
      ),
    );
    expect(notices.map((notice) => notice?.paymentIntentId)).toEqual([
      paymentIntentId,
      paymentIntentId,
      paymentIntentId,
    ]);
    expect(notices.map((notice) => notice?.type)).toContain('charge.succeeded');
    expect(notices.every((notice) => notice?.eventId.startsWith('evt_'))).toBe(true);

    const { body, signature } = endpoint.received[0] ?? { body: '', signature: '' };
    const later = new Date(Date.now() + 302_000);
    expect(await processor(['whsec_other']).readNotice(Buffer.from(body), signature, 'platform')).toBeUndefined();
    expect(
      await processor([WEBHOOK_SECRET], 'sk_live_standin').readNotice(Buffer.from(body), signature, 'platform'),
    ).toBeUndefined();
    expect(
      await processor([WEBHOOK_SECRET], SECRET_KEY, later).readNotice(Buffer.from(body), signature, 'platform'),
    ).toBeUndefined();
    expect(
      await processor([WEBHOOK_SECRET]).readNotice(Buffer.from(`${body} `), signature, 'platform'),
    ).toBeUndefined();
    expect(await processor([]).readNotice(Buffer.from(body), signature, 'platform')).toBeUndefined();
  });

  it('only where it is one about something with an id, however well it is signed', async () => {
    const sound = { id: 'evt_1', type: 'payment_intent.succeeded', livemode: false };
    const about = { data: { object: { id: 'pi_1', object: 'payment_intent' } } };
    expect(await signed(JSON.stringify({ ...sound, ...about }))).toEqual({
      ...{ eventId: 'evt_1', type: 'payment_intent.succeeded', objectId: 'pi_1', paymentIntentId: 'pi_1' },
      account: { mode: 'platform' },
    });
    expect(
      await signed(JSON.stringify({ ...sound, data: { object: { id: 'ch_1', payment_intent: { id: 'pi_2' } } } })),
    ).toEqual(expect.objectContaining({ objectId: 'ch_1', paymentIntentId: 'pi_2' }));
    for (const wrong of [
      { ...sound, data: null },
      { ...sound, data: {} },
      { ...sound, data: { object: { id: 5 } } },
      { ...sound, ...about, type: 5 },
      { ...sound, ...about, id: 'evt_\u0000' },
      { ...sound, ...about, id: `evt_${'a'.repeat(300)}` },
      { ...sound, data: { object: { id: 'pi_../../x' } } },
      { ...sound, ...about, livemode: 'false' },
      null,
      7,
      [],
    ]) {
      expect(await signed(JSON.stringify(wrong))).toBeUndefined();
    }
    expect(await signed('not json')).toBeUndefined();
  });

  function signed(payload: string) {
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET });
    return processor([WEBHOOK_SECRET]).readNotice(Buffer.from(payload), header, 'platform');
  }
});
