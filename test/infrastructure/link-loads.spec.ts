import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { PgLinkLoads } from '../../src/infrastructure/postgres/pg-link-loads.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  pool = new pg.Pool({ connectionString: database.url });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

it('keeps each load of a link, with nothing of who loaded it', async () => {
  const loads = new PgLinkLoads(pool);
  const loadedAt = new Date('2026-12-16T15:00:00Z');
  await loads.record({ linkId: 'AAAAAAAAAAAAAAAA', loadedAt, likelyScanner: true });
  await loads.record({ linkId: 'AAAAAAAAAAAAAAAA', loadedAt, likelyScanner: false });
  const { rows } = await pool.query('SELECT * FROM link_loads ORDER BY load_id');
  expect(rows).toEqual([
    { load_id: '1', link_id: 'AAAAAAAAAAAAAAAA', at: loadedAt, likely_scanner: true },
    { load_id: '2', link_id: 'AAAAAAAAAAAAAAAA', at: loadedAt, likely_scanner: false },
  ]);
});

it('answers the latest of some links, oldest first, through the pool of the service', async () => {
  const own = createPool(database.url, { max: 1 });
  const loads = new PgLinkLoads(own);
  const linkId = 'BBBBBBBBBBBBBBBB';
  const at = (minute: number) => new Date(Date.UTC(2026, 11, 16, 15, minute));
  for (const minute of [1, 2, 3]) await loads.record({ linkId, loadedAt: at(minute), likelyScanner: minute === 3 });
  expect(await loads.latest([linkId, 'CCCCCCCCCCCCCCCC'], 2)).toMatchObject([
    { linkId, loadedAt: at(2), likelyScanner: false },
    { linkId, loadedAt: at(3), likelyScanner: true },
  ]);
  expect(await loads.latest([], 2)).toEqual([]);
  await own.end();
});
