import type { Chance } from '../support/doubles/time-and-chance.js';

/**
 * Lets many flows run in an order that the seed decides: each waits for its turn wherever it would wait for the world, and one of
 * them at a time goes on.
 */
export class Scheduler {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly chance: Chance) {}

  turn(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Starts a flow; `run` goes on until all have ended. */
  start(flow: () => Promise<void>, failed: (error: unknown) => void): void {
    this.running += 1;
    flow()
      .catch(failed)
      .finally(() => {
        this.running -= 1;
      });
  }

  /** `afterStep` may throw, which ends everything. */
  async run(maxSteps: number, afterStep: () => void): Promise<void> {
    for (let step = 0; step < maxSteps; step += 1) {
      await allSettled();
      afterStep();
      if (this.running === 0) return;
      if (this.waiting.length === 0) throw new Error('Every flow waits, and none for its turn');
      const [next] = this.waiting.splice(this.chance.below(this.waiting.length), 1);
      next!();
    }
    throw new Error(`Not at its end after ${maxSteps} steps`);
  }
}

/** Until everything that can go on without a turn has done so. */
const allSettled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
