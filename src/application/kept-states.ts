/** States of streams that a command may be decided on without reading the stream first. */
import type { Decider, DomainEvent } from '../domain/decider.js';

/** A stream as far as its next event needs it. */
export interface Head<State> {
  readonly state: State;
  /** -1n for a stream that is not there. */
  readonly revision: bigint;
  /** Position of the stream's last event; 0n where there is none. */
  readonly position: bigint;
  /** Hash of the stream's last event. */
  readonly hash: string | undefined;
}

interface Kept extends Head<unknown> {
  readonly decider: object;
  readonly sinceMs: number;
}

const MAX_STREAMS = 2_000;
/** States hold personal data in plain, which must not outlast the customer's key by much. */
const MAX_AGE_MS = 60_000;
const RANDOM_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Only a cause that was drawn at random for one command is nobody else's. Events of any other cause may have been written by
 * somebody else, of whose append the store tells us as of a success of ours: the stream then has their bytes, not ours.
 */
export function isOwnCause(cause: string): boolean {
  return RANDOM_UUID.test(cause);
}

/**
 * What is kept may be old: others write too. So it is good for deciding on events, which are appended at the exact revision or
 * not at all, and for nothing else. Whoever takes a state has it alone, and another is kept only after a read, or after an append
 * that has certainly happened: an error, a refusal or a wrong revision leaves none behind.
 */
export class KeptStates {
  /** Least recently kept first. */
  private readonly kept = new Map<string, Kept>();

  take<State, Command, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
    now: Date,
  ): Head<State> | undefined {
    const found = this.kept.get(stream);
    this.kept.delete(stream);
    if (!found || found.decider !== decider || now.getTime() - found.sinceMs > MAX_AGE_MS) return undefined;
    return found as Kept & Head<State>;
  }

  /** @param head as the log has it */
  keep<State, Command, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
    { state, revision, position, hash }: Head<State>,
    now: Date,
  ): void {
    const present = this.kept.get(stream);
    if (present && present.revision > revision) return;
    this.kept.delete(stream);
    this.kept.set(stream, { decider, state, revision, position, hash, sinceMs: now.getTime() });
    for (const [oldest, { sinceMs }] of this.kept) {
      if (this.kept.size <= MAX_STREAMS && now.getTime() - sinceMs <= MAX_AGE_MS) break;
      this.kept.delete(oldest);
    }
  }
}
