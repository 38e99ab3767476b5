import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionOptions } from '../pool.js';

const STANDBY_PAUSE_MS = 500;

/**
 * The one connection of the one process that follows the log under a name. Its transactions run on the connection that holds
 * the lock: when the connection is lost the lock is lost, and with it whatever was not committed.
 */
export class Leadership {
  private readonly lostController = new AbortController();

  private constructor(readonly client: pg.Client) {
    client.on('error', () => this.lostController.abort());
    client.on('end', () => this.lostController.abort());
  }

  /** Aborted when the connection is lost. */
  get lost(): AbortSignal {
    return this.lostController.signal;
  }

  /**
   * Waits until nobody else leads; `onStandby` is told that somebody does. Answers undefined when the signal came first.
   * @throws where PostgreSQL is away
   */
  static async take(
    databaseUrl: string,
    name: string,
    signal: AbortSignal,
    onStandby: () => void = () => undefined,
  ): Promise<Leadership | undefined> {
    // Members write at the same time: their statements need not wait for each other's answers.
    const client = new pg.Client({ ...connectionOptions(databaseUrl), pipeline: true });
    const leadership = new Leadership(client);
    try {
      await client.connect();
      while (!signal.aborted) {
        const { rows } = await client.query<{ taken: boolean }>(
          'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
          [`paylink-ledger leader of ${name}`],
        );
        if (rows[0]?.taken) return leadership;
        onStandby();
        await sleep(STANDBY_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
      await leadership.release();
      return undefined;
    } catch (error) {
      await leadership.release();
      throw error;
    }
  }

  /** Runs `work` in one transaction. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.client.query('BEGIN');
    try {
      const answer = await work();
      await this.client.query('COMMIT');
      return answer;
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => this.lostController.abort());
      throw error;
    }
  }

  /** Gives the lock back with the connection. */
  async release(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}
