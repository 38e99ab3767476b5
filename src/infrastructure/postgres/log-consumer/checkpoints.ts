import type { EventStore, StoredEvent } from '../../../application/ports.js';
import type { Sql } from '../../../projections/sql.js';
import { CheckpointAhead } from './failures.js';

/** How far a member is. */
export interface Checkpoint {
  /** Everything up to here has been seen. */
  readonly position: bigint;
  /** The last event among it; undefined while there was none. */
  readonly event: Pick<StoredEvent, 'position' | 'id' | 'stream' | 'revision'> | undefined;
}

interface CheckpointRow {
  readonly member: string;
  readonly position: string;
  readonly event_position: string | null;
  readonly event_id: string;
  readonly event_stream: string;
  readonly event_revision: string;
}

/** The checkpoints of these members; one that never started is missing. */
export async function loadCheckpoints(sql: Sql, members: readonly string[]): Promise<Map<string, Checkpoint>> {
  const rows = await sql.query<CheckpointRow>(
    `SELECT member, position, event_position, event_id, event_stream, event_revision
       FROM checkpoints WHERE member = ANY($1)`,
    [members],
  );
  return new Map(rows.map((row) => [row.member, checkpointOf(row)]));
}

/**
 * Moves members forward, in the transaction that holds their rows.
 * @throws where one of them is that far already: somebody else follows the log in its name.
 */
export async function saveCheckpoints(
  sql: Sql,
  consumer: string,
  members: readonly string[],
  { position, event }: Checkpoint,
): Promise<void> {
  const moved = await sql.query<{ member: string }>(
    `INSERT INTO checkpoints AS c (member, consumer, position, event_position, event_id, event_stream, event_revision)
     SELECT member, $2, $3::bigint, $4::bigint, $5::uuid, $6, $7::bigint FROM unnest($1::text[]) AS m (member)
     ON CONFLICT (member) DO UPDATE SET
       consumer = excluded.consumer, position = excluded.position, updated_at = now(),
       event_position = coalesce(excluded.event_position, c.event_position),
       event_id = coalesce(excluded.event_id, c.event_id),
       event_stream = coalesce(excluded.event_stream, c.event_stream),
       event_revision = coalesce(excluded.event_revision, c.event_revision)
     WHERE c.position < excluded.position
     RETURNING member`,
    [
      ...[members, consumer, String(position)],
      ...(event ? [String(event.position), event.id, event.stream, String(event.revision)] : [null, null, null, null]),
    ],
  );
  if (moved.length !== members.length) throw new Error(`Somebody else moved a checkpoint of ${consumer}`);
}

/**
 * Looks up the event that each checkpoint stands on.
 * @throws CheckpointAhead where the log does not have it.
 */
export async function verifyCheckpoints(
  store: EventStore,
  checkpoints: ReadonlyMap<string, Checkpoint>,
): Promise<void> {
  const found = new Map<bigint, StoredEvent | undefined>();
  for (const [member, { event }] of checkpoints) {
    if (!event) continue;
    if (!found.has(event.position)) found.set(event.position, await store.eventAt(event.position));
    const there = found.get(event.position);
    if (there?.id !== event.id || there.stream !== event.stream || there.revision !== event.revision) {
      throw new CheckpointAhead(member, event);
    }
  }
}

function checkpointOf(row: CheckpointRow): Checkpoint {
  return {
    position: BigInt(row.position),
    event:
      row.event_position === null
        ? undefined
        : {
            position: BigInt(row.event_position),
            id: row.event_id,
            stream: row.event_stream,
            revision: BigInt(row.event_revision),
          },
  };
}
