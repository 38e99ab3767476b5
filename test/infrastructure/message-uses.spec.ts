import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { MessageCaps } from '../../src/application/messages/message-caps.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgMessageUses } from '../../src/infrastructure/postgres/pg-message-uses.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { DefaultMessageSettings } from '../support/doubles/texts.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const INVOICE = '00000000-0000-4000-8000-000000000001';
let database: TestDatabase;
let pool: pg.Pool;
let uses: PgMessageUses;
let caps: MessageCaps;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  pool = createPool(database.url, { max: 10 });
  uses = new PgMessageUses(new PgSql(pool));
  caps = new MessageCaps(uses, new DefaultMessageSettings(), { now: () => NOW });
});
beforeEach(async () => void (await pool.query('TRUNCATE message_uses, text_spend')));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const use = (id: number, changes: { number?: string | undefined; actor?: string; at?: Date } = {}) => ({
  ...{ messageId: `m${id}`, at: NOW, actor: 'staff:1', invoiceId: INVOICE, number: 'digest' },
  ...changes,
});

describe('the messages that are counted', () => {
  it('are never more than the cap, also when many are asked for at the same moment', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 20 }, (_, id) => caps.take(use(id))));
    expect(asked.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(5);
    expect((await pool.query('SELECT count(*)::int AS kept FROM message_uses')).rows).toEqual([
      { kept: asked.filter(({ status }) => status === 'fulfilled').length },
    ]);
  });

  it('are counted for the number, the invoice and the member of staff apart', async () => {
    for (let id = 0; id < 5; id += 1) await caps.take(use(id));
    await expect(caps.take(use(5))).rejects.toMatchObject({ details: { cap: 'number_per_day' } });
    for (let id = 5; id < 10; id += 1) await caps.take(use(id, { number: `other ${id}` }));
    await expect(caps.take(use(10, { number: undefined }))).rejects.toMatchObject({
      details: { cap: 'invoice_per_day', limit: 10, endsAt: '2026-11-23T12:00:00.000Z' },
    });
    await caps.take(use(0));
  });

  it('make room again as they grow old, and are forgotten', async () => {
    const yesterday = new Date(NOW.getTime() - 24 * 60 * 60_000);
    for (let id = 0; id < 10; id += 1) await uses.add(use(id, { at: yesterday }));
    await caps.take(use(11));
    await uses.add(use(12, { at: new Date(NOW.getTime() - 49 * 60 * 60_000) }));
    await caps.forget();
    expect((await pool.query(`SELECT message_id FROM message_uses WHERE message_id = 'm12'`)).rows).toEqual([]);
  });

  it('can be taken back', async () => {
    const takeBack = await caps.take(use(1));
    await takeBack();
    expect((await pool.query('SELECT * FROM message_uses')).rows).toEqual([]);
  });
});

describe('the segments of a day', () => {
  it('are spent to the last one and no further, whoever spends them', async () => {
    const spent = await Promise.all(Array.from({ length: 30 }, () => uses.spend('2026-11-22', 4, 50)));
    expect(spent.filter(Boolean)).toHaveLength(12);
    expect(await uses.spentOn('2026-11-22')).toBe(48);
    expect(await uses.spend('2026-11-22', 2, 50)).toBe(true);
    expect(await uses.spend('2026-11-23', 51, 50)).toBe(false);
    expect(await uses.spentOn('2026-11-23')).toBe(0);
  });
});
