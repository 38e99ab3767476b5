import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('are run once, by one of several processes that start together', async () => {
    const lines: string[] = [];
    await Promise.all([1, 2, 3].map(() => migrate(database.url, (line) => lines.push(line))));
    await migrate(database.url);

    const pool = createPool(database.url);
    const { rows } = await pool.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY id');
    await pool.end();
    const files = readdirSync(new URL('../../src/infrastructure/postgres/migrations/', import.meta.url)).sort();
    expect(rows.map(({ name }) => `${name}.sql`)).toEqual(files);
    expect(files.slice(0, 2)).toEqual(['0001_consumers.sql', '0002_read_models.sql']);
    expect(lines.filter((line) => line.includes('No migrations to run'))).toHaveLength(2);
  });

  it('give exact and JSON-safe values back', async () => {
    const pool = createPool(database.url);
    const { rows } = await pool.query(
      `SELECT 9223372036854775807::bigint AS position, '2026-11-20'::date AS on, '2026-11-20T09:00:00-05'::timestamptz AS at`,
    );
    await pool.end();
    expect(rows).toEqual([{ position: '9223372036854775807', on: '2026-11-20', at: '2026-11-20T14:00:00.000Z' }]);
  });
});
