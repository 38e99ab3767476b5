import { DeadLetters, type DeadLetter } from '../../application/dead-letters/dead-letters.js';
import { redact } from '../telemetry/redact.js';
import { QUEUES, type OpenQueue } from './queue-backend.js';

const MAX_ERROR = 300;
/** So many are looked at in one go when all are put back. */
const PAGE = 200;
/** What was put back may fail again meanwhile: who asked for all does not wait for ever. */
const MAX_AT_ONCE = 100_000;

type FailedJob = NonNullable<Awaited<ReturnType<OpenQueue['getJob']>>>;

/** The failed jobs of all queues on BullMQ, as one list: those of the first queue, then those of the next. */
export class BullDeadLetters extends DeadLetters {
  /** @param queues open already; whoever opened them closes them */
  constructor(private readonly queues: ReadonlyMap<string, OpenQueue>) {
    super();
  }

  override async list(offset: number, limit: number): Promise<readonly DeadLetter[]> {
    const found: FailedJob[] = [];
    let skipped = offset;
    for (const queue of this.inOrder()) {
      const { failed = 0 } = await queue.getJobCounts('failed');
      const wanted = limit - found.length;
      if (wanted > 0 && skipped < failed) {
        found.push(...(await queue.getJobs(['failed'], skipped, skipped + wanted - 1, false)));
      }
      skipped = Math.max(0, skipped - failed);
    }
    return found.map(shown);
  }

  override async redrive(id: string): Promise<boolean> {
    // What stands in an address may hold it; PostgreSQL keeps no text with it, and would not even look.
    if (id.includes('\0')) return false;
    for (const queue of this.inOrder()) {
      const job = await queue.getJob(id);
      if (job && (await job.isFailed())) return putBack(job);
    }
    return false;
  }

  override async redriveAll(): Promise<number> {
    let count = 0;
    for (const queue of this.inOrder()) {
      // The ids that are there now: one that fails again at once is not put back again.
      const { failed = 0 } = await queue.getJobCounts('failed');
      const jobs: FailedJob[] = [];
      for (let start = 0; start < Math.min(failed, MAX_AT_ONCE); start += PAGE) {
        jobs.push(...(await queue.getJobs(['failed'], start, start + PAGE - 1, false)));
      }
      for (const job of jobs) if (await putBack(job)) count += 1;
    }
    return count;
  }

  private inOrder(): readonly OpenQueue[] {
    return QUEUES.map((name) => this.queues.get(name)!);
  }
}

/** False where somebody else was faster. */
async function putBack(job: FailedJob): Promise<boolean> {
  try {
    await job.retry('failed', { resetAttemptsMade: true });
    return true;
  } catch (error) {
    if (await job.isFailed()) throw error;
    return false;
  }
}

function shown({ id, name, attemptsMade, failedReason, timestamp, finishedOn }: FailedJob): DeadLetter {
  const [firstLine = ''] = redact(failedReason ?? '').split('\n');
  return {
    id: id ?? '',
    name,
    attempts: attemptsMade,
    error: firstLine.slice(0, MAX_ERROR),
    queuedAt: new Date(timestamp).toISOString(),
    failedAt: finishedOn === undefined ? null : new Date(finishedOn).toISOString(),
  };
}
