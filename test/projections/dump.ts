import canonicalize from 'canonicalize';
import type pg from 'pg';
import { READ_MODELS } from '../../src/projections/read-models.js';

/** All rows of all read models as one canonical JSON: equal texts are equal read models, byte for byte. */
export async function dumpReadModels(pool: pg.Pool): Promise<string> {
  const tables: Record<string, unknown[]> = {};
  for (const name of READ_MODELS.flatMap(({ tableNames }) => tableNames)) {
    const { rows } = await pool.query(`SELECT to_jsonb(t) AS row FROM ${name} t ORDER BY to_jsonb(t)::text`);
    tables[name] = rows.map(({ row }: { row: unknown }) => row);
  }
  return canonicalize(tables)!;
}
