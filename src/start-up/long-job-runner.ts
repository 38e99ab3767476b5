/** Does long jobs: of each kind one at a time in this process, whichever has waited longest. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LongJob, LongJobs, LongJobWork } from '../application/long-jobs/long-jobs.js';

/** How soon a job that another process accepted is noticed. */
const LOOK_EVERY_MS = 500;
/** After a failure (a database or an event store that is away) the job is taken up again so much later. */
const PAUSE_MS = 3_000;

/** The messages of many, of which no more begin between the two. */
export interface MessagesOfMany {
  holdMany(): Promise<void>;
  releaseMany(): Promise<void>;
}

export class LongJobRunner {
  private readonly stopping = new AbortController();
  private hands: Promise<unknown> = Promise.resolve();

  /** @param owner an id of this process alone */
  constructor(
    private readonly jobs: LongJobs,
    private readonly works: readonly LongJobWork[],
    private readonly owner: string,
    private readonly messages: MessagesOfMany,
    private readonly report: (what: string, error: unknown) => void,
  ) {}

  start(): void {
    this.hands = Promise.all(this.works.map((work) => this.attend(work)));
  }

  /** Ends at the next place where a job can be left; the next worker goes on from there at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.hands;
  }

  private async attend(work: LongJobWork): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const job = await this.jobs.take(work.kind, this.owner);
        if (job) {
          await this.doJob(work, job);
          continue;
        }
      } catch (error) {
        this.report(`Jobs of the kind ${work.kind} are interrupted and go on by themselves.`, error);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async doJob(work: LongJobWork, job: LongJob): Promise<void> {
    try {
      if (work.holdsMessages) await this.messages.holdMany();
      const status = job.cancelAsked ? 'cancelled' : await this.goThrough(work, job);
      if (status === 'left') return;
      await work.end(job, status);
      await this.jobs.finish(job.jobId, this.owner, status);
    } catch (error) {
      this.report(`The job ${job.jobId} (${work.kind}) is interrupted and goes on by itself.`, error);
      await this.jobs.release(job.jobId, this.owner, PAUSE_MS);
    } finally {
      if (work.holdsMessages) await this.messages.releaseMany();
    }
  }

  private async goThrough(work: LongJobWork, job: LongJob): Promise<'done' | 'cancelled' | 'left'> {
    for await (const step of work.run(job)) {
      void step;
      if (this.stopping.signal.aborted) {
        await this.jobs.release(job.jobId, this.owner, 0);
        return 'left';
      }
      const lease = await this.jobs.keep(job.jobId, this.owner);
      if (lease === 'lost') return 'left';
      if (lease === 'cancel_asked') return 'cancelled';
    }
    return 'done';
  }
}
