import { setTimeout as sleep } from 'node:timers/promises';
import type { Projection } from '../../../projections/projection.js';
import { PgSql } from '../pg-sql.js';
import { loadCheckpoints, verifyCheckpoints } from './checkpoints.js';
import { CheckpointAhead } from './failures.js';
import { Leadership } from './leadership.js';
import { LogConsumer, type ConsumerStatus, type LogConsumerOptions } from './log-consumer.js';

const PATIENCE_MS = 5_000;
const POLL_MS = 50;

/** Read models cannot be rebuilt while another process writes them. */
export class StillRunning extends Error {
  override readonly name = 'StillRunning';
}

/**
 * Empties the read models and reads the log again to its end, with the doors closed. Processes whose checkpoint stands on an
 * event that the log does not have begin again at its beginning: their jobs ask the streams what is still to be done.
 *
 * @param onProgress told now and then how far the read models are
 * @throws StillRunning while another process follows the log
 */
export async function rebuild(options: {
  readonly readModels: Omit<LogConsumerOptions, 'members'> & { readonly members: readonly Projection[] };
  readonly processes: { readonly name: string; readonly members: readonly string[] };
  readonly onProgress?: (status: ConsumerStatus) => void;
}): Promise<ConsumerStatus> {
  const { readModels, processes } = options;
  const { databaseUrl, store } = readModels;
  await leading(databaseUrl, readModels.name, (leadership) => empty(leadership, readModels));
  await leading(databaseUrl, processes.name, async (leadership) => {
    const sql = new PgSql(leadership.client);
    try {
      await verifyCheckpoints(store, await loadCheckpoints(sql, processes.members));
    } catch (error) {
      if (!(error instanceof CheckpointAhead)) throw error;
      await sql.query('DELETE FROM checkpoints WHERE member = ANY($1)', [processes.members]);
    }
  });
  return readToTheEnd(readModels, options.onProgress ?? (() => undefined));
}

async function empty(leadership: Leadership, { members }: { readonly members: readonly Projection[] }): Promise<void> {
  const names = members.map(({ name }) => name);
  await leadership.transaction(async () => {
    await leadership.client.query(`TRUNCATE ${members.flatMap(({ tableNames }) => tableNames).join(', ')}`);
    await leadership.client.query('DELETE FROM checkpoints WHERE member = ANY($1)', [names]);
    await leadership.client.query('DELETE FROM parked_events WHERE member = ANY($1)', [names]);
  });
}

async function readToTheEnd(
  options: LogConsumerOptions,
  onProgress: (status: ConsumerStatus) => void,
): Promise<ConsumerStatus> {
  const consumer = new LogConsumer(options);
  const started = await Leadership.take(
    options.databaseUrl,
    `${options.name} rebuild`,
    AbortSignal.timeout(PATIENCE_MS),
  );
  if (!started) throw new StillRunning('Another rebuild is running.');
  try {
    await consumer.start(new PgSql(started.client));
    while (!consumer.status().caughtUp) {
      await sleep(POLL_MS);
      onProgress(consumer.status());
    }
    return consumer.status();
  } finally {
    await consumer.stop();
    await started.release();
  }
}

async function leading(
  databaseUrl: string,
  name: string,
  work: (leadership: Leadership) => Promise<void>,
): Promise<void> {
  const leadership = await Leadership.take(databaseUrl, name, AbortSignal.timeout(PATIENCE_MS));
  if (!leadership) {
    throw new StillRunning(`The service is still running: another process leads "${name}". Stop it, then rebuild.`);
  }
  try {
    await work(leadership);
  } finally {
    await leadership.release();
  }
}
