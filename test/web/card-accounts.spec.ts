/** Branches that charge on accounts of their own, through the whole service: set up by REST, paid by customers, looked for at Stripe. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Journey } from '../support/journey.js';
import { call, startService, type Service } from '../support/service.js';

const SECRET_KEY = 'sk_test_acctHarbour_Zq7secretOfTheHarbour0042';
const PUBLISHABLE_KEY = 'pk_test_acctHarbour_0042';
const KEYS = { mode: 'keys', secretKey: SECRET_KEY, publishableKey: PUBLISHABLE_KEY };
const CONNECT = { mode: 'connect', account: 'acct_ConnectedPier' };
const CONNECT_MOLE = { mode: 'connect', account: 'acct_ConnectedMole' };
const BY_CARD = '4242424242424242';
const BY_BANK_STEP = '4000002760003184';
const LIMIT_MS = 90_000;

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { path: string; message: string }[];
}
interface BranchBody {
  readonly id: string;
  readonly cardProcessing: object | null;
}

let service: Service;
beforeAll(async () => {
  service = await startService();
}, LIMIT_MS);
afterAll(() => service.dispose());

async function makeBranch(name: string): Promise<string> {
  const place = { timeZone: 'America/Chicago', currency: 'USD', locale: 'en-US', country: 'US', region: 'TX' };
  const made = await call<BranchBody>(service, 'POST', '/branches', { name, ...place });
  expect(made.status).toBe(201);
  return made.body.id;
}

const setUp = <Body = BranchBody>(branchId: string, processing: object) =>
  call<Body>(service, 'PUT', `/branches/${branchId}/card-processing`, processing);

/** Payment intents of an account, as its owner sees them at Stripe. */
async function intentsOf(key: string, account?: string): Promise<readonly { status: string; amount: number }[]> {
  const response = await fetch(`${service.inbox}/v1/payment_intents?limit=100`, {
    headers: { Authorization: `Bearer ${key}`, ...(account === undefined ? {} : { 'Stripe-Account': account }) },
  });
  const page = (await response.json()) as { data: { status: string; amount: number }[] };
  return page.data.map(({ status, amount }) => ({ status, amount }));
}

function pay(branchId: string, number: string, card: string): Promise<unknown> {
  const at = { api: service.api, key: service.key, origin: service.origin, inbox: service.inbox };
  const recipient = `${number.toLowerCase()}@example.com`;
  const plan = { number, branchId, channel: 'email', recipient, cards: [card], unitPriceMinor: 1_000 } as const;
  return new Journey(at, plan, LIMIT_MS).make();
}

async function filesWith(folder: string, words: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const bytes = await readFile(path).catch(() => Buffer.alloc(0));
        return bytes.includes(words) ? [path] : [];
      }),
  );
  return found.flat();
}

