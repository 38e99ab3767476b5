/**
 * A decider: what may happen to one stream. Pure; the same command on the same state always gives the same events.
 *
 * `decide` answers the events that the command causes: none when the state already shows what the command wants (a quiet
 * repeat). It throws `DomainError` when the command is refused, and then leaves no trace.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  /** Stored names of this stream's events begin with this prefix: `<prefix>-<uuid>`, or just the prefix. */
  readonly initialState: State;
  decide(command: Command, state: State): readonly Event[];
  /** Folds one event in. `revision` is the event's place in the stream. */
  evolve(state: State, event: Event, revision: bigint): State;
}

/** What every event has: a stored name and a JSON-safe payload. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** An event as the application sees it after reading: decoded, decrypted, of the newest schema version. */
export interface RecordedEvent<Event extends DomainEvent = DomainEvent> {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly id: string;
  readonly event: Event;
  readonly metadata: EventMetadata;
}

export interface EventMetadata {
  readonly schemaVersion: number;
  /** RFC 3339, UTC: when it was recorded. The order of events is their revision, never this. */
  readonly occurredAt: string;
  /** `staff:<id>`, `customer:<linkId>` or `system:<process>`. */
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string;
  /** SHA-256 of the previous hash and this event, lower-case hex. */
  readonly hash: string;
}

/** Folds a whole history. */
export function fold<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  events: readonly { event: Event; revision: bigint }[],
): State {
  return events.reduce((state, { event, revision }) => decider.evolve(state, event, revision), decider.initialState);
}

/** Makes the compiler find every switch that forgot a case. */
export function assertNever(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
}
