import { randomInt } from 'node:crypto';
import { RetryLater } from '../../application/ports.js';

/** An outage of a day is found by the sweep sooner than by a longer pause. */
const LONGEST_PAUSE_MS = 60 * 60_000;

/**
 * How long to wait before a job is tried again: twice as long after each try, from the first pause that its error asks for, or the
 * queue's own. Half of it is left to chance, so that what failed together does not return together.
 */
export function pauseBefore(
  triesMade: number,
  error: unknown,
  queueFirstPauseMs: number,
  chance: (below: number) => number = (below) => randomInt(below),
): number {
  const firstPauseMs = (error instanceof RetryLater ? error.firstPauseMs : undefined) ?? queueFirstPauseMs;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** (triesMade - 1));
  const half = Math.ceil(pauseMs / 2);
  return half + chance(half + 1);
}
