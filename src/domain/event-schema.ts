/** How an event type is stored: its version, and which of its parts belong to a person. */
import type { DomainEvent } from './decider.js';
import type { Json } from './json.js';

/** What stands in place of personal data after its customer's key was deleted. */
export const ERASED = '[erased]';

export interface EventSchema {
  /** The version that is written; an older one would be upcast on reading, a newer one is refused. */
  readonly version: number;
  /** The field that names whose key the personal fields are under; `customerId` where it is not said. */
  readonly owner?: string;
  /** Top-level fields that are ciphertext in the store, each with what is shown once erased. */
  readonly personal: Readonly<Record<string, Json>>;
}

/** One entry for each event of a stream: the compiler finds the one that was forgotten. */
export type EventSchemas<Event extends DomainEvent> = {
  readonly [Type in Event['type']]: EventSchema;
};
