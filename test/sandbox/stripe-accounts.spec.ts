import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { Stripe } from 'stripe';
import { until } from '../support/until.js';
import { listen, rejection, startStripeServer, type StripeServer } from './stripe-server.js';

const HARBOUR = 'sk_test_acctHarbour_42';
const CONNECTED = { stripeAccount: 'acct_ConnectedPier' };

let server: StripeServer;
let receiver: Server;
let address: string;
const received: { path: string; body: string; signature: string }[] = [];

beforeAll(async () => {
  server = await startStripeServer();
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        body: Buffer.concat(chunks).toString(),
        signature: String(request.headers['stripe-signature']),
      });
      response.end();
    });
  });
  address = `http://127.0.0.1:${await listen(receiver)}`;
});
afterAll(async () => {
  receiver.close();
  await server.stop();
});

const intent = { amount: 1_000, currency: 'usd', allowed_payment_method_types: ['card'] };

describe('accounts of the Stripe stand-in', () => {
  it('are told by their keys', async () => {
    expect((await server.client().accounts.retrieveCurrent()).id).toBe('acct_1StandIn000000000');
    expect((await server.client(0, HARBOUR).accounts.retrieveCurrent()).id).toBe('acct_Harbour');
    const idle = await server.client(0, 'sk_test_acctNoCharges_1').accounts.retrieveCurrent();
    expect([idle.id, idle.charges_enabled]).toEqual(['acct_NoCharges', false]);
    expect((await server.client().accounts.retrieveCurrent({}, CONNECTED)).id).toBe('acct_ConnectedPier');
  });

  it('let nobody in by a key that was taken back, or to an account that is not connected', async () => {
    const revoked = await rejection(server.client(0, 'sk_test_acctHarbour_revoked').accounts.retrieveCurrent());
    expect([revoked.statusCode, revoked.code]).toEqual([401, 'api_key_expired']);
    for (const [key, stripeAccount] of [
      ['sk_test_standin', 'acct_Harbour'],
      [HARBOUR, 'acct_ConnectedPier'],
    ] as const) {
      const error = await rejection(server.client(0, key).accounts.retrieveCurrent({}, { stripeAccount }));
      expect([error.statusCode, error.code]).toEqual([403, 'account_invalid']);
    }
  });

  it('do not see each other’s objects, and choose idempotency keys alone', async () => {
    const once = { idempotencyKey: 'the-same' };
    const own = await server.client().paymentIntents.create(intent, once);
    const other = await server.client(0, HARBOUR).paymentIntents.create(intent, once);
    const connected = await server.client().paymentIntents.create(intent, { ...once, ...CONNECTED });
    expect(new Set([own.id, other.id, connected.id]).size).toBe(3);
    for (const [stripe, options, id] of [
      [server.client(), {}, other.id],
      [server.client(), {}, connected.id],
      [server.client(), CONNECTED, own.id],
      [server.client(0, HARBOUR), {}, own.id],
    ] as const) {
      const error = await rejection(stripe.paymentIntents.retrieve(id, {}, options));
      expect([error.statusCode, error.code]).toEqual([404, 'resource_missing']);
      expect((await rejection(stripe.paymentIntents.cancel(id, {}, options))).statusCode).toBe(404);
    }
    expect((await server.client(0, HARBOUR).paymentIntents.list()).data.map(({ id }) => id)).toEqual([other.id]);
    expect((await server.client().paymentIntents.retrieve(connected.id, {}, CONNECTED)).id).toBe(connected.id);
  });

  it('show a publishable key what its own account made, to who knows the client secret, and in part', async () => {
    const made = await server.client(0, HARBOUR).setupIntents.create({ usage: 'on_session', metadata: { a: 'b' } });
    const secret = { client_secret: made.client_secret ?? '' };
    const browser = (key: string) => server.client(0, key).setupIntents;
    const shown = await browser('pk_test_acctHarbour_1').retrieve(made.id, secret);
    expect([shown.id, shown.status, shown.metadata]).toEqual([made.id, 'requires_payment_method', undefined]);
    for (const [key, params] of [
      ['pk_test_acctHarbour_1', {}],
      ['pk_test_acctHarbour_1', { client_secret: `${made.id}_secret_x` }],
      ['pk_test_acctQuay_1', secret],
      ['sk_test_acctQuay_1', {}],
    ] as const) {
      const error = await rejection(browser(key).retrieve(made.id, params));
      expect([error.statusCode, error.code]).toEqual([404, 'resource_missing']);
    }
    const refused = await rejection(browser('pk_test_acctHarbour_1').cancel(made.id));
    expect([refused.statusCode, refused.code]).toEqual([401, 'secret_key_required']);
    expect((await server.client(0, HARBOUR).setupIntents.cancel(made.id)).status).toBe('canceled');
    const twice = await rejection(server.client(0, HARBOUR).setupIntents.cancel(made.id));
    expect([twice.statusCode, twice.code]).toEqual([400, 'setup_intent_unexpected_state']);
  });

  it('tell their endpoints, signed with the secret that was answered once', async () => {
    const stripe = server.client(0, HARBOUR);
    const wanted = { enabled_events: ['payment_intent.created' as const] };
    const made = await stripe.webhookEndpoints.create({ url: `${address}/harbour`, ...wanted });
    const about = { url: `${address}/connected`, connect: true, ...wanted };
    const connect = await server.client().webhookEndpoints.create(about);
    expect(made.secret).toMatch(/^whsec_/);
    expect((await stripe.webhookEndpoints.list()).data.map(({ id, secret }) => [id, secret])).toEqual([
      [made.id, undefined],
    ]);

    const ofHarbour = await stripe.paymentIntents.create(intent);
    const ofPier = await server.client().paymentIntents.create(intent, CONNECTED);
    await server.client().paymentIntents.create(intent);
    await stripe.paymentIntents.cancel(ofHarbour.id);
    await until(() => received.length >= 2, '2 webhooks');
    const told = received.map(({ path, body, signature }) => {
      const secret = path === '/harbour' ? made.secret! : connect.secret!;
      const event = Stripe.webhooks.constructEvent(body, signature, secret);
      return [path, event.type, event.account, (event.data.object as { id: string }).id];
    });
    expect(told.sort()).toEqual([
      ['/connected', 'payment_intent.created', 'acct_ConnectedPier', ofPier.id],
      ['/harbour', 'payment_intent.created', undefined, ofHarbour.id],
    ]);

    expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true });
    expect((await rejection(stripe.webhookEndpoints.del(made.id))).code).toBe('resource_missing');
    await stripe.paymentIntents.create(intent);
    expect(received).toHaveLength(2);
  });

  it('have at most sixteen endpoints each', async () => {
    const stripe = server.client(0, 'sk_test_acctCrowded_1');
    const make = (index: number) =>
      stripe.webhookEndpoints.create({ url: `${address}/${index}`, enabled_events: ['*'] });
    for (let index = 0; index < 16; index += 1) await make(index);
    expect((await rejection(make(16))).message).toContain('maximum of 16');
  });
});
