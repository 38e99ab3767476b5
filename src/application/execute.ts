/** Read, fold, decide, append at the exact revision: the only place that appends. */
import { Injectable } from '@nestjs/common';
import { fold, type Decider, type DomainEvent, type EventMetadata, type RecordedEvent } from '../domain/decider.js';
import { DomainError } from '../domain/errors.js';
import type { CommandContext } from './command-context.js';
import { EventCodec } from './event-codec.js';
import { eventId } from './ids.js';
import { isOwnCause, KeptStates, type Head } from './kept-states.js';
import { Clock, EventStore } from './ports.js';
import { SharedReads } from './shared-reads.js';

/** A stream as it was read. */
export interface Loaded<State, Event extends DomainEvent> extends Head<State> {
  readonly events: readonly RecordedEvent<Event>[];
}

export interface Executed<State, Event extends DomainEvent = DomainEvent> {
  readonly state: State;
  readonly revision: bigint;
  /** Where a list has to have got to in order to show what was just done. */
  readonly position: bigint;
  /** False when the state already showed what the command wants. */
  readonly changed: boolean;
  /**
   * What the command did, exactly as it stands in the log. Absent where nothing was done, and where somebody else with the same
   * cause may have been faster with bytes of their own: whoever wants to show what is written reads it then.
   */
  readonly written?: readonly WrittenEvent<Event>[];
}

/** An event as its stream shows it. */
export type WrittenEvent<Event extends DomainEvent> = Pick<RecordedEvent<Event>, 'event' | 'metadata'>;

export interface Execution<State, Command, Event extends DomainEvent> {
  readonly decider: Decider<State, Command, Event>;
  readonly stream: string;
  readonly command: Command;
  readonly context: CommandContext;
  /**
   * True for a request whose Idempotency-Key is its cause: when the stream already has an event of that cause, the first try did
   * its work, and the answer is the state as it is.
   */
  readonly quietWhenRepeated?: boolean;
  /**
   * True where the stream is most probably not there yet: with a cause of its own the command is first tried on an empty stream
   * without reading it. Where it is there after all, it is read and decided on as ever.
   */
  readonly presumedAbsent?: boolean;
  /**
   * The stream as the use case has just read it: the command is first tried on that instead of reading it again. Where it has
   * moved on, or no event comes of it, it is read and decided on as ever.
   */
  readonly read?: Head<State>;
}

const MAX_CONFLICTS = 3;

@Injectable()
export class Execute {
  private readonly kept = new KeptStates();
  private readonly reads = new SharedReads<readonly RecordedEvent[]>();

  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly clock: Clock,
  ) {}

  /** Reads and folds a stream: it shows whatever anybody was told is written. */
  async load<State, Command, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
  ): Promise<Loaded<State, Event>> {
    const events = (await this.reads.read(stream, async () =>
      this.codec.decodeStream(await this.store.readStream(stream)),
    )) as readonly RecordedEvent<Event>[];
    const last = events.at(-1);
    const head: Head<State> = {
      state: fold(decider, events),
      revision: last?.revision ?? -1n,
      position: last?.position ?? 0n,
      hash: last?.metadata.hash,
    };
    // A use case that looks at a stream first runs its command on it next.
    if (last) this.kept.keep(decider, stream, head, this.clock.now());
    return { ...head, events };
  }

  /**
   * Runs a command. A stream that moved on meanwhile is read again and decided anew, at most three times.
   * @throws DomainError as the decider refuses; `concurrent_change` when others were faster each time.
   * @throws EventStoreUnavailable when the store does not answer.
   */
  async run<State, Command, Event extends DomainEvent>(
    execution: Execution<State, Command, Event>,
  ): Promise<Executed<State, Event>> {
    const known = this.known(execution);
    if (known) {
      const done = await this.attemptOnKnown(execution, known);
      if (done) return done;
    }
    for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts += 1) {
      const done = await this.attempt(execution);
      if (done) return done;
    }
    throw new DomainError('concurrent_change', { stream: execution.stream });
  }

  /**
   * What the command may be tried on without a read. What was kept is as new as what the use case has read, or newer. A cause that
   * others may use as well is tried on nothing but that: their events are not in it, and make the append fail.
   */
  private known<State, Command, Event extends DomainEvent>({
    decider,
    stream,
    context,
    presumedAbsent = false,
    read,
    quietWhenRepeated = false,
  }: Execution<State, Command, Event>): Head<State> | undefined {
    if (!isOwnCause(context.cause)) return quietWhenRepeated ? undefined : read;
    const kept = this.kept.take(decider, stream, this.clock.now());
    return kept ?? read ?? (presumedAbsent ? absentHead(decider) : undefined);
  }

  /** Only events come of it. A refusal, or that nothing is to be done, is said by the stream itself. */
  private async attemptOnKnown<State, Command, Event extends DomainEvent>(
    execution: Execution<State, Command, Event>,
    known: Head<State>,
  ): Promise<Executed<State, Event> | undefined> {
    let decided: readonly Event[];
    try {
      decided = execution.decider.decide(execution.command, known.state);
    } catch {
      return undefined;
    }
    return decided.length === 0 ? undefined : this.append(execution, known, decided);
  }

  private async attempt<State, Command, Event extends DomainEvent>(
    execution: Execution<State, Command, Event>,
  ): Promise<Executed<State, Event> | undefined> {
    const { decider, stream, command, context, quietWhenRepeated = false } = execution;
    const loaded = await this.load(decider, stream);
    const repeated = quietWhenRepeated && loaded.events.some(({ metadata }) => metadata.causationId === context.cause);
    const decided = repeated ? [] : decider.decide(command, loaded.state);
    if (decided.length > 0) return this.append(execution, loaded, decided);
    const { state, revision, position } = loaded;
    return { state, revision, position, changed: false };
  }

  /** Answers undefined where the stream is at another revision. */
  private async append<State, Command, Event extends DomainEvent>(
    { decider, stream, context }: Execution<State, Command, Event>,
    head: Head<State>,
    decided: readonly Event[],
  ): Promise<Executed<State, Event> | undefined> {
    const { revision, hash } = head;
    // It is about to be old, and after an append without an answer nobody knows what the stream is.
    this.kept.take(decider, stream, this.clock.now());
    const occurredAt = this.clock.now().toISOString();
    const { actor, cause, correlationId, traceparent } = context;
    const encoded = await this.codec.encode(
      { stream, revision, hash },
      decided.map((event, ordinal) => ({
        id: eventId(stream, event.type, cause, ordinal),
        event,
        metadata: {
          occurredAt,
          actor,
          correlationId,
          causationId: cause,
          ...(traceparent === undefined ? {} : { traceparent }),
        },
      })),
    );
    const result = await this.store.append(stream, revision < 0n ? 'no_stream' : revision, encoded);
    if (result.outcome === 'wrong_revision') return undefined;
    const state = decided.reduce(
      (folded, event, index) => decider.evolve(folded, event, revision + 1n + BigInt(index)),
      head.state,
    );
    const at = { state, revision: result.revision, position: result.position };
    if (!isOwnCause(cause)) return { ...at, changed: true };
    const lastHash = encoded.at(-1)?.metadata['hash'] as string;
    this.kept.keep(decider, stream, { ...at, hash: lastHash }, this.clock.now());
    const written = decided.map((event, index) => ({
      event,
      metadata: encoded[index]!.metadata as unknown as EventMetadata,
    }));
    return { ...at, changed: true, written };
  }
}

function absentHead<State>({ initialState }: { readonly initialState: State }): Head<State> {
  return { state: initialState, revision: -1n, position: 0n, hash: undefined };
}
