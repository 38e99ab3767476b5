/** How much longer than its last transaction a consumer rests. It writes for a quarter of the time then, at most. */
const REST_FACTOR = 3;
/** What a list may be late by because of it. */
const LONGEST_REST_MS = 50;

/**
 * When a consumer at the end of the log takes more. Events that come one by one, faster than each can have a transaction of its own,
 * are taken together instead: the busier the database, the more of them at a time. The first one after a pause is taken at once.
 */
export class Pace {
  private restUntilMs = 0;

  /** True while the consumer is at work, and for a while afterwards. */
  isResting(): boolean {
    return performance.now() < this.restUntilMs;
  }

  async keep(work: () => Promise<void>): Promise<void> {
    const startMs = performance.now();
    this.restUntilMs = Infinity;
    try {
      await work();
    } finally {
      const endMs = performance.now();
      this.restUntilMs = endMs + Math.min(REST_FACTOR * (endMs - startMs), LONGEST_REST_MS);
    }
  }
}
