import { Injectable } from '@nestjs/common';
import { ReadPosition } from '../../application/read-position.js';
import { HttpProblem } from '../http-problem.js';

/** How long a list waits for a write that it was asked to show. */
const MAX_WAIT_MS = 5_000;

/** Makes lists show what the caller has just written. */
@Injectable()
export class ListPosition {
  constructor(private readonly position: ReadPosition) {}

  /**
   * Waits until the read models show `after`.
   * @throws HttpProblem 503 where they did not in time: a list without the write would answer the question wrongly
   */
  async reach(after: string | undefined): Promise<void> {
    if (after === undefined || (await this.position.wait(BigInt(after), MAX_WAIT_MS))) return;
    throw new HttpProblem('list_behind', { detail: `The list has not reached the position ${after} yet. Try again.` });
  }
}
