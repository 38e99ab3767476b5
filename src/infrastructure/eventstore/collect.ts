import type { AllStreamResolvedEvent, ResolvedEvent, StreamingRead } from '@eventstore/db-client';
import type { StoredEvent } from '../../application/ports.js';
import { NoAnswer } from './esdb-connection.js';
import { toStoredEvent } from './stored-event.js';

/**
 * Reads to the end.
 * @throws NoAnswer when nothing comes for `idleMs`: the client itself would wait for ever
 */
export async function collect(
  reading: StreamingRead<ResolvedEvent | AllStreamResolvedEvent>,
  idleMs: number,
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  const timer = setTimeout(() => {
    reading.cancel().catch(() => undefined);
    reading.destroy(new NoAnswer(`Nothing came for ${Math.round(idleMs)} ms.`));
  }, idleMs);
  // One more listener: after the end an error may still come from the transport, and nobody else would hear it.
  reading.on('error', () => undefined);
  try {
    for await (const { event } of reading as AsyncIterable<ResolvedEvent | AllStreamResolvedEvent>) {
      if (event) events.push(toStoredEvent(event));
      timer.refresh();
    }
    return events;
  } finally {
    clearTimeout(timer);
  }
}
