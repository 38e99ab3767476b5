import type { StoredEvent } from '../../../application/ports.js';
import type { Sql } from '../../../projections/sql.js';

const MAX_ERROR_LENGTH = 500;

/** An event that a member could not take, or that came after one in its stream. */
export interface Refusal {
  readonly member: string;
  readonly event: Pick<StoredEvent, 'position' | 'stream' | 'revision' | 'id' | 'type'>;
  readonly error: string;
}

/** Keeps refused events in the transaction that moves the checkpoint past them: nothing is skipped in silence. */
export async function park(sql: Sql, refusals: readonly Refusal[]): Promise<void> {
  if (refusals.length === 0) return;
  const column = (value: (refusal: Refusal) => unknown): unknown[] => refusals.map(value);
  await sql.query(
    `INSERT INTO parked_events (member, position, stream, revision, event_id, type, error)
     SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::uuid[], $6::text[], $7::text[])
     ON CONFLICT (member, position) DO NOTHING`,
    [
      column(({ member }) => member),
      column(({ event }) => String(event.position)),
      column(({ event }) => event.stream),
      column(({ event }) => String(event.revision)),
      column(({ event }) => event.id),
      column(({ event }) => event.type),
      // A NUL has no place in a text of PostgreSQL, and may be what the refusal was about.
      column(({ error }) => error.replaceAll('\u0000', '\ufffd').slice(0, MAX_ERROR_LENGTH)),
    ],
  );
}

/** The parked events of these members, by member and stream, each stream in order. */
export async function loadParked(
  sql: Sql,
  members: readonly string[],
): Promise<Map<string, Map<string, readonly bigint[]>>> {
  const rows = await sql.query<{ member: string; stream: string; positions: readonly string[] }>(
    `SELECT member, stream, array_agg(position::text ORDER BY position) AS positions
       FROM parked_events WHERE member = ANY($1) GROUP BY member, stream ORDER BY min(position)`,
    [members],
  );
  const parked = new Map<string, Map<string, readonly bigint[]>>(members.map((member) => [member, new Map()]));
  for (const { member, stream, positions } of rows) parked.get(member)!.set(stream, positions.map(BigInt));
  return parked;
}

/** Forgets the parked events of a stream that have been taken after all. */
export async function unpark(sql: Sql, member: string, stream: string): Promise<void> {
  await sql.query('DELETE FROM parked_events WHERE member = $1 AND stream = $2', [member, stream]);
}
