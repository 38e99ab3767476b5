import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { RecordedEvent } from '../../src/domain/decider.js';
import { ADMINISTRATION_EVENTS } from '../../src/domain/administration/events.js';
import { BRANCH_EVENTS } from '../../src/domain/branch/events.js';
import { CONTACT_EVENTS } from '../../src/domain/contact/events.js';
import { CUSTOMER_EVENTS } from '../../src/domain/customer/events.js';
import { INVOICE_EVENTS } from '../../src/domain/invoice/events.js';
import { USER_EVENTS } from '../../src/domain/user/events.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { READ_MODELS } from '../../src/projections/read-models.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { dumpReadModels } from './dump.js';
import { appendEverything } from './everything.js';
import { append, codec, journeyOf } from './journey.js';

describe('read models', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let sql: PgSql;
  let log: readonly RecordedEvent[];

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url);
    sql = new PgSql(pool);
    const stored = await appendEverything(new InMemoryEventStore());
    log = await codec.decodeStream(stored);
  });
  afterEach(() => empty());
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const empty = async (): Promise<void> => {
    await pool.query(`TRUNCATE ${READ_MODELS.flatMap(({ tableNames }) => tableNames).join(', ')}`);
  };

  /** Hands each read model the events of its streams, as the consumer does. */
  const apply = async (events: readonly RecordedEvent[]): Promise<void> => {
    for (const model of READ_MODELS) {
      const own = events.filter(({ stream }) => model.streamPrefixes.some((prefix) => stream.startsWith(prefix)));
      await model.apply(own, sql);
    }
  };

  it('see every event that there is in these tests', () => {
    const known = [
      ...[INVOICE_EVENTS, BRANCH_EVENTS, CUSTOMER_EVENTS],
      ...[CONTACT_EVENTS, ADMINISTRATION_EVENTS, USER_EVENTS],
    ].flatMap((schemas) => Object.keys(schemas));
    expect([...new Set(log.map(({ event }) => event.type))].sort()).toEqual(known.sort());
  });

  it('are the same whether events come one by one, each twice, or all at once', async () => {
    await apply(log);
    const atOnce = await dumpReadModels(pool);
    await empty();
    for (const recorded of log) {
      await apply([recorded]);
      const once = await dumpReadModels(pool);
      await apply([recorded]);
      expect(await dumpReadModels(pool)).toBe(once);
    }
    expect(await dumpReadModels(pool)).toBe(atOnce);
    expect(atOnce).toContain('1001');
  });

  it('do not change when the whole log is read a second time', async () => {
    await apply(log);
    const before = await dumpReadModels(pool);
    await apply(log);
    await apply(log.slice(0, 12));
    expect(await dumpReadModels(pool)).toBe(before);
  });

  it('do not go back when an event is read again after later ones', async () => {
    for (const recorded of log) await apply([recorded]);
    const before = await dumpReadModels(pool);
    for (const recorded of [...log].reverse()) await apply([recorded]);
    expect(await dumpReadModels(pool)).toBe(before);
  });

  it('refuse an event whose forerunner they have not seen, instead of guessing', async () => {
    const store = new InMemoryEventStore();
    const { stream, captured } = journeyOf({ number: '2001' });
    await append(store, stream, [captured]);
    const orphan = await codec.decodeStream(await store.readStream(stream));
    const [invoices, , payments] = READ_MODELS;
    await expect(invoices!.apply(orphan, sql)).rejects.toThrow('invoices has no row');
    await expect(payments!.apply(orphan, sql)).rejects.toThrow('was never registered');
  });
});
