import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { StoredQuote } from '../../src/application/pay/quote-store.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgQuoteStore } from '../../src/infrastructure/postgres/pg-quote-store.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('PgQuoteStore', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const quote = (quoteId: string, expiresAt: Date): StoredQuote => ({
    ...{ quoteId, quoteHash: 'h', invoiceId: 'i', linkId: 'l', payableVersion: '0', policyVersion: 'none' },
    ...{
      account: { mode: 'platform' },
      confirmationTokenId: 'ct',
      amountMinor: 40_594,
      feeMinor: 0,
      totalMinor: 40_594,
      currency: 'USD',
    },
    ...{ consentText: '', disclosureText: 'é✓', expiresAt: expiresAt.toISOString() },
  });

  it('gives a quote back as it was saved, also to another process, and knows no other', async () => {
    const saved = quote('q1', new Date(Date.now() + 60_000));
    await new PgQuoteStore(new PgSql(pool)).save(saved);
    expect(await new PgQuoteStore(new PgSql(pool)).find('q1')).toEqual(saved);
    expect(await new PgQuoteStore(new PgSql(pool)).find('q2')).toBeUndefined();
  });

  it('deletes what expired more than a day ago, and nothing younger', async () => {
    const hours = (count: number): Date => new Date(Date.now() + count * 3_600_000);
    const store = new PgQuoteStore(new PgSql(pool));
    await store.save(quote('current', hours(1)));
    await store.save(quote('expired', hours(-23)));
    await store.save(quote('old', hours(-25)));
    await new PgQuoteStore(new PgSql(pool)).save(quote('next', hours(1)));
    const kept = await Promise.all(['current', 'expired', 'old'].map((id) => store.find(id)));
    expect(kept.map((one) => one?.quoteId)).toEqual(['current', 'expired', undefined]);
  });
});
