/** What is tried, and how often it may be within a quarter of an hour. */
export interface TryLimit {
  /** Stored as it is: a digest where it is about a person or a place. */
  readonly subject: string;
  readonly tries: number;
}

export const TRY_WINDOW_MS = 15 * 60_000;

/** How many times higher the limits are. A hundred where nothing but stand-ins are served. */
export abstract class TryFactor {
  abstract readonly factor: number;
}

/** Counts tries so that all processes share the count. */
export abstract class TryLimits {
  /** Counts one try of each before it is made. Answers for how many seconds one of them is over its limit; 0 for none. */
  abstract count(limits: readonly TryLimit[], now: Date): Promise<number>;
  /** Forgets the tries of a subject: the last one was right. */
  abstract forget(subject: string): Promise<void>;
}
