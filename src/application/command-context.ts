/** Who asks, why, and what it belongs to. Every command carries one. */
export interface CommandContext {
  /** `staff:<id>`, `customer:<linkId>` or `system:<process>`. */
  readonly actor: string;
  /**
   * What caused the command: the digest of an Idempotency-Key, a job's event id, a payment intent's id. Event ids, and the ids of
   * what is made, derive from it, so that a repeat finds what the first one made.
   *
   * A cause that is drawn for one command alone is a random UUID (version 4), and nothing that others know may be one: `execute`
   * takes the form as the promise that nobody else appends under the same cause (see `kept-states.ts`).
   */
  readonly cause: string;
  /** True where the cause comes of a key that the caller chose: whoever uses it again has to ask for the same thing. */
  readonly causeIsChosen?: boolean;
  readonly correlationId: string;
  readonly traceparent?: string;
}

/** The context of work that the system does by itself because of an event. */
export function systemContext(process: string, cause: string, correlationId: string): CommandContext {
  return { actor: `system:${process}`, cause, correlationId };
}
