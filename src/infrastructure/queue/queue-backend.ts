import { createPostgresBackend, Queue, Worker } from 'bullmq';
import type { Job, Processor, QueueOptions, WorkerOptions } from 'bullmq';
import { DELIVER_WEBHOOK } from '../../application/jobs/job-names.js';
import type { Job as AskedJob } from '../../application/ports.js';

const MAIN_QUEUE = 'paylink';
/** Thousands of messages at once: nothing that somebody waits for stands behind them. */
export const QUEUE_OF_MANY = 'paylink-many';
/** Its jobs wait for strangers, 15 seconds each: they must not stand in the way of messages and payments. */
const WEBHOOK_QUEUE = 'paylink-webhooks';

/** All there are. Within one, the names of the jobs tell them apart. */
export const QUEUES = [MAIN_QUEUE, QUEUE_OF_MANY, WEBHOOK_QUEUE] as const;
export type QueueName = (typeof QUEUES)[number];

export function queueOf({ name, yields }: Pick<AskedJob, 'name' | 'yields'>): QueueName {
  if (name === DELIVER_WEBHOOK) return WEBHOOK_QUEUE;
  return yields === true ? QUEUE_OF_MANY : MAIN_QUEUE;
}

const isPostgres = (queueUrl: string): boolean => /^postgres(ql)?:/.test(queueUrl);

/** BullMQ's own tables live in a schema of their own (`bullmq`) and are made on the first connection. */
const onPostgres = (queueUrl: string, max: number) => ({
  connectionString: queueUrl,
  migrate: true,
  max,
  connectionTimeoutMillis: 5_000,
});

/** What both backends have in common, as far as it is used. */
export type OpenQueue = Pick<Queue, 'addBulk' | 'getJob' | 'getJobs' | 'getJobCounts' | 'close'>;

export interface OpenWorker {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
  /** Begins no more jobs. */
  pause(doNotWaitActive: true): Promise<void>;
  resume(): Promise<void>;
}

/** The queue as its producers and its readers see it, on PostgreSQL or Redis by the address. */
export function openQueue(
  queueUrl: string,
  name: QueueName,
  options: Omit<QueueOptions, 'connection'>,
  onError: (error: Error) => void,
): OpenQueue {
  const queue = isPostgres(queueUrl)
    ? new Queue(name, { ...options, connection: onPostgres(queueUrl, 4) }, createPostgresBackend)
    : // Whoever enqueues learns within seconds that Redis is away, and tries again in a way of their own.
      new Queue(name, { ...options, connection: { url: queueUrl, maxRetriesPerRequest: 2 } });
  queue.on('error', onError);
  return queue;
}

/** Takes jobs off the queue, on PostgreSQL or Redis by the address. */
export function openWorker(
  queueUrl: string,
  name: QueueName,
  run: Processor,
  options: Omit<WorkerOptions, 'connection'>,
  told: { readonly onError: (error: Error) => void; readonly onFailed: (job: Job | undefined, error: Error) => void },
): OpenWorker {
  const worker = isPostgres(queueUrl)
    ? new Worker(name, run, { ...options, connection: onPostgres(queueUrl, 6) }, createPostgresBackend)
    : new Worker(name, run, { ...options, connection: { url: queueUrl, maxRetriesPerRequest: null } });
  worker.on('error', told.onError);
  worker.on('failed', told.onFailed);
  return worker;
}
