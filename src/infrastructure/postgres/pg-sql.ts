import type pg from 'pg';
import type { Sql } from '../../projections/sql.js';

/** Runs the statements of read models on a pool, or on the one connection that holds a transaction. */
export class PgSql implements Sql {
  constructor(private readonly connection: pg.Pool | pg.ClientBase) {}

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.connection.query<Row>(text, [...values]);
    return rows;
  }
}
