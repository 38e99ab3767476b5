import type { EventCodec, Undecodable } from '../../../application/event-codec.js';
import type { StoredEvent } from '../../../application/ports.js';
import type { RecordedEvent } from '../../../domain/decider.js';
import type { Sql } from '../../../projections/sql.js';
import { isPassing } from './failures.js';
import type { LogMember } from './member.js';
import type { Refusal } from './parked-events.js';

/** An event as it was stored, and as it reads or why it does not. */
export interface Delivered {
  readonly stored: StoredEvent;
  readonly decoded: RecordedEvent | Undecodable;
}

/** Decodes in order. An event that makes the codec throw is unreadable; the others are none the worse for it. */
export async function decode(codec: EventCodec, stored: readonly StoredEvent[]): Promise<readonly Delivered[]> {
  if (stored.length === 0) return [];
  try {
    const decoded = await codec.decodeAll(stored);
    return stored.map((event, index) => ({ stored: event, decoded: decoded[index]! }));
  } catch (error) {
    if (isPassing(error)) throw error;
    if (stored.length === 1)
      return [{ stored: stored[0]!, decoded: { undecodable: reasonOf(error), stored: stored[0]! } }];
    const apart: Delivered[] = [];
    for (const event of stored) apart.push(...(await decode(codec, [event])));
    return apart;
  }
}

/** What one member is to take. */
export interface Share {
  readonly member: LogMember;
  readonly delivered: readonly Delivered[];
}

/** True where nothing in sight keeps the members from taking all of it. */
export function isPlain(shares: readonly Share[], parked: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return shares.every(({ member, delivered }) =>
    delivered.every(
      ({ stored, decoded }) => !('undecodable' in decoded) && !parked.get(member.name)?.has(stored.stream),
    ),
  );
}

/**
 * Hands their events to all members at the same time, within the transaction of the caller: the way of nearly every batch,
 * on which hardly any time is spent waiting for answers.
 *
 * @throws what a member threw, when all have ended; where an event is to blame, then that rather than what followed from it
 */
export async function deliverTogether(shares: readonly Share[], sql: Sql): Promise<void> {
  const results = await Promise.allSettled(
    shares
      .filter(({ delivered }) => delivered.length > 0)
      .map(async ({ member, delivered }) => {
        await member.apply(
          delivered.map(({ decoded }) => decoded as RecordedEvent),
          sql,
        );
      }),
  );
  const failures = results.filter((result) => result.status === 'rejected').map(({ reason }): unknown => reason);
  if (failures.length > 0) throw failures.find((failure) => !isPassing(failure)) ?? failures[0];
}

/**
 * Hands events to a member within the transaction of the caller: all at once, or where that fails one by one, so that only
 * the streams of the events that cannot be taken stop. Answers the events that were refused.
 *
 * @param parkedStreams the member's streams that have stopped already; streams that stop now are added
 * @throws where a system outside is away: nothing may be committed then
 */
export async function deliver(
  member: LogMember,
  delivered: readonly Delivered[],
  parkedStreams: Set<string>,
  sql: Sql,
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  const refuse = async (event: StoredEvent, error: string): Promise<void> => {
    refusals.push({ member: member.name, event, error });
    if (parkedStreams.has(event.stream)) return;
    parkedStreams.add(event.stream);
    await member.stopped?.(event, sql);
  };
  const readable: Delivered[] = [];
  for (const each of delivered) {
    if (parkedStreams.has(each.stored.stream)) await refuse(each.stored, 'An earlier event of the stream is parked.');
    else if ('undecodable' in each.decoded) await refuse(each.stored, each.decoded.undecodable);
    else readable.push(each);
  }
  if (readable.length === 0) return refusals;
  if ((await attempt(member, readable, sql)) === undefined) return refusals;
  for (const each of readable) {
    if (parkedStreams.has(each.stored.stream)) {
      await refuse(each.stored, 'An earlier event of the stream is parked.');
      continue;
    }
    const reason = await attempt(member, [each], sql);
    if (reason !== undefined) await refuse(each.stored, reason);
  }
  return refusals;
}

/** Answers why the member could not take the events; what it had written by then is undone. */
export async function attempt(
  member: LogMember,
  readable: readonly Delivered[],
  sql: Sql,
): Promise<string | undefined> {
  await sql.query('SAVEPOINT delivery');
  try {
    await member.apply(
      readable.map(({ decoded }) => decoded as RecordedEvent),
      sql,
    );
    await sql.query('RELEASE SAVEPOINT delivery');
    return undefined;
  } catch (error) {
    if (isPassing(error)) throw error;
    await sql.query('ROLLBACK TO SAVEPOINT delivery');
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
