/** Reading and writing rows by the batch: one statement for however many rows. */
import type { Sql } from './sql.js';

/** `minor` is an amount in minor units, `position` a 64-bit number kept as text, `instant` RFC 3339 in UTC. */
export type ColumnType = 'uuid' | 'text' | 'minor' | 'position' | 'instant' | 'date' | 'boolean' | 'json';

/** A table. Columns are named in camelCase here and in snake_case in the database. */
export interface Table<Row extends object> {
  readonly name: string;
  readonly key: keyof Row & string;
  readonly columns: { readonly [Column in keyof Row & string]: ColumnType };
}

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  uuid: 'uuid',
  text: 'text',
  minor: 'bigint',
  position: 'bigint',
  instant: 'timestamptz',
  date: 'date',
  boolean: 'boolean',
  json: 'jsonb',
};

/** A column as the database calls it. */
export const columnName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The select list of a table's columns, named as its rows name them. `alias` is the table's alias in the statement. */
export function columnsOf<Row extends object>(table: Table<Row>, alias: string): string {
  return Object.keys(table.columns)
    .map((column) => `${alias}.${columnName(column)} AS "${column}"`)
    .join(', ');
}

/** Turns what the database gave into a row: amounts become exact numbers. */
export function rowOf<Row extends object>(table: Table<Row>, found: object): Row {
  const row = { ...found } as Record<string, unknown>;
  for (const [column, type] of Object.entries(table.columns)) {
    if (type === 'minor' && row[column] !== null) row[column] = minorUnits(row[column]);
  }
  return row as Row;
}

/** An amount as the database gives it (text of a 64-bit number). @throws RangeError where a number could not hold it. */
export function minorUnits(value: unknown): number {
  const amount = Number(value);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${String(value)} minor units are more than can be exact`);
  return amount;
}

/** The rows with these keys, by key. */
export async function loadRows<Row extends object>(
  sql: Sql,
  table: Table<Row>,
  keys: readonly string[],
): Promise<Map<string, Row>> {
  if (keys.length === 0) return new Map();
  const found = await sql.query<object>(
    `SELECT ${columnsOf(table, 't')} FROM ${table.name} t WHERE t.${columnName(table.key)} = ANY($1::${SQL_TYPES[table.columns[table.key]]}[])`,
    [keys],
  );
  return new Map(found.map((each) => rowOf(table, each)).map((row) => [String(row[table.key]), row]));
}

const statements = new WeakMap<object, string>();

/** Writes rows whole. A row that is already there with this revision or a later one is left as it is. */
export async function saveRows<Row extends object>(sql: Sql, table: Table<Row>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.entries<ColumnType>(table.columns);
  const values = columns.map(([column, type]) =>
    rows.map((row) => {
      const value = (row as Readonly<Record<string, unknown>>)[column];
      return type === 'json' && value !== null ? JSON.stringify(value) : value;
    }),
  );
  let statement = statements.get(table);
  if (statement === undefined) {
    statement = upsertStatement(table.name, columnName(table.key), columns);
    statements.set(table, statement);
  }
  await sql.query(statement, values);
}

function upsertStatement(name: string, key: string, columns: readonly (readonly [string, ColumnType])[]): string {
  const names = columns.map(([column]) => columnName(column));
  // An array parameter of jsonb would be taken apart, so JSON travels as text.
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type === 'json' ? 'text' : SQL_TYPES[type]}[]`);
  const selected = columns.map(([column, type]) =>
    type === 'json' ? `r.${columnName(column)}::jsonb` : `r.${columnName(column)}`,
  );
  const changes = names.filter((column) => column !== key).map((column) => `${column} = excluded.${column}`);
  return (
    `INSERT INTO ${name} AS t (${names.join(', ')}) SELECT ${selected.join(', ')} ` +
    `FROM unnest(${arrays.join(', ')}) AS r (${names.join(', ')}) ` +
    `ON CONFLICT (${key}) DO UPDATE SET ${changes.join(', ')} WHERE t.revision < excluded.revision`
  );
}
