/** Accounts of branches through the whole of the adapter: secrets in PostgreSQL, the SDK, and the stand-in of Stripe. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { NoticeSecret } from '../../src/application/branch-secrets.js';
import type { ProcessorAccount, RegisteredEndpoint } from '../../src/application/ports.js';
import { CustomerKeyRing } from '../../src/infrastructure/postgres/customer-key-ring.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgBranchSecrets } from '../../src/infrastructure/postgres/pg-branch-secrets.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { StripeCardProcessor } from '../../src/infrastructure/stripe/stripe-card-processor.js';
import { listen, PUBLISHABLE_KEY, SECRET_KEY, startStripeServer, WEBHOOK_SECRET } from '../sandbox/stripe-server.js';
import type { StripeServer } from '../sandbox/stripe-server.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';

const MASTER = { version: 1, key: Buffer.alloc(32, 1) };
const BRANCH = randomUUID();
const OTHER_BRANCH = randomUUID();
const SECRET = 'sk_test_acctHarbour_42';
const keys = { mode: 'keys', branchId: BRANCH, secretFingerprint: 'aaaaaaaaaaaaaaaa' } as const;
const connected = { mode: 'connect', accountId: 'acct_ConnectedPier' } as const;

let database: TestDatabase;
let pool: pg.Pool;
let stripe: StripeServer;
let receiver: Server;
let url: string;
const received: { body: Buffer; signature: string }[] = [];

beforeAll(async () => {
  [database, stripe] = await Promise.all([createTestDatabase(), startStripeServer()]);
  await migrate(database.url);
  pool = createPool(database.url);
  await secretsUnder(MASTER).keepKey(keys, SECRET);
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ body: Buffer.concat(chunks), signature: String(request.headers['stripe-signature']) });
      response.end();
    });
  });
  url = `http://127.0.0.1:${await listen(receiver)}/webhooks/stripe/${BRANCH}`;
});
afterAll(async () => {
  receiver.close();
  await pool.end();
  await Promise.all([database.drop(), stripe.stop()]);
});

const secretsUnder = (master: typeof MASTER) =>
  new PgBranchSecrets(new PgSql(pool), new CustomerKeyRing(new PgSql(pool), [master]));

const processor = (secretKey = SECRET_KEY, now = () => new Date()) =>
  new StripeCardProcessor({
    secretKey,
    publishableKey: PUBLISHABLE_KEY,
    webhookSecrets: [WEBHOOK_SECRET],
    apiUrl: stripe.origin,
    scriptUrl: `${stripe.origin}/endive/stripe.js`,
    clock: { now },
    secrets: secretsUnder(MASTER),
    maxNetworkRetries: 0,
  });

const intent = () => ({
  ...{
    amountMinor: 40_594,
    currency: 'USD',
    metadata: { attemptId: 'a' },
    description: 'Invoice',
    idempotencyKey: randomUUID(),
  },
});

describe('accounts of branches at the processor', () => {
  it('do not see each other’s payments', async () => {
    const accounts: readonly ProcessorAccount[] = [{ mode: 'platform' }, keys, connected];
    for (const account of accounts) {
      const { paymentIntentId } = await processor().createIntent(account, intent());
      for (const asked of accounts) {
        const found = processor().retrieveIntent(asked, paymentIntentId);
        if (asked === account) expect((await found).paymentIntentId).toBe(paymentIntentId);
        else await expect(found).rejects.toMatchObject({ name: 'ProcessorRefused', code: 'resource_missing' });
      }
    }
  });

  it('are described, and tried by a key that is not kept', async () => {
    const ids = [];
    for (const account of [{ mode: 'platform' } as const, keys, connected]) {
      ids.push((await processor().describeAccount(account)).accountId);
    }
    expect(ids).toEqual(['acct_1StandIn000000000', 'acct_Harbour', 'acct_ConnectedPier']);
    expect(await processor().tryKey('sk_test_acctNoCharges_1')).toMatchObject({ chargesEnabled: false });
    const refused = await processor()
      .tryKey('sk_test_acctHarbour_revoked')
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'ProcessorRefused', code: 'invalid_api_key' });
    expect(String(refused)).not.toContain('acctHarbour');
  });

  it('tell whether two keys are of one of them, and are left without a trace of it', async () => {
    const tried = (secretKey: string, publishableKey: string) => processor().tryPair({ secretKey, publishableKey });
    const harbour = 'pk_test_acctHarbour_1';
    expect(await tried(SECRET, harbour)).toEqual({ outcome: 'one_account' });
    expect(await tried('rk_test_acctHarbour_1', harbour)).toEqual({ outcome: 'one_account' });
    expect(await tried(SECRET, 'pk_test_acctQuay_1')).toEqual({ outcome: 'two_accounts' });
    expect(await tried(SECRET, PUBLISHABLE_KEY)).toEqual({ outcome: 'two_accounts' });
    const code = 'invalid_api_key';
    expect(await tried(SECRET, `${harbour}_revoked`)).toEqual({ outcome: 'refused', key: 'publishableKey', code });
    expect(await tried('sk_test_acctHarbour_revoked', harbour)).toEqual({ outcome: 'refused', key: 'secretKey', code });
    const { rows } = await stripe.pool.query<{ status: string }>(
      "SELECT DISTINCT body->>'status' AS status FROM stripe_stand_in.object WHERE kind = 'setup_intent'",
    );
    expect(rows).toEqual([{ status: 'canceled' }]);
    await stripe.faults({ fail500: { path: '/v1/setup_intents', count: 1 } });
    await expect(tried(SECRET, harbour)).rejects.toMatchObject({ name: 'ProcessorUnavailable' });
    await stripe.faults({});
  });

  it('whose key is not kept can be asked nothing, and that is no refusal', async () => {
    const lost = { ...keys, secretFingerprint: 'cccccccccccccccc' };
    await expect(processor().retrieveIntent(lost, 'pi_1')).rejects.toMatchObject({ name: 'ProcessorUnavailable' });
  });

  it('whose key is of another mode than the service’s are asked nothing: test cards are no money', async () => {
    const live = processor('sk_live_ofTheServiceByNow').retrieveIntent(keys, 'pi_1');
    await expect(live).rejects.toMatchObject({ name: 'ProcessorRefused', code: 'key_of_another_mode' });
  });

  it('are asked by the latest key about what began under one that was taken back', async () => {
    const branchId = randomUUID();
    const former = { mode: 'keys', branchId, secretFingerprint: 'aaaaaaaaaaaaaaaa' } as const;
    const latest = { mode: 'keys', branchId, secretFingerprint: 'bbbbbbbbbbbbbbbb' } as const;
    await secretsUnder(MASTER).keepKey(latest, SECRET);
    const { paymentIntentId } = await processor().createIntent(latest, intent());
    // Kept before, and taken back since.
    await secretsUnder(MASTER).keepKey(former, 'sk_test_acctHarbour_revoked');
    const refused = { name: 'ProcessorRefused', code: 'invalid_api_key' };
    await expect(processor().retrieveIntent(former, paymentIntentId)).rejects.toMatchObject(refused);
    await secretsUnder(MASTER).keepKey(latest, SECRET);
    expect(await processor().retrieveIntent(former, paymentIntentId)).toMatchObject({ paymentIntentId });
    expect(await processor().cancelIntent(former, paymentIntentId)).toMatchObject({ status: 'canceled' });
    // Nothing new is begun in its name, and where the latest opens another account the first refusal holds.
    await expect(processor().createIntent(former, intent())).rejects.toMatchObject(refused);
    await secretsUnder(MASTER).keepKey({ ...latest, secretFingerprint: 'cccccccccccccccc' }, 'sk_test_acctQuay_1');
    await expect(processor().retrieveIntent(former, paymentIntentId)).rejects.toMatchObject(refused);
  });

  it('give the browser their publishable key, or the service’s with their id', () => {
    const { secretFingerprint } = keys;
    const own = processor().browserKeys({ mode: 'keys', publishableKey: 'pk_test_acctHarbour_1', secretFingerprint });
    expect([own.publishableKey, own.connectedAccount]).toEqual(['pk_test_acctHarbour_1', undefined]);
    const lent = processor().browserKeys(connected);
    expect([lent.publishableKey, lent.connectedAccount]).toEqual([PUBLISHABLE_KEY, connected.accountId]);
  });
});

describe('notices', () => {
  const register = (
    account: ProcessorAccount,
    keptEndpointIds: readonly string[],
    idempotencyKey: string = randomUUID(),
    now?: () => Date,
  ) => processor(SECRET_KEY, now).registerNotices(account, { url, keptEndpointIds, idempotencyKey });
  const hoursLater = () => new Date(Date.now() + 2 * 60 * 60_000);
  const endpoints = async () =>
    (await stripe.client(0, SECRET).webhookEndpoints.list()).data
      .filter((each) => each.url === url)
      .map(({ id }) => id);

  it.each([
    ['a branch’s own account', keys],
    ['a connected account', connected],
  ] as const)('about %s come to its endpoint, and no other can forge them', async (_name, account) => {
    received.length = 0;
    const made = await register(account, []);
    await secretsUnder(MASTER).keepNoticeSecret(BRANCH, {
      endpointId: made.endpointId,
      account,
      signingSecret: made.signingSecret!,
    });
    expect(await register(account, [made.endpointId])).toEqual({
      endpointId: made.endpointId,
      signingSecret: undefined,
    });

    const { paymentIntentId } = await processor().createIntent(account, intent());
    await processor().cancelIntent(account, paymentIntentId);
    await until(() => received.length > 0, 'a webhook');
    const { body, signature } = received[0]!;
    expect(await processor().readNotice(body, signature, { branchId: BRANCH })).toMatchObject({
      type: 'payment_intent.canceled',
      paymentIntentId,
      account,
    });
    expect(await processor().readNotice(body, signature, { branchId: OTHER_BRANCH })).toBeUndefined();
    expect(await processor().readNotice(body, signature, 'platform')).toBeUndefined();
    const forged = Buffer.from(body.toString().replace(paymentIntentId, 'pi_1'));
    expect(await processor().readNotice(forged, signature, { branchId: BRANCH })).toBeUndefined();
  });

  it('about another connected account than the branch’s lead nowhere', async () => {
    received.length = 0;
    await processor().cancelIntent(
      { mode: 'connect', accountId: 'acct_ConnectedQuay' },
      (await processor().createIntent({ mode: 'connect', accountId: 'acct_ConnectedQuay' }, intent())).paymentIntentId,
    );
    await until(() => received.length > 0, 'a webhook');
    const { body, signature } = received[0]!;
    const notice = await processor().readNotice(body, signature, { branchId: BRANCH });
    expect([notice?.type, notice?.account]).toEqual(['payment_intent.canceled', undefined]);
  });

  it('of an endpoint that was kept for several accounts are about the one that they name, or the latest key’s', async () => {
    const branchId = randomUUID();
    const told = async (account: ProcessorAccount) => {
      received.length = 0;
      const { paymentIntentId } = await processor().createIntent(account, intent());
      await processor().cancelIntent(account, paymentIntentId);
      await until(() => received.length > 0, 'a webhook');
      const { body, signature } = received[0]!;
      return (await processor().readNotice(body, signature, { branchId }))?.account;
    };
    const keptFor = async (made: RegisteredEndpoint, accounts: readonly NoticeSecret['account'][]) => {
      const { endpointId, signingSecret = '' } = made;
      for (const account of accounts) {
        await secretsUnder(MASTER).keepNoticeSecret(branchId, { endpointId, account, signingSecret });
      }
    };
    const latest = { ...keys, branchId, secretFingerprint: 'bbbbbbbbbbbbbbbb' } as const;
    await secretsUnder(MASTER).keepKey(latest, SECRET);
    await keptFor(await register(keys, [], randomUUID(), hoursLater), [{ ...keys, branchId }, latest]);
    expect(await told(latest)).toEqual(latest);

    const quay = { mode: 'connect', accountId: 'acct_ConnectedQuay' } as const;
    await keptFor(await register(connected, [], randomUUID(), hoursLater), [connected, quay]);
    expect([await told(connected), await told(quay)]).toEqual([connected, quay]);
    expect(await told({ mode: 'connect', accountId: 'acct_ConnectedMole' })).toBeUndefined();
  });

  it('come by a new endpoint where the secret of the one that is there was lost', async () => {
    const first = await register(keys, []);
    const again = await register(keys, [], 'the same cause', hoursLater);
    expect(again.endpointId).not.toBe(first.endpointId);
    expect(again.signingSecret).toMatch(/^whsec_/);
    const third = await register(keys, [], 'the same cause', hoursLater);
    expect([third.endpointId === again.endpointId, third.signingSecret === again.signingSecret]).toEqual([
      false,
      false,
    ]);
    expect(await endpoints()).toEqual([third.endpointId]);
  });

  it('come by two endpoints where two set-ups make one at once: neither takes the other’s away, but each may its own', async () => {
    for (const id of await endpoints()) await processor().withdrawNotices(keys, id);
    const [first, second] = await Promise.all([register(keys, []), register(keys, [])]);
    const third = await register(keys, []);
    expect(new Set(await endpoints())).toEqual(new Set([first, second, third].map(({ endpointId }) => endpointId)));
    await processor().withdrawNotices(keys, second.endpointId);
    await processor().withdrawNotices(keys, second.endpointId);
    expect(await endpoints()).not.toContain(second.endpointId);
    expect(await register(keys, [first.endpointId])).toEqual({
      endpointId: first.endpointId,
      signingSecret: undefined,
    });
  });
});