describe('a branch with keys of its own', () => {
  let branchId: string;
  beforeAll(async () => {
    branchId = await makeBranch('Harbour');
  });

  it('is set up, and its secret key is never answered', async () => {
    const set = await setUp(branchId, KEYS);
    const shown = {
      mode: 'keys',
      publishableKey: PUBLISHABLE_KEY,
      secretKey: { set: true, endsWith: '0042' },
      webhookEndpoint: null,
    };
    expect([set.status, set.body.cardProcessing]).toEqual([200, shown]);
    const read = await call<BranchBody>(service, 'GET', `/branches/${branchId}`);
    expect(read.body.cardProcessing).toEqual(shown);
    const tested = await call<{ outcome: string; account: object }>(
      service,
      'POST',
      `/branches/${branchId}/card-processing/test`,
    );
    expect(tested.body).toMatchObject({ outcome: 'ready', account: { id: 'acct_Harbour' } });
    expect(JSON.stringify([set.body, read.body, tested.body])).not.toContain('secretOfTheHarbour');
    // The same again is no change.
    expect((await setUp(branchId, KEYS)).headers.get('ETag')).toBe(set.headers.get('ETag'));
  });

  it.each([
    [400, 'mode', { mode: 'own' }],
    [400, 'mode', {}],
    [400, 'secretKey', { mode: 'keys', publishableKey: PUBLISHABLE_KEY }],
    [400, 'secretKey', { ...KEYS, secretKey: 7 }],
    [400, 'account', { ...KEYS, account: 'acct_ConnectedPier' }],
    [400, 'secretKey', { ...CONNECT, secretKey: SECRET_KEY }],
    [422, 'secretKey', { ...KEYS, secretKey: PUBLISHABLE_KEY }],
    [422, 'publishableKey', { ...KEYS, publishableKey: SECRET_KEY }],
    [422, 'secretKey', { ...KEYS, secretKey: 'sk_live_acctHarbour_0042', publishableKey: 'pk_live_acctHarbour_0042' }],
    [422, 'publishableKey', { ...KEYS, publishableKey: 'pk_live_acctHarbour_0042' }],
    [422, 'publishableKey', { ...KEYS, publishableKey: 'pk_test_acctQuay_0042' }],
    [422, 'publishableKey', { ...KEYS, publishableKey: 'pk_test_anybodyElse' }],
    [422, 'publishableKey', { ...KEYS, publishableKey: 'pk_test_acctHarbour_0042_revoked' }],
    [422, 'secretKey', { ...KEYS, secretKey: 'sk_test_acctHarbour_secretOfTheHarbour_revoked' }],
    [422, 'account', { ...CONNECT, account: 'Harbour' }],
    [422, 'account', { ...CONNECT, account: 'acct_StrangerHarbour' }],
  ])('refuses with %i beside %s: %j', async (status, field, processing) => {
    const refused = await setUp<Problem>(branchId, processing);
    expect([refused.status, refused.body.errors.map(({ path }) => path)]).toEqual([status, [field]]);
    expect(JSON.stringify(refused.body)).not.toMatch(/secretOfTheHarbour|sk_live_acct/);
    const { body } = await call<BranchBody>(service, 'GET', `/branches/${branchId}`);
    expect(body.cardProcessing).toMatchObject({ mode: 'keys' });
  });

  it(
    'is paid on its account, and on no other',
    async () => {
      await pay(branchId, 'KEYS-1', BY_CARD);
      await pay(branchId, 'KEYS-2', BY_BANK_STEP);
      expect(await intentsOf(SECRET_KEY)).toEqual([
        { status: 'succeeded', amount: 3_077 },
        { status: 'succeeded', amount: 3_077 },
      ]);
      expect(await intentsOf('sk_test_anybody')).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('a branch whose account is connected to the service’s', () => {
  it(
    'is paid on its account, by keys of the service',
    async () => {
      const branchId = await makeBranch('Pier');
      const set = await setUp(branchId, CONNECT);
      expect([set.status, set.body.cardProcessing]).toEqual([200, { ...CONNECT, webhookEndpoint: null }]);
      await pay(branchId, 'CONNECT-1', BY_CARD);
      await pay(branchId, 'CONNECT-2', BY_BANK_STEP);
      expect((await intentsOf('sk_test_anybody', CONNECT.account)).map(({ status }) => status)).toEqual([
        'succeeded',
        'succeeded',
      ]);
      expect(await intentsOf('sk_test_anybody')).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('an account that is connected to a branch', () => {
  it('is not named for another one by who may not use both; nor is what was seen before overwritten', async () => {
    const [pier, mole] = [await makeBranch('Pier two'), await makeBranch('Mole')];
    const account = 'acct_ConnectedPierTwo';
    const set = await setUp(pier, { mode: 'connect', account });
    await call(service, 'GET', `/branches?after=${set.headers.get('Ledger-Position')}`);
    const scoped = { name: 'Mole', role: 'admin', branchIds: [mole] };
    const { body: made } = await call<{ key: string }>(service, 'POST', '/api-keys', scoped);
    const path = `/branches/${mole}/card-processing`;
    const theirs = { Authorization: `Bearer ${made.key}` };
    const refused = await call<Problem>(service, 'PUT', path, { mode: 'connect', account }, theirs);
    expect([refused.status, refused.body.code, refused.body.errors.map((each) => each.path)]).toEqual([
      422,
      'card_processing_invalid',
      ['account'],
    ]);
    const other = await call<BranchBody>(service, 'PUT', path, CONNECT_MOLE, theirs);
    expect([other.status, other.body.cardProcessing]).toMatchObject([200, CONNECT_MOLE]);
    expect((await setUp(mole, { mode: 'connect', account })).status).toBe(200);
    const seen = { 'If-Match': other.headers.get('ETag')! };
    expect((await call(service, 'PUT', path, { mode: 'platform' }, seen)).status).toBe(412);
  });
});

describe('the secret key', () => {
  it(
    'stands in no file of the service and in no line that it logs',
    async () => {
      expect(await filesWith(service.dataDir, 'pk_test_acctHarbour_0042')).not.toEqual([]);
      expect(await filesWith(service.dataDir, 'secretOfTheHarbour')).toEqual([]);
      expect(service.output()).not.toContain('secretOfTheHarbour');
    },
    LIMIT_MS,
  );
});
