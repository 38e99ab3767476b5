import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreUnavailable } from '../../application/ports.js';

/** How long a call is tried. */
export interface RetryLimits {
  /** For one try. */
  readonly attemptMs: number;
  /** For all of them together. */
  readonly totalMs: number;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;
/** Less than this is not worth another try. */
const SHORTEST_ATTEMPT_MS = 250;

/**
 * Tries again with growing pauses until it succeeds, throws something for good, or the time is up.
 *
 * @param attempt gets the time that it may take
 * @param isFinal whether an error would be the same next time; it is then thrown as it is
 * @throws EventStoreUnavailable with the last error as its cause
 */
export async function withRetries<T>(
  what: string,
  limits: RetryLimits,
  attempt: (timeoutMs: number) => Promise<T>,
  isFinal: (error: unknown) => boolean,
): Promise<T> {
  const deadlineMs = performance.now() + limits.totalMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const leftMs = Math.max(SHORTEST_ATTEMPT_MS, deadlineMs - performance.now());
    try {
      return await attempt(Math.min(limits.attemptMs, leftMs));
    } catch (error) {
      if (isFinal(error)) throw error;
      if (performance.now() + pauseMs + SHORTEST_ATTEMPT_MS > deadlineMs) {
        throw new EventStoreUnavailable(`The event store did not answer: ${what}.`, { cause: error });
      }
    }
    await sleep(pauseMs);
  }
}
