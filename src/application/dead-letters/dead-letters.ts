/** A job that was tried as often as it may be, and waits for a person. */
export interface DeadLetter {
  readonly id: string;
  readonly name: string;
  readonly attempts: number;
  /** What the last try ended with. Nothing that looks like a secret or an address of a person. */
  readonly error: string;
  /** RFC 3339, UTC. */
  readonly queuedAt: string;
  readonly failedAt: string | null;
}

/** The failed jobs of all queues. None is ever discarded: what it promised is owed until it is done. */
export abstract class DeadLetters {
  /** The latest first. `offset` counts from the latest. */
  abstract list(offset: number, limit: number): Promise<readonly DeadLetter[]>;
  /** Puts it back into its queue with all its tries; false where there is no such failed job. */
  abstract redrive(id: string): Promise<boolean>;
  /** Answers how many were put back. */
  abstract redriveAll(): Promise<number>;
}
