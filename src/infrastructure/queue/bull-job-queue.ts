import type { OnModuleDestroy } from '@nestjs/common';
import { JobQueue, type Job } from '../../application/ports.js';
import { openQueue, type OpenQueue } from './queue-backend.js';

/** How often a job is tried, and the first of the pauses in between, each twice as long as the one before. */
export interface Retries {
  readonly attempts: number;
  readonly firstPauseMs: number;
}

/** Enough for an outage of two minutes; the sweep asks again for what is still owed after that. */
const RETRIES: Retries = { attempts: 8, firstPauseMs: 1_000 };
/** Half of each pause is left to chance, so that what failed together does not return together. */
const RETRY_JITTER = 0.5;
/** Finished jobs are kept for a while, since only a kept job's id is recognised; dead letters until somebody looks. */
const KEEP_FINISHED = { age: 24 * 60 * 60, count: 10_000 };
const MAX_BULK = 500;

/** Jobs on BullMQ. Each is kept once an id; its payload holds ids only. */
export class BullJobQueue extends JobQueue implements OnModuleDestroy {
  private readonly queue: OpenQueue;

  /**
   * @param queueUrl `postgres://…` or `redis://…`
   * @param report told of a connection that dropped; the next call opens another
   */
  constructor(
    queueUrl: string,
    report: (what: string, error: unknown) => void = () => undefined,
    retries: Retries = RETRIES,
  ) {
    super();
    const defaultJobOptions = {
      attempts: retries.attempts,
      backoff: { type: 'exponential', delay: retries.firstPauseMs, jitter: RETRY_JITTER },
      removeOnComplete: KEEP_FINISHED,
      removeOnFail: false,
    };
    this.queue = openQueue(queueUrl, { defaultJobOptions }, (error) => report('The queue is interrupted.', error));
  }

  /** @throws RangeError for an id that the queue would read as something else, before anything is enqueued */
  override async enqueue(jobs: readonly Job[]): Promise<void> {
    for (const { id } of jobs) {
      if (id === '' || id.includes(':') || /^\d+$/.test(id)) throw new RangeError(`Not an id of a job: "${id}"`);
    }
    for (let start = 0; start < jobs.length; start += MAX_BULK) {
      await this.queue.addBulk(
        jobs.slice(start, start + MAX_BULK).map(({ name, id, payload, delayMs }) => ({
          name,
          data: payload,
          opts: { jobId: id, delay: delayMs },
        })),
      );
    }
  }

  /** How many jobs wait, run and have failed for good. */
  async counts(): Promise<{ readonly waiting: number; readonly active: number; readonly deadLetters: number }> {
    const counts = await this.queue.getJobCounts('waiting', 'delayed', 'prioritized', 'active', 'failed');
    return {
      waiting: (counts['waiting'] ?? 0) + (counts['delayed'] ?? 0) + (counts['prioritized'] ?? 0),
      active: counts['active'] ?? 0,
      deadLetters: counts['failed'] ?? 0,
    };
  }

  async close(): Promise<void> {
    await this.queue.close();
  }

  async onModuleDestroy(): Promise<void> {
    await this.close();
  }
}
