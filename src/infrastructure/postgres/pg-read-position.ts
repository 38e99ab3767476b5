import type pg from 'pg';
import { ReadPosition } from '../../application/read-position.js';

const POLL_MS = 20;

interface Waiter {
  readonly position: bigint;
  readonly done: (reached: boolean) => void;
}

/**
 * Asks the checkpoints, which whoever runs the read models moves in the transaction that holds the rows: a list read after
 * `wait` answered true shows what was written. However many wait, one question at a time is asked for all of them.
 */
export class PgReadPosition extends ReadPosition {
  private readonly waiting = new Set<Waiter>();
  private asking = false;

  /** @param readModels names of all read models: the slowest one counts */
  constructor(
    private readonly pool: pg.Pool,
    private readonly readModels: readonly string[],
  ) {
    super();
  }

  override wait(position: bigint, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (reached: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(waiter);
        resolve(reached);
      };
      const waiter: Waiter = { position, done };
      const timer = setTimeout(() => done(false), timeoutMs);
      this.waiting.add(waiter);
      if (!this.asking) void this.ask();
    });
  }

  private async ask(): Promise<void> {
    this.asking = true;
    while (this.waiting.size > 0) {
      const reached = await this.reached().catch(() => undefined);
      for (const waiter of [...this.waiting]) {
        if (reached !== undefined && reached >= waiter.position) waiter.done(true);
      }
      if (this.waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.asking = false;
  }

  /** Undefined while a read model has not seen anything. */
  private async reached(): Promise<bigint | undefined> {
    const { rows } = await this.pool.query<{ started: string; position: string | null }>(
      'SELECT count(*) AS started, min(position) AS position FROM checkpoints WHERE member = ANY($1)',
      [this.readModels],
    );
    const [row] = rows;
    return row?.position && Number(row.started) === this.readModels.length ? BigInt(row.position) : undefined;
  }
}
