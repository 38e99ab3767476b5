/** Work that takes longer than a request: accepted as a row, done by whichever worker holds its lease, resumed where it stopped. */
import type { JsonObject } from '../../domain/json.js';

export type LongJobKind = 'bulk_links' | 'invoice_import';

/** `receiving`: an upload that is not here yet. */
export type LongJobStatus = 'receiving' | 'queued' | 'running' | 'done' | 'cancelled';

export interface LongJob {
  readonly jobId: string;
  readonly kind: LongJobKind;
  readonly status: LongJobStatus;
  /** The branches that it concerns; undefined where it may concern any. */
  readonly branchIds: readonly string[] | undefined;
  /** Who asked: the actor of every command that comes of it. */
  readonly actor: string;
  readonly correlationId: string;
  /** Ids and choices, nothing personal. */
  readonly request: JsonObject;
  readonly progress: JsonObject;
  readonly cancelAsked: boolean;
  readonly createdAt: string;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
}

export type NewLongJob = Pick<LongJob, 'jobId' | 'kind' | 'branchIds' | 'actor' | 'correlationId' | 'request'>;

/** The rows of long jobs, and the leases by which one worker at a time is at each. */
export abstract class LongJobs {
  abstract find(jobId: string): Promise<LongJob | undefined>;
  /** The latest first; of these branches alone where there is a list. */
  abstract latest(branchIds: readonly string[] | undefined, limit: number): Promise<readonly LongJob[]>;
  /** Leases the oldest job of this kind that nobody is at. */
  abstract take(kind: LongJobKind, owner: string): Promise<LongJob | undefined>;
  /** Renews the lease. `lost`: another worker has it, or nobody does. */
  abstract keep(jobId: string, owner: string): Promise<'kept' | 'lost' | 'cancel_asked'>;
  /** Gives the lease back; nobody takes the job before `pauseMs` are over. */
  abstract release(jobId: string, owner: string, pauseMs: number): Promise<void>;
  abstract finish(jobId: string, owner: string, status: 'done' | 'cancelled'): Promise<void>;
  /** Asks whoever is at it to stop. A job that has ended stays as it is. */
  abstract askCancel(jobId: string): Promise<void>;
}

/** How one kind of job is done. */
export abstract class LongJobWork {
  abstract readonly kind: LongJobKind;
  /** True where the messages of many are better held until it is through: it makes them, and goes twice as fast without their sending. */
  readonly holdsMessages: boolean = false;
  /**
   * Does the job from where it stands. Everything before a `yield` is durable; there the lease is renewed, and the work ended
   * where it has to stop. What was done and not yet recorded is done again by whoever goes on, with the same effect.
   */
  abstract run(job: LongJob): AsyncGenerator<void, void, void>;
  /** Tidies up a job that was cancelled or is through, before it is marked so. */
  abstract end(job: LongJob, status: 'done' | 'cancelled'): Promise<void>;
}
