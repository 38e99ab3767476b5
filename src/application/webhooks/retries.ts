import type { WebhookAnswer } from './webhook-ports.js';

const HOUR_MS = 3_600_000;
/** A receiver that is away over a long weekend still hears of everything. */
export const GIVE_UP_AFTER_MS = 72 * HOUR_MS;
const FIRST_PAUSE_MS = 5_000;
const GROWTH = 4;
const LONGEST_PAUSE_MS = 12 * HOUR_MS;
/** A pause is this much shorter or longer by chance, so that what failed together does not return together. */
const JITTER = 0.2;
const LONGEST_RETRY_AFTER_MS = 24 * HOUR_MS;

export type Verdict =
  | { readonly verdict: 'delivered' }
  /** The receiver wants nothing any more. */
  | { readonly verdict: 'gone' }
  | { readonly verdict: 'again'; readonly inMs: number }
  | { readonly verdict: 'given_up' };

/**
 * What follows from an answer.
 *
 * @param tries how many there have been in this round, with this one
 * @param elapsedMs since the first of them
 * @param chance from 0 to 1
 */
export function judge(answer: WebhookAnswer, tries: number, elapsedMs: number, chance: number): Verdict {
  const { code, retryAfterMs = 0 } = answer;
  if (code !== undefined && code >= 200 && code < 300) return { verdict: 'delivered' };
  if (code === 410) return { verdict: 'gone' };
  if (elapsedMs >= GIVE_UP_AFTER_MS) return { verdict: 'given_up' };
  const pauseMs = Math.min(FIRST_PAUSE_MS * GROWTH ** (tries - 1), LONGEST_PAUSE_MS);
  const jitteredMs = pauseMs * (1 - JITTER + 2 * JITTER * chance);
  const wantedMs = Math.max(jitteredMs, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
  // The last try is made when the three days are over, however long the pause before it would have been.
  return { verdict: 'again', inMs: Math.round(Math.min(wantedMs, GIVE_UP_AFTER_MS - elapsedMs)) };
}
