import { createHash } from 'node:crypto';
import pg from 'pg';
import type { LogEntry } from './record.js';

/** What reading the log gives: `record` is missing where the filter left the event out. */
export interface LogSlice {
  readonly position: bigint;
  readonly record: Buffer | undefined;
}

export interface StreamSlice {
  readonly revision: bigint;
  readonly record: Buffer;
}

/** Which events a reader of the log wants; `prefixes` or `regex`, on the stream's name or the event's type. */
export interface Filter {
  readonly on: 'stream' | 'type';
  readonly prefixes: readonly string[];
  readonly regex: RegExp | undefined;
}

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS event_store;
  CREATE TABLE IF NOT EXISTS event_store.events (
    position   bigint PRIMARY KEY,
    stream_key uuid   NOT NULL,
    revision   bigint NOT NULL,
    id         uuid   NOT NULL,
    stream     text   NOT NULL,
    type       text   NOT NULL,
    record     bytea  NOT NULL,
    UNIQUE (stream_key, revision)
  );
  -- Records are short-lived in memory and often random (ciphertext): compressing them costs more than it saves.
  ALTER TABLE event_store.events ALTER COLUMN record SET STORAGE EXTERNAL;
`;

const INSERT = `
  INSERT INTO event_store.events (position, stream_key, revision, id, stream, type, record)
  SELECT position, stream_key, revision, id, stream, type, substring($7::bytea FROM start FOR length)
  FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $8::int[], $9::int[])
    AS event (position, stream_key, revision, id, stream, type, start, length)`;

/** Any fixed number will do: it marks the one writer among the users of the database. */
const WRITER_LOCK = '4850212937665201';

/**
 * The key that a stream is found by. Names may be of any length and of any characters, and an index entry may not.
 */
function streamKey(stream: string): string {
  return createHash('sha256').update(stream).digest('hex').slice(0, 32);
}

/** PostgreSQL's text holds every character but this one; the name as it was is in the record. */
function asText(value: string): string {
  return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
}

/** Makes the schema when the database has none. Only the holder of the writer's lock calls it. */
export async function prepareSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query("SELECT to_regclass('event_store.events') AS known");
  if ((rows[0] as { known: string | null }).known === null) await client.query(SCHEMA);
}

/** Takes the writer's lock for as long as this connection lives, and no longer: who cannot write has no lock either. */
export async function tryWriterLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [WRITER_LOCK]);
  return rows[0]?.locked === true;
}

export async function lastPosition(client: pg.Client): Promise<bigint> {
  const { rows } = await client.query<{ last: string | null }>('SELECT max(position) AS last FROM event_store.events');
  return BigInt(rows[0]?.last ?? 0);
}

/** Writes a group of events in one statement, which is one transaction; durable when it resolves. */
export async function insertEntries(client: pg.Client, entries: readonly LogEntry[]): Promise<void> {
  const columns: unknown[][] = [[], [], [], [], [], [], []];
  const records: Buffer[] = [];
  const lengths: number[] = [];
  let start = 1;
  for (const entry of entries) {
    columns[0]!.push(entry.position.toString());
    columns[1]!.push(streamKey(entry.stream));
    columns[2]!.push(entry.revision.toString());
    columns[3]!.push(entry.id);
    columns[4]!.push(asText(entry.stream));
    columns[5]!.push(asText(entry.type));
    columns[6]!.push(start);
    records.push(entry.record);
    lengths.push(entry.record.length);
    start += entry.record.length;
  }
  const [positions, keys, revisions, ids, streams, types, starts] = columns;
  await client.query({
    name: 'event-store-insert',
    text: INSERT,
    values: [positions, keys, revisions, ids, streams, types, Buffer.concat(records), starts, lengths],
  });
}

/** Everything that is only read, on connections of its own. */
export class LogReader {
  private readonly pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 8, connectionTimeoutMillis: 5000 });
    // A connection lost while idle is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** The last revision of each stream, -1 where there is none; order as asked. */
  async heads(streams: readonly string[]): Promise<bigint[]> {
    const { rows } = await this.pool.query<[string | null]>({
      name: 'event-store-heads',
      rowMode: 'array',
      text: `SELECT (SELECT revision FROM event_store.events WHERE stream_key = asked.key
                     ORDER BY revision DESC LIMIT 1)
             FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (key, n) ORDER BY n`,
      values: [streams.map(streamKey)],
    });
    return rows.map(([revision]) => BigInt(revision ?? -1));
  }

  /** Ids and positions of a stream's events from `revision` on. */
  async identities(stream: string, revision: bigint, count: number): Promise<{ id: string; position: bigint }[]> {
    const { rows } = await this.pool.query<{ id: string; position: string }>(
      `SELECT id, position FROM event_store.events
       WHERE stream_key = $1 AND revision >= $2 ORDER BY revision LIMIT $3`,
      [streamKey(stream), revision.toString(), count],
    );
    return rows.map((row) => ({ id: row.id, position: BigInt(row.position) }));
  }

  /** A stream's events from `revision` (inclusive), upwards or downwards. */
  async stream(stream: string, revision: bigint, backwards: boolean, limit: number): Promise<StreamSlice[]> {
    const { rows } = await this.pool.query<[string, Buffer]>({
      name: backwards ? 'event-store-stream-backwards' : 'event-store-stream',
      rowMode: 'array',
      text: `SELECT revision, record FROM event_store.events
             WHERE stream_key = $1 AND revision ${backwards ? '<=' : '>='} $2
             ORDER BY revision ${backwards ? 'DESC' : 'ASC'} LIMIT $3`,
      values: [streamKey(stream), revision.toString(), limit],
    });
    return rows.map(([at, record]) => ({ revision: BigInt(at), record }));
  }

  /** The log upwards from after `position`, or downwards from before it. */
  async log(position: bigint, backwards: boolean, limit: number, filter?: Filter): Promise<LogSlice[]> {
    const condition = `position ${backwards ? '<' : '>'} $1 ORDER BY position ${backwards ? 'DESC' : 'ASC'} LIMIT $2`;
    if (filter?.regex) return this.logByRegex(condition, position, limit, filter, filter.regex);
    // A record that is not wanted is not even fetched.
    const wanted = filter ? `CASE WHEN ${filter.on} ^@ ANY ($3::text[]) THEN record END` : 'record';
    const { rows } = await this.pool.query<[string, Buffer | null]>({
      name: `event-store-log-${backwards}-${filter?.on}`,
      rowMode: 'array',
      text: `SELECT position, ${wanted} FROM event_store.events WHERE ${condition}`,
      values: [position.toString(), limit, ...(filter ? [filter.prefixes] : [])],
    });
    return rows.map(([at, record]) => ({ position: BigInt(at), record: record ?? undefined }));
  }

  /** In JavaScript: PostgreSQL's expressions are of another dialect than the one that clients write for. */
  private async logByRegex(
    condition: string,
    position: bigint,
    limit: number,
    filter: Filter,
    regex: RegExp,
  ): Promise<LogSlice[]> {
    const { rows } = await this.pool.query<[string, string, Buffer]>({
      rowMode: 'array',
      text: `SELECT position, ${filter.on}, record FROM event_store.events WHERE ${condition}`,
      values: [position.toString(), limit],
    });
    return rows.map(([at, name, record]) => ({ position: BigInt(at), record: regex.test(name) ? record : undefined }));
  }

  /** The newest events, oldest first, without their records. */
  async latest(): Promise<{ stream: string; revision: bigint; id: string; position: bigint }[]> {
    const { rows } = await this.pool.query<{ stream: string; revision: string; id: string; position: string }>(
      'SELECT stream, revision, id, position FROM event_store.events ORDER BY position DESC LIMIT 2000',
    );
    return rows.reverse().map((row) => ({ ...row, revision: BigInt(row.revision), position: BigInt(row.position) }));
  }

  /** Whether an event begins at this position. */
  async hasPosition(position: bigint): Promise<boolean> {
    if (position > 0x7fffffffffffffffn) return false;
    const { rowCount } = await this.pool.query('SELECT 1 FROM event_store.events WHERE position = $1', [
      position.toString(),
    ]);
    return rowCount === 1;
  }
}
