/** A process manager: turns events into intents. Pure and without I/O; the runner makes the intents durable before its checkpoint. */
import type { RecordedEvent } from '../../domain/decider.js';
import type { Job } from '../ports.js';

export type Intent =
  | { readonly kind: 'job'; readonly job: Job }
  /** Gives the capture the next rank of its branch and enqueues the job that issues the receipt under it. */
  | {
      readonly kind: 'number_receipt';
      readonly branchId: string;
      readonly invoiceId: string;
      readonly paymentId: string;
      readonly causeEventId: string;
    };

export interface Process {
  /** Names the checkpoint. */
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  react(event: RecordedEvent): readonly Intent[];
}
