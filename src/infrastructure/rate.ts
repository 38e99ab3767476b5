import { setTimeout as sleep } from 'node:timers/promises';

/** Lets so many through in a second, evenly, each in its turn. Counted by each process for itself. */
export class Rate {
  private readonly stepMs: number;
  private nextAt = 0;

  constructor(perSecond: number) {
    this.stepMs = 1000 / perSecond;
  }

  /** Resolves when it is the caller's turn. */
  async turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.nextAt);
    this.nextAt = at + this.stepMs;
    // A timer is a millisecond late as a rule: what is nearer than that goes at once.
    if (at - now >= 1) await sleep(at - now);
  }
}
