import type { EventCodec } from '../../../application/event-codec.js';
import type { EventStore, StoredEvent } from '../../../application/ports.js';
import type { Sql } from '../../../projections/sql.js';
import { attempt, decode } from './delivery.js';
import type { Leadership } from './leadership.js';
import type { LogMember } from './member.js';
import { loadParked, unpark } from './parked-events.js';

/** A start does not take for ever; what is left is tried at the next one. */
const MAX_STREAMS = 1_000;

/**
 * Tries the streams that have stopped once more: a new version of the program may read what the former one could not. A
 * stream whose parked events can all be taken goes on; any other stays as it is.
 */
export async function retryParked(at: {
  readonly leadership: Leadership;
  readonly sql: Sql;
  readonly members: readonly LogMember[];
  readonly store: EventStore;
  readonly codec: EventCodec;
}): Promise<void> {
  const { leadership, sql, members, store, codec } = at;
  const parked = await loadParked(
    sql,
    members.map(({ name }) => name),
  );
  for (const member of members) {
    for (const [stream, positions] of [...parked.get(member.name)!].slice(0, MAX_STREAMS)) {
      const events = await eventsAt(store, positions);
      const delivered = await decode(codec, events);
      if (events.length < positions.length || delivered.some(({ decoded }) => 'undecodable' in decoded)) continue;
      await leadership.transaction(async () => {
        if ((await attempt(member, delivered, sql)) !== undefined) return;
        await unpark(sql, member.name, stream);
        await member.resumed?.(positions, sql);
      });
    }
  }
}

async function eventsAt(store: EventStore, positions: readonly bigint[]): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (const position of positions) {
    const event = await store.eventAt(position);
    if (event) events.push(event);
  }
  return events;
}
