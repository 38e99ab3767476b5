/**
 * Whether an append may be written: the rules by which EventStoreDB checks the expected revision and recognises a retry.
 */

/** What the client expects of the stream. */
export type Expected = bigint | 'any' | 'no_stream' | 'stream_exists';

/** Where an event is that the stream already has. */
export interface KnownEvent {
  readonly revision: bigint;
  readonly position: bigint;
}

/** What the writer knows of the stream. */
export interface StreamKnowledge {
  /** Revision of its last event, -1 when there is none. */
  readonly head: bigint;
  /** A recent event of this stream by its id. */
  recent(id: string): KnownEvent | undefined;
  /** Ids and positions of the stream's events from a revision on, read from the log. */
  identities(revision: bigint, count: number): Promise<readonly { id: string; position: bigint }[]>;
}

export type Decision =
  | { readonly kind: 'write' }
  /** There is nothing to write, and that is a success. */
  | { readonly kind: 'nothing'; readonly revision: bigint }
  /** All of it has been written before. */
  | { readonly kind: 'repeated'; readonly last: KnownEvent }
  | { readonly kind: 'wrong' };

const WRONG: Decision = { kind: 'wrong' };

/** Decides one append against the stream as it is after all appends before it. `ids` are lower-case. */
export async function decideAppend(
  expected: Expected,
  ids: readonly string[],
  stream: StreamKnowledge,
): Promise<Decision> {
  if (expected === 'any' || expected === 'stream_exists') {
    if (expected === 'stream_exists' && stream.head < 0n) return WRONG;
    return decideAnywhere(ids, stream);
  }
  const revision = expected === 'no_stream' ? -1n : expected;
  if (revision > stream.head) return WRONG;
  if (revision === stream.head) {
    return ids.length > 0 ? { kind: 'write' } : { kind: 'nothing', revision: stream.head };
  }
  return decideRetry(revision + 1n, ids, stream);
}

/** Without a revision the first id says whether it is a retry; then all must be there, side by side. */
function decideAnywhere(ids: readonly string[], stream: StreamKnowledge): Decision {
  const [first, ...others] = ids;
  if (first === undefined) return { kind: 'nothing', revision: stream.head };
  let last = stream.recent(first);
  if (!last) return { kind: 'write' };
  for (const id of others) {
    const next = stream.recent(id);
    if (next?.revision !== last.revision + 1n) return WRONG;
    last = next;
  }
  return { kind: 'repeated', last };
}

/** The stream is longer than expected: only the same events at the same places are a retry. */
async function decideRetry(from: bigint, ids: readonly string[], stream: StreamKnowledge): Promise<Decision> {
  if (ids.length === 0) return WRONG;
  const remembered = ids.map((id) => stream.recent(id));
  if (remembered.every((event, i) => event?.revision === from + BigInt(i))) {
    return { kind: 'repeated', last: remembered.at(-1)! };
  }
  const written = await stream.identities(from, ids.length);
  if (written.length < ids.length || written.some((event, i) => event.id !== ids[i])) return WRONG;
  return { kind: 'repeated', last: { revision: from + BigInt(ids.length - 1), position: written.at(-1)!.position } };
}
