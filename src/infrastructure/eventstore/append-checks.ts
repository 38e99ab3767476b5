import { AppendRejected } from '../../application/ports.js';
import type { ExpectedRevision, NewEvent } from '../../application/ports.js';

/** A little less than the server's 1 MiB, so that the answer is ours and says what is wrong. */
const MAX_APPEND_BYTES = 1_000_000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/**
 * Refuses what the server would call a bad request. It must be done here: the server answers such an append twice, the
 * client throws on the second answer, and nothing could catch that.
 *
 * @throws AppendRejected naming what is wrong, without the event's contents
 */
export function checkAppend(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): void {
  if (stream === '') throw new AppendRejected('The name of the stream is empty.');
  if (stream.startsWith('$')) throw new AppendRejected("A stream whose name begins with $ is the server's own.");
  if (expected !== 'no_stream' && (typeof expected !== 'bigint' || expected < 0n)) {
    throw new AppendRejected('The expected revision is neither "no_stream" nor a revision.');
  }
  if (events.length === 0) throw new AppendRejected('An append needs at least one event.');
  let bytes = 0;
  for (const event of events) bytes += checkEvent(event);
  if (bytes > MAX_APPEND_BYTES) {
    throw new AppendRejected(`The append has ${bytes} bytes; at most ${MAX_APPEND_BYTES} are taken.`);
  }
}

function checkEvent(event: NewEvent): number {
  if (typeof event.type !== 'string' || event.type === '') throw new AppendRejected('An event has no type.');
  if (!UUID.test(event.id) || event.id === NIL_UUID) throw new AppendRejected(`${event.type} has no valid id.`);
  return 2 * event.type.length + jsonBytes(event, 'data') + jsonBytes(event, 'metadata');
}

function jsonBytes(event: NewEvent, part: 'data' | 'metadata'): number {
  let json: string | undefined;
  try {
    json = JSON.stringify(event[part]);
  } catch (error) {
    throw new AppendRejected(`The ${part} of ${event.type} cannot be written as JSON.`, { cause: error });
  }
  if (json === undefined) throw new AppendRejected(`${event.type} has no ${part}.`);
  return Buffer.byteLength(json);
}
