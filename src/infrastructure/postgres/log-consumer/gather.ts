import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscriptionBatch } from '../../../application/ports.js';

/** How long more events are let come. A transaction costs about the same for ten events and a thousand. */
const LINGER_MS = 10;

/**
 * Puts small batches together while the reader is behind, so that catching up is done in few transactions; at the end of the log
 * for as long as whoever takes them rests, and else every batch is handed on at once. A batch may be up to twice as large as
 * `maxBatch`.
 */
export async function* gather(
  source: AsyncIterable<SubscriptionBatch>,
  maxBatch: number,
  isResting: () => boolean = () => false,
): AsyncGenerator<SubscriptionBatch, void, undefined> {
  const batches = source[Symbol.asyncIterator]();
  /** Asked for and not there when it was wanted. */
  let coming: Promise<IteratorResult<SubscriptionBatch>> | undefined;
  try {
    for (;;) {
      const first = await (coming ?? batches.next());
      coming = undefined;
      if (first.done) return;
      let batch = first.value;
      while (batch.events.length < maxBatch && (!batch.caughtUp || isResting())) {
        // Not asking yet is what lets them gather; whoever asks gets what is there.
        if (!coming) await sleep(LINGER_MS);
        coming ??= batches.next();
        // It is awaited later, or nobody is interested any more.
        coming.catch(() => undefined);
        const more = await Promise.race([coming, sleep(LINGER_MS)]);
        if (more?.done) break;
        if (more) {
          coming = undefined;
          batch = { ...more.value, events: [...batch.events, ...more.value.events] };
        } else if (!isResting()) break;
      }
      yield batch;
    }
  } finally {
    await batches.return?.();
  }
}
