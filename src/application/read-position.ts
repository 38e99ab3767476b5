/** Lets a list wait for what was just written. */
export abstract class ReadPosition {
  /**
   * Waits until every read model has taken in the log up to this position, whichever process runs them.
   * Answers false when `timeoutMs` passed first; the lists then show what they have.
   */
  abstract wait(position: bigint, timeoutMs: number): Promise<boolean>;
}
