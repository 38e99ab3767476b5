import { UnrecoverableError, type Job as BullJob } from 'bullmq';
import * as jobNames from '../../application/jobs/job-names.js';
import { GiveUp } from '../../application/ports.js';
import type { JsonObject } from '../../domain/json.js';
import { pauseBefore } from './job-pauses.js';
import { openWorker, QUEUES, QUEUE_OF_MANY, type OpenWorker, type QueueName } from './queue-backend.js';

/** A job's handler: it asks first whether the thing has been done, since a job may run more than once. */
export interface RunnableJob {
  readonly name: string;
  run(payload: JsonObject, info: { readonly jobId: string; readonly attempt: number }): Promise<void>;
}

/** Of each queue. */
const CONCURRENCY = 10;
/** How long a worker that was killed seems to be at work; its jobs are then given to another. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
/** A job does not become poison because its worker was killed a few times. */
const MAX_STALLS = 50;
const RECONNECT_MS = 1_000;
/** Where a job's options name no pause. */
const DEFAULT_FIRST_PAUSE_MS = 1_000;
const STOP_MS = 18_000;

/**
 * Runs jobs at least once each. One that fails is tried again with growing pauses; after its last try it is kept as a dead
 * letter, and the others go on meanwhile.
 */
export class JobRunner {
  private readonly handlers: ReadonlyMap<string, RunnableJob>;
  private workers: ReadonlyMap<QueueName, OpenWorker> = new Map();

  /**
   * @param names every job that can stand in the queue
   * @throws where a job has no handler, or two
   */
  constructor(
    private readonly queueUrl: string,
    handlers: readonly RunnableJob[],
    private readonly report: (what: string, error: unknown) => void,
    names: readonly string[] = Object.values(jobNames),
  ) {
    this.handlers = new Map(handlers.map((handler) => [handler.name, handler]));
    for (const name of new Set([...names, ...this.handlers.keys()])) {
      const count = handlers.filter((handler) => handler.name === name).length;
      if (count !== 1) throw new Error(`The job ${name} has ${count === 0 ? 'no handler' : `${count} handlers`}.`);
      if (!names.includes(name)) throw new Error(`The job ${name} is not among the names of jobs.`);
    }
  }

  /** Begins to take jobs. Where the queue is away it goes on trying. */
  async start(): Promise<void> {
    const options = {
      concurrency: CONCURRENCY,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLS,
      runRetryDelay: RECONNECT_MS,
      settings: { backoffStrategy },
    };
    const told = {
      onError: (error: Error) => this.report('The jobs are interrupted and go on when the queue is back.', error),
      onFailed: (job: BullJob | undefined, error: Error) => {
        if (job === undefined || !isLast(job, error)) return;
        this.report(`The job ${job.name} (${job.id}) has failed for good and is kept as a dead letter.`, error);
      },
    };
    const run = (job: BullJob): Promise<void> => this.run(job);
    this.workers = new Map(QUEUES.map((name) => [name, openWorker(this.queueUrl, name, run, options, told)] as const));
    const ready = [...this.workers.values()].map((worker) => worker.waitUntilReady());
    await Promise.all(ready).catch((error: unknown) => this.report('The queue is not ready yet.', error));
  }

  /** Begins no more of the jobs that yield, until they are released. Those at hand, and all others, go on. */
  async holdMany(): Promise<void> {
    await this.workers.get(QUEUE_OF_MANY)?.pause(true);
  }

  async releaseMany(): Promise<void> {
    await this.workers.get(QUEUE_OF_MANY)?.resume();
  }

  /** Takes no more jobs and finishes those at hand; what takes too long is left to the next worker. */
  async stop(): Promise<void> {
    const workers = [...this.workers.values()];
    this.workers = new Map();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), STOP_MS);
    });
    const closed = Promise.all(workers.map((worker) => worker.close()));
    const ended = await Promise.race([closed, late]);
    clearTimeout(timer);
    if (ended === 'late') await Promise.all(workers.map((worker) => worker.close(true)));
  }

  private async run(job: BullJob): Promise<void> {
    const handler = this.handlers.get(job.name);
    if (!handler) throw new Error(`The job ${job.name} has no handler in this version of the program.`);
    try {
      await handler.run(job.data as JsonObject, { jobId: job.id ?? '', attempt: job.attemptsMade + 1 });
    } catch (error) {
      throw error instanceof GiveUp ? new UnrecoverableError(error.message) : error;
    }
  }
}

function isLast(job: BullJob, error: Error): boolean {
  return error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts ?? 1);
}

/** The pause before the next try. The queue's own first pause stands in the job's options. */
function backoffStrategy(triesMade: number, _type?: string, error?: Error, job?: Pick<BullJob, 'opts'>): number {
  const { backoff } = job?.opts ?? {};
  const firstPauseMs = typeof backoff === 'object' ? backoff.delay : backoff;
  return pauseBefore(triesMade, error, firstPauseMs ?? DEFAULT_FIRST_PAUSE_MS);
}
