import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
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
