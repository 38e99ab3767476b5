/** Secrets of branches in PostgreSQL, and what can be asked of Stripe where one of them was lost. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { ProcessorKeyMissing } from '../../src/application/ports.js';
import { CustomerKeyRing } from '../../src/infrastructure/postgres/customer-key-ring.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgBranchSecrets } from '../../src/infrastructure/postgres/pg-branch-secrets.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { StripeCardProcessor } from '../../src/infrastructure/stripe/stripe-card-processor.js';
import { PUBLISHABLE_KEY, SECRET_KEY, startStripeServer, WEBHOOK_SECRET } from '../sandbox/stripe-server.js';
import type { StripeServer } from '../sandbox/stripe-server.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const MASTER = { version: 1, key: Buffer.alloc(32, 1) };
const NEWER = { version: 2, key: Buffer.alloc(32, 2) };
const BRANCH = randomUUID();
const OTHER_BRANCH = randomUUID();
const SECRET = 'sk_test_acctHarbour_42';
const keys = { mode: 'keys', branchId: BRANCH, secretFingerprint: 'aaaaaaaaaaaaaaaa' } as const;
const connected = { mode: 'connect', accountId: 'acct_ConnectedPier' } as const;

let database: TestDatabase;
let pool: pg.Pool;
let stripe: StripeServer;

beforeAll(async () => {
  [database, stripe] = await Promise.all([createTestDatabase(), startStripeServer()]);
  await migrate(database.url);
  pool = createPool(database.url);
});
afterAll(async () => {
  await pool.end();
  await Promise.all([database.drop(), stripe.stop()]);
});

const secretsUnder = (...masters: readonly [typeof MASTER, ...(typeof MASTER)[]]) =>
  new PgBranchSecrets(new PgSql(pool), new CustomerKeyRing(new PgSql(pool), masters));

const processor = () =>
  new StripeCardProcessor({
    secretKey: SECRET_KEY,
    publishableKey: PUBLISHABLE_KEY,
    webhookSecrets: [WEBHOOK_SECRET],
    apiUrl: stripe.origin,
    scriptUrl: `${stripe.origin}/endive/stripe.js`,
    clock: { now: () => new Date() },
    secrets: secretsUnder(MASTER),
    maxNetworkRetries: 0,
  });

describe('secrets of branches', () => {
  it('are ciphertext where they are kept, and another process reads them, under newer master keys too', async () => {
    await secretsUnder(MASTER).keepKey(keys, SECRET);
    await secretsUnder(MASTER).keepKey(keys, 'sk_test_acctHarbour_again');
    expect(await secretsUnder(NEWER, MASTER).key(keys)).toBe(SECRET);
    expect(await secretsUnder(MASTER).key({ ...keys, secretFingerprint: 'bbbbbbbbbbbbbbbb' })).toBeUndefined();
    expect(await secretsUnder(MASTER).key({ ...keys, branchId: OTHER_BRANCH })).toBeUndefined();
    for (const table of ['branch_secrets', 'customer_keys']) {
      const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
      expect(rows).not.toHaveLength(0);
      expect(rows.map(({ row }) => row).join('\n')).not.toMatch(/sk_test|whsec_|acctHarbour/);
    }
  });

  it('do not open in the row of another branch', async () => {
    await pool.query(
      'INSERT INTO branch_secrets SELECT $2, account, name, secret FROM branch_secrets WHERE branch_id = $1',
      [BRANCH, OTHER_BRANCH],
    );
    await secretsUnder(MASTER).keepNoticeSecret(OTHER_BRANCH, {
      endpointId: 'we_0',
      account: connected,
      signingSecret: 'whsec_0',
    });
    expect(await secretsUnder(MASTER).key({ ...keys, branchId: OTHER_BRANCH })).toBeUndefined();
    expect((await secretsUnder(MASTER).noticeSecrets(OTHER_BRANCH)).map(({ endpointId }) => endpointId)).toEqual([
      'we_0',
    ]);
    // Nor where that branch has a secret of this name itself.
    await secretsUnder(MASTER).keepKey({ ...keys, branchId: OTHER_BRANCH }, 'sk_test_acctQuay_1');
    await pool.query(
      `UPDATE branch_secrets AS b SET secret = a.secret FROM branch_secrets AS a
       WHERE a.branch_id = $1 AND b.branch_id = $2 AND a.account = b.account AND a.name = b.name`,
      [BRANCH, OTHER_BRANCH],
    );
    await expect(secretsUnder(MASTER).key({ ...keys, branchId: OTHER_BRANCH })).rejects.toThrow('altered');
    await pool.query('DELETE FROM branch_secrets WHERE branch_id = $1', [OTHER_BRANCH]);
  });
});

describe('a secret whose own key was lost', () => {
  const branchId = randomUUID();
  const lost = { ...keys, branchId } as const;
  const keptBefore = { endpointId: 'we_before', account: lost, signingSecret: 'whsec_before' } as const;

  it('is not there any more, and what else is kept of the branch is', async () => {
    await secretsUnder(MASTER).keepKey(lost, SECRET);
    await secretsUnder(MASTER).keepNoticeSecret(branchId, keptBefore);
    const endpoint = { ...keptBefore, endpointId: 'we_after', signingSecret: 'whsec_after' };
    await secretsUnder(MASTER).keepNoticeSecret(branchId, endpoint);
    await pool.query("DELETE FROM customer_keys WHERE customer_id LIKE '%' || $1 || '%' AND customer_id NOT LIKE $2", [
      branchId,
      '%we_after',
    ]);
    expect(await secretsUnder(MASTER).key(lost)).toBeUndefined();
    expect(await secretsUnder(MASTER).noticeSecrets(branchId)).toEqual([endpoint]);
    await expect(processor().describeAccount(lost)).rejects.toBeInstanceOf(ProcessorKeyMissing);
  });

  it('is kept anew', async () => {
    await secretsUnder(MASTER).keepKey(lost, SECRET);
    await secretsUnder(MASTER).keepNoticeSecret(branchId, keptBefore);
    expect(await secretsUnder(MASTER).key(lost)).toBe(SECRET);
    expect(await secretsUnder(MASTER).noticeSecrets(branchId)).toContainEqual(keptBefore);
    expect(await processor().describeAccount(lost)).toMatchObject({ accountId: 'acct_Harbour' });
  });

  it('does not keep what began under it from being settled by the key that took its place', async () => {
    const { paymentIntentId } = await processor().createIntent(lost, {
      ...{ amountMinor: 40_594, currency: 'USD', metadata: {}, description: 'Invoice', idempotencyKey: randomUUID() },
    });
    await pool.query('DELETE FROM branch_secrets WHERE branch_id = $1', [branchId]);
    await expect(processor().retrieveIntent(lost, paymentIntentId)).rejects.toBeInstanceOf(ProcessorKeyMissing);
    await secretsUnder(MASTER).keepKey({ ...lost, secretFingerprint: 'bbbbbbbbbbbbbbbb' }, SECRET);
    expect(await processor().retrieveIntent(lost, paymentIntentId)).toMatchObject({ paymentIntentId });
  });
});
