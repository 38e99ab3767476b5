import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { insertEntries, lastPosition, prepareSchema, tryWriterLock } from './storage.js';
import type { LogEntry } from './record.js';

const RETRY_MS = 100;

/** An insert that PostgreSQL refused: nothing of it was written. */
class InsertRefused extends Error {
  override readonly name = 'InsertRefused';
}

/**
 * The one connection that writes. It holds the writer's lock, so losing the connection loses the right to write at the
 * same moment, and a second server on the same database can never write beside the first.
 */
export class WriterConnection {
  private client: pg.Client | undefined;
  private closed = false;
  private recovering: Promise<void> | undefined;

  /** @param onRecovered told the last position in the log each time that the connection is there again */
  constructor(
    private readonly databaseUrl: string,
    private readonly onRecovered: (head: bigint) => void,
  ) {}

  /**
   * Connects and answers the position of the last event in the log.
   * @throws Error when another server keeps the lock for so long
   */
  async open(lockWaitMs: number): Promise<bigint> {
    const deadline = performance.now() + lockWaitMs;
    for (;;) {
      const head = await this.connect();
      if (head !== undefined) return head;
      if (performance.now() > deadline) {
        throw new Error('Another event store already writes to this database: stop it, or use a database of its own.');
      }
      await sleep(RETRY_MS);
    }
  }

  get ready(): boolean {
    return this.client !== undefined;
  }

  /**
   * Writes a group; durable when it resolves.
   * @throws InsertRefused when nothing was written; any other error leaves that open, and the connection is replaced
   */
  async insert(entries: readonly LogEntry[]): Promise<void> {
    const { client } = this;
    if (!client) throw new InsertRefused('PostgreSQL cannot be reached.');
    try {
      await insertEntries(client, entries);
    } catch (error) {
      const refused = error instanceof pg.DatabaseError && error.severity === 'ERROR';
      if (refused) throw new InsertRefused(error.message, { cause: error });
      this.lost(client);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const { client } = this;
    this.client = undefined;
    await this.recovering;
    await client?.end();
  }

  private async connect(): Promise<bigint | undefined> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      application_name: 'event-store writer',
    });
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    try {
      await client.connect();
      if (!(await tryWriterLock(client))) {
        await client.end();
        return undefined;
      }
      // What is acknowledged is on the disk, whatever the server's default is.
      await client.query('SET synchronous_commit = on');
      await prepareSchema(client);
      const head = await lastPosition(client);
      this.client = client;
      return head;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  private lost(client: pg.Client): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    this.recovering = this.recover();
  }

  private async recover(): Promise<void> {
    while (!this.closed && !this.client) {
      try {
        const head = await this.connect();
        if (head !== undefined) this.onRecovered(head);
      } catch {
        // PostgreSQL is still away; appends are refused until it is back.
      }
      if (!this.client) await sleep(RETRY_MS);
    }
    if (this.closed) {
      const { client } = this;
      this.client = undefined;
      await client?.end();
    }
  }
}
