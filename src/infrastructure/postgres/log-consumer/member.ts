import type { StoredEvent } from '../../../application/ports.js';
import type { RecordedEvent } from '../../../domain/decider.js';
import type { Sql } from '../../../projections/sql.js';

/** Whoever follows the log with a checkpoint of their own: a read model or a process. */
export interface LogMember {
  /** Names the checkpoint; never changes. */
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  /**
   * Takes events in, in the order of the log, in the transaction that moves the checkpoint. It may be called again with the
   * same events, after a transaction that did not commit or one by one to find the event that cannot be taken.
   * @throws PassingFailure where a system outside is away; anything else says that an event is poison.
   */
  apply(events: readonly RecordedEvent[], sql: Sql): Promise<void>;
  /** Told, in the same transaction, of the first event of a stream that could not be taken. */
  stopped?(event: StoredEvent, sql: Sql): Promise<void>;
  /** Told, in the same transaction, that the events at these positions have been taken after all. */
  resumed?(positions: readonly bigint[], sql: Sql): Promise<void>;
}
