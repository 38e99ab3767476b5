import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stripe } from 'stripe';
import { rejection, startStripeServer, type StripeServer } from './stripe-server.js';

let server: StripeServer;
let stripe: Stripe;

beforeAll(async () => {
  server = await startStripeServer();
  stripe = server.client();
});
afterEach(() => server.faults({}));
afterAll(() => server.stop());

const params = { amount: 40_594, currency: 'usd' };
const intents = async (): Promise<number> => (await stripe.paymentIntents.list({ limit: 100 })).data.length;

describe('an idempotency key', () => {
  it('replays the stored answer, word for word, across a restart', async () => {
    const first = await stripe.paymentIntents.create(params, { idempotencyKey: 'k-1' });
    await server.restart();
    const second = await stripe.paymentIntents.create(params, { idempotencyKey: 'k-1' });
    expect(second).toEqual(first);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
  });

  it('is refused with other parameters', async () => {
    await stripe.paymentIntents.create(params, { idempotencyKey: 'k-2' });
    const refused = await rejection(
      stripe.paymentIntents.create({ ...params, amount: 1000 }, { idempotencyKey: 'k-2' }),
    );
    expect(refused).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
  });

  it('makes one object of many requests at once; those that came meanwhile are told to come again', async () => {
    const before = await intents();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => stripe.paymentIntents.create(params, { idempotencyKey: 'k-3' })),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as object] : []));
    for (const reason of refused) expect(reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await intents()).toBe(before + 1);
  });

  it('replays a decline instead of asking the bank again', async () => {
    const intent = await stripe.paymentIntents.create(params);
    const token = await stripe.testHelpers.confirmationTokens.create({ payment_method: 'pm_card_chargeDeclined' });
    const confirm = (): Promise<Stripe.errors.StripeError> =>
      rejection(stripe.paymentIntents.confirm(intent.id, { confirmation_token: token.id }, { idempotencyKey: 'k-4' }));
    const first = await confirm();
    const second = await confirm();
    expect([first.code, second.code]).toEqual(['card_declined', 'card_declined']);
    expect(second.charge).toBe(first.charge);
  });

  it('is forgotten after a day', async () => {
    const first = await stripe.paymentIntents.create(params, { idempotencyKey: 'k-5' });
    server.advance(24 * 3_600_000 + 1000);
    const second = await stripe.paymentIntents.create(params, { idempotencyKey: 'k-5' });
    expect(second.id).not.toBe(first.id);
  });
});

describe('faults that were asked for', () => {
  it('a 500 does nothing, and is stored under the key like every other answer', async () => {
    const before = await intents();
    await server.faults({ fail500: { path: '/v1/payment_intents', count: 1 } });
    const create = (): Promise<Stripe.PaymentIntent> => stripe.paymentIntents.create(params, { idempotencyKey: 'k-6' });
    expect(await rejection(create())).toMatchObject({ statusCode: 500 });
    expect(await rejection(create())).toMatchObject({ statusCode: 500 });
    expect(await intents()).toBe(before);
  });

  it('a lost answer has done its work, which the retry with the same key finds', async () => {
    const before = await intents();
    await server.faults({ lostAnswer: { path: '/v1/payment_intents', count: 1 } });
    const made = await server.client(2).paymentIntents.create(params, { idempotencyKey: 'k-7' });
    expect(made.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await intents()).toBe(before + 1);
  });

  it('a delay holds answers back', async () => {
    await server.faults({ delayMs: 300 });
    const started = Date.now();
    await stripe.accounts.retrieveCurrent();
    expect(Date.now() - started).toBeGreaterThanOrEqual(295);
  });

  it.each([
    ['an unknown one', { explode: true }],
    ['a negative delay', { delayMs: -1 }],
    ['a path that is none', { fail500: { path: '' } }],
    ['a list', []],
  ])('are refused for %s', async (_name, request) => {
    const response = await server.faults(request);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).not.toBe('');
  });
});
