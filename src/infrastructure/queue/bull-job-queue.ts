import type { OnModuleDestroy } from '@nestjs/common';
import { JobQueue, type Job } from '../../application/ports.js';
import { BullDeadLetters } from './bull-dead-letters.js';
import { openQueue, queueOf, QUEUES, type OpenQueue, type QueueName } from './queue-backend.js';

/** How often a job is tried, and the first of the pauses in between, each twice as long as the one before. */
export interface Retries {
  readonly attempts: number;
  readonly firstPauseMs: number;
}

/** Enough for an outage of two minutes; the sweep asks again for what is still owed after that. */
const RETRIES: Retries = { attempts: 8, firstPauseMs: 1_000 };
/** Finished jobs are kept for a while, since only a kept job's id is recognised; dead letters until somebody looks. */
const KEEP_FINISHED = { age: 24 * 60 * 60, count: 10_000 };
const MAX_BULK = 500;

/** Jobs on BullMQ. Each is kept once an id; its payload holds ids only. */
export class BullJobQueue extends JobQueue implements OnModuleDestroy {
  /** The jobs that have failed for good. */
  readonly deadLetters: BullDeadLetters;
  private readonly queues: ReadonlyMap<QueueName, OpenQueue>;

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
      // Which pause is right depends on why the job failed: the worker tells (`job-pauses.ts`).
      backoff: { type: 'by-reason', delay: retries.firstPauseMs },
      removeOnComplete: KEEP_FINISHED,
      removeOnFail: false,
    };
    const interrupted = (error: Error): void => report('The queue is interrupted.', error);
    this.queues = new Map(
      QUEUES.map((name) => [name, openQueue(queueUrl, name, { defaultJobOptions }, interrupted)] as const),
    );
    this.deadLetters = new BullDeadLetters(this.queues);
  }

  /** @throws RangeError for an id that the queue would read as something else, before anything is enqueued */
  override async enqueue(jobs: readonly Job[]): Promise<void> {
    for (const { id } of jobs) {
      if (id === '' || id.includes(':') || /^\d+$/.test(id)) throw new RangeError(`Not an id of a job: "${id}"`);
    }
    for (const [queueName, queue] of this.queues) {
      const own = jobs.filter((job) => queueOf(job) === queueName);
      for (let start = 0; start < own.length; start += MAX_BULK) {
        await queue.addBulk(own.slice(start, start + MAX_BULK).map(asBullJob));
      }
    }
  }

  /** How many jobs wait, run and have failed for good, in all queues. */
  async counts(): Promise<{ readonly waiting: number; readonly active: number; readonly deadLetters: number }> {
    const each = await Promise.all(
      [...this.queues.values()].map((queue) =>
        queue.getJobCounts('waiting', 'delayed', 'prioritized', 'active', 'failed'),
      ),
    );
    const sum = (...states: readonly string[]): number =>
      each.reduce((total, counts) => states.reduce((so, state) => so + (counts[state] ?? 0), total), 0);
    return { waiting: sum('waiting', 'delayed', 'prioritized'), active: sum('active'), deadLetters: sum('failed') };
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  async onModuleDestroy(): Promise<void> {
    await this.close();
  }
}

function asBullJob({ name, id, payload, delayMs }: Job) {
  return { name, data: payload, opts: { jobId: id, delay: delayMs } };
}
