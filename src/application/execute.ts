/** Read, fold, decide, append at the exact revision: the only place that appends. */
import { Injectable } from '@nestjs/common';
import { fold, type Decider, type DomainEvent, type RecordedEvent } from '../domain/decider.js';
import { DomainError } from '../domain/errors.js';
import type { CommandContext } from './command-context.js';
import { EventCodec } from './event-codec.js';
import { eventId } from './ids.js';
import { Clock, EventStore } from './ports.js';

/** A stream as it was read. */
export interface Loaded<State, Event extends DomainEvent> {
  readonly state: State;
  readonly events: readonly RecordedEvent<Event>[];
  /** -1n for a stream that is not there. */
  readonly revision: bigint;
  /** Position of the stream's last event; 0n where there is none. */
  readonly position: bigint;
}

export interface Executed<State> {
  readonly state: State;
  readonly revision: bigint;
  /** Where a list has to have got to in order to show what was just done. */
  readonly position: bigint;
  /** False when the state already showed what the command wants. */
  readonly changed: boolean;
}

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
}

const MAX_CONFLICTS = 3;

@Injectable()
export class Execute {
  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly clock: Clock,
  ) {}

  /** Reads and folds a stream. */
  async load<State, Command, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
  ): Promise<Loaded<State, Event>> {
    const stored = await this.store.readStream(stream);
    const events = (await this.codec.decodeStream(stored)) as readonly RecordedEvent<Event>[];
    const last = events.at(-1);
    return { state: fold(decider, events), events, revision: last?.revision ?? -1n, position: last?.position ?? 0n };
  }

  /**
   * Runs a command. A stream that moved on meanwhile is read again and decided anew, at most three times.
   * @throws DomainError as the decider refuses; `concurrent_change` when others were faster each time.
   * @throws EventStoreUnavailable when the store does not answer.
   */
  async run<State, Command, Event extends DomainEvent>(
    execution: Execution<State, Command, Event>,
  ): Promise<Executed<State>> {
    for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts += 1) {
      const done = await this.attempt(execution);
      if (done) return done;
    }
    throw new DomainError('concurrent_change', { stream: execution.stream });
  }

  private async attempt<State, Command, Event extends DomainEvent>({
    decider,
    stream,
    command,
    context,
    quietWhenRepeated = false,
  }: Execution<State, Command, Event>): Promise<Executed<State> | undefined> {
    const loaded = await this.load(decider, stream);
    const { revision, position } = loaded;
    const repeated = quietWhenRepeated && loaded.events.some(({ metadata }) => metadata.causationId === context.cause);
    const decided = repeated ? [] : decider.decide(command, loaded.state);
    if (decided.length === 0) return { state: loaded.state, revision, position, changed: false };
    const head = { stream, revision, hash: loaded.events.at(-1)?.metadata.hash };
    const occurredAt = this.clock.now().toISOString();
    const { actor, cause, correlationId, traceparent } = context;
    const encoded = await this.codec.encode(
      head,
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
      loaded.state,
    );
    return { state, revision: result.revision, position: result.position, changed: true };
  }
}
