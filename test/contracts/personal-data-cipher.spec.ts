import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { CustomerKeyRing } from '../../src/infrastructure/postgres/customer-key-ring.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { personalDataCipherContract } from './personal-data-cipher.contract.js';

describe('CustomerKeyRing', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const first = { version: 1, key: randomBytes(32) };
  const second = { version: 2, key: randomBytes(32) };

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  personalDataCipherContract(
    () => new CustomerKeyRing(new PgSql(pool), [first]),
    async (customerId) => {
      await pool.query('DELETE FROM customer_keys WHERE customer_id = $1', [customerId]);
    },
  );

  it('reads under a former master key, and wraps new keys under the present one', async () => {
    const [old] = await new CustomerKeyRing(new PgSql(pool), [first]).encrypt([{ customerId: 'old', value: 1 }]);
    const rotated = new CustomerKeyRing(new PgSql(pool), [second, first]);
    expect(await rotated.decrypt([{ customerId: 'old', ciphertext: old! }])).toEqual([1]);
    await rotated.encrypt([{ customerId: 'new', value: 2 }]);
    const { rows } = await pool.query(
      "SELECT customer_id, master_version FROM customer_keys WHERE customer_id IN ('old', 'new') ORDER BY customer_id",
    );
    expect(rows).toEqual([
      { customer_id: 'new', master_version: '2' },
      { customer_id: 'old', master_version: '1' },
    ]);
  });

  it('says which master key is missing, and opens nothing under a wrong one', async () => {
    const [text] = await new CustomerKeyRing(new PgSql(pool), [first]).encrypt([{ customerId: 'm', value: 1 }]);
    const asked = [{ customerId: 'm', ciphertext: text! }];
    await expect(new CustomerKeyRing(new PgSql(pool), [second]).decrypt(asked)).rejects.toThrow(
      'MASTER_KEYS lacks version 1',
    );
    const wrong = new CustomerKeyRing(new PgSql(pool), [{ version: 1, key: randomBytes(32) }]);
    await expect(wrong.decrypt(asked)).rejects.toThrow();
  });
});
