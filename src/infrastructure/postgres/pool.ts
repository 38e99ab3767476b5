import pg from 'pg';

const TYPE_BIGINT = 20;
const TYPE_DATE = 1082;
const TYPE_TIMESTAMPTZ = 1184;

/**
 * Rows are JSON-safe and exact: 64-bit integers stay text (a position is no `Number`), a date stays the plain date that it is,
 * and an instant is RFC 3339 in UTC.
 */
const exactTypes: pg.CustomTypesConfig = {
  getTypeParser(id: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (id === TYPE_BIGINT || id === TYPE_DATE) return (text: string) => text;
    if (id === TYPE_TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
    return pg.types.getTypeParser(id, format) as (value: string) => unknown;
  },
};

/** How a server is reached: a time-out on the connection, so that a server that is away is noticed in seconds. */
export function connectionOptions(databaseUrl: string): pg.ClientConfig {
  return {
    connectionString: databaseUrl,
    types: exactTypes,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'paylink-ledger',
    options: '-c timezone=UTC',
  };
}

/**
 * The connections of one process. A connection that drops while idle is replaced in silence: the next query takes another, and
 * whoever was in the middle of one gets the error.
 */
export function createPool(databaseUrl: string, options: { readonly max: number } = { max: 10 }): pg.Pool {
  const pool = new pg.Pool({ ...connectionOptions(databaseUrl), max: options.max, idleTimeoutMillis: 30_000 });
  pool.on('error', () => undefined);
  return pool;
}
