import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ProcessorRefused, ProcessorUnavailable } from '../../src/application/ports.js';
import { StripeCardProcessor } from '../../src/infrastructure/stripe/stripe-card-processor.js';
import { PUBLISHABLE_KEY, SECRET_KEY, startStripeServer, type StripeServer } from '../sandbox/stripe-server.js';
import { MemoryBranchSecrets } from '../support/doubles/branch-secrets.js';

const account = { mode: 'platform' } as const;

let server: StripeServer;

beforeAll(async () => {
  server = await startStripeServer();
});
afterEach(() => server.faults({}));
afterAll(() => server.stop());

const processorAt = (apiUrl: string, secretKey = SECRET_KEY, maxNetworkRetries = 0): StripeCardProcessor =>
  new StripeCardProcessor({
    secretKey,
    publishableKey: PUBLISHABLE_KEY,
    webhookSecrets: [],
    apiUrl,
    scriptUrl: `${apiUrl}/endive/stripe.js`,
    clock: { now: () => new Date() },
    secrets: new MemoryBranchSecrets(),
    maxNetworkRetries,
  });

const intent = (idempotencyKey = randomUUID()) => ({
  amountMinor: 40_594,
  currency: 'USD',
  metadata: {},
  description: 'Invoice INV-1001',
  idempotencyKey,
});

async function tokenOf(name: string): Promise<string> {
  return (await server.client().testHelpers.confirmationTokens.create({ payment_method: name })).id;
}

const confirmation = async (paymentIntentId: string) => ({
  paymentIntentId,
  confirmationTokenId: await tokenOf('pm_card_visa'),
  amountMinor: 40_594,
  returnUrl: 'http://127.0.0.1/back',
  idempotencyKey: randomUUID(),
});

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error as Error,
  );
}

describe('an unknown outcome', () => {
  it('is told where the answer was lost after the charge, and the intent tells what happened', async () => {
    const processor = processorAt(server.origin);
    const { paymentIntentId } = await processor.createIntent(account, intent());
    const confirm = await confirmation(paymentIntentId);
    // The SDK asks once more on a dropped connection, whatever number of retries it was given.
    await server.faults({ lostAnswer: { path: '/confirm', count: 2 } });
    expect(await failureOf(processor.confirmIntent(account, confirm))).toBeInstanceOf(ProcessorUnavailable);
    expect((await processor.retrieveIntent(account, paymentIntentId)).status).toBe('succeeded');
  });

  it('is told where Stripe answers 500, again and again under the same key, and nothing was charged', async () => {
    const processor = processorAt(server.origin);
    const { paymentIntentId } = await processor.createIntent(account, intent());
    const confirm = await confirmation(paymentIntentId);
    await server.faults({ fail500: { path: '/confirm', count: 1 } });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await failureOf(processor.confirmIntent(account, confirm))).toBeInstanceOf(ProcessorUnavailable);
    }
    expect((await processor.retrieveIntent(account, paymentIntentId)).status).toBe('requires_payment_method');
  });

  it('does not come of one lost answer: the SDK asks again with the same key, and one intent is made', async () => {
    const processor = processorAt(server.origin, SECRET_KEY, 2);
    await server.faults({ lostAnswer: { path: '/v1/payment_intents', count: 1 } });
    const key = randomUUID();
    const first = await processor.createIntent(account, intent(key));
    expect((await processor.createIntent(account, intent(key))).paymentIntentId).toBe(first.paymentIntentId);
  });

  it('is told where nobody answers at all', async () => {
    const failure = await failureOf(processorAt('http://127.0.0.1:9').createIntent(account, intent()));
    expect(failure).toBeInstanceOf(ProcessorUnavailable);
  });
});

describe('a refusal', () => {
  it('carries a code, and never a key, a token or a client secret', async () => {
    const wrongKey = 'sk_live_abcdefghijklmnop';
    const unauthorised = await failureOf(processorAt(server.origin, wrongKey).createIntent(account, intent()));
    expect(unauthorised).toMatchObject({ name: 'ProcessorRefused', code: 'invalid_api_key' });
    const processor = processorAt(server.origin);
    const made = await processor.createIntent(account, intent());
    const confirm = { ...(await confirmation(made.paymentIntentId)), amountMinor: 1 };
    const mismatch = await failureOf(processor.confirmIntent(account, confirm));
    expect(mismatch).toBeInstanceOf(ProcessorRefused);
    const reused = await failureOf(processor.createIntent(account, { ...intent(), amountMinor: 1 }));
    expect(reused).toMatchObject({ code: 'amount_too_small' });
    for (const failure of [unauthorised, mismatch, reused]) {
      const told = `${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`;
      expect(told).not.toMatch(/abcdefgh|_secret_|ctoken_|\bsk_/);
    }
  });

  it('is given to a key that is used again for another intent', async () => {
    const processor = processorAt(server.origin);
    const key = randomUUID();
    await processor.createIntent(account, intent(key));
    const other = { ...intent(key), amountMinor: 50_000 };
    expect(await failureOf(processor.createIntent(account, other))).toMatchObject({ code: 'idempotency_error' });
  });
});
