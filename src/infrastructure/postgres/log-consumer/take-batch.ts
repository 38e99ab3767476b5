import type { Sql } from '../../../projections/sql.js';
import { saveCheckpoints, type Checkpoint } from './checkpoints.js';
import { deliver, deliverTogether, isPlain, type Share } from './delivery.js';
import { isPassing } from './failures.js';
import type { Leadership } from './leadership.js';
import { park, type Refusal } from './parked-events.js';

/** The streams at which each member has stopped. */
export type ParkedStreams = ReadonlyMap<string, ReadonlySet<string>>;

export interface Batch {
  /** Whose checkpoints move. */
  readonly consumer: string;
  readonly shares: readonly Share[];
  readonly checkpoint: Checkpoint;
  readonly parked: ParkedStreams;
}

/**
 * Commits what the members make of a batch together with their checkpoints: in one go where nothing is wrong with it, else
 * member by member, so that only the streams of the events stop that cannot be taken.
 *
 * @throws where a system outside is away: nothing is committed then
 */
export async function takeBatch(
  leadership: Leadership,
  sql: Sql,
  batch: Batch,
): Promise<{ readonly refusals: readonly Refusal[]; readonly parked: ParkedStreams }> {
  if (await isTakenTogether(leadership, sql, batch)) return { refusals: [], parked: batch.parked };
  return takeApart(leadership, sql, batch);
}

/** False, with nothing written, where an event keeps a member from taking the batch as a whole. */
async function isTakenTogether(leadership: Leadership, sql: Sql, batch: Batch): Promise<boolean> {
  if (!isPlain(batch.shares, batch.parked)) return false;
  try {
    await leadership.transaction(async () => {
      await deliverTogether(batch.shares, sql);
      await moveCheckpoints(sql, batch);
    });
    return true;
  } catch (error) {
    if (isPassing(error)) throw error;
    return false;
  }
}

async function takeApart(leadership: Leadership, sql: Sql, batch: Batch) {
  const parked = new Map([...batch.parked].map(([member, streams]) => [member, new Set(streams)]));
  const refusals = await leadership.transaction(async () => {
    const refused: Refusal[] = [];
    for (const { member, delivered } of batch.shares) {
      refused.push(...(await deliver(member, delivered, parked.get(member.name)!, sql)));
    }
    await park(sql, refused);
    await moveCheckpoints(sql, batch);
    return refused;
  });
  return { refusals, parked };
}

async function moveCheckpoints(sql: Sql, { consumer, shares, checkpoint }: Batch): Promise<void> {
  const members = shares.map(({ member }) => member.name);
  await saveCheckpoints(sql, consumer, members, checkpoint);
}
