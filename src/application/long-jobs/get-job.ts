import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { BulkLinkItems, type ItemCount } from '../bulk/bulk-link-items.js';
import type { BulkChannel } from '../bulk/plan-bulk-links.js';
import { importProgress, type ImportProgress } from '../import/import-progress.js';
import { LongJobs, type LongJob } from './long-jobs.js';

/** How a job stands. */
export type JobView = Pick<LongJob, 'jobId' | 'branchIds' | 'createdAt' | 'startedAt' | 'finishedAt'> & {
  /** `cancelling`: somebody asked for it to stop, and it has not yet. */
  readonly status: LongJob['status'] | 'cancelling';
} & (
    | {
        readonly kind: 'bulk_links';
        readonly channel: BulkChannel;
        readonly links: LinkProgress;
        /** What became of the messages of the queued links, by status. */
        readonly messages: Readonly<Record<string, number>>;
      }
    | { readonly kind: 'invoice_import'; readonly import: ImportProgress }
  );

export interface LinkProgress {
  readonly total: number;
  readonly done: number;
  readonly queued: number;
  readonly failed: number;
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** @throws DomainError `job_not_found`, also where the job concerns branches that the caller may not see */
export async function visibleJob(
  jobs: LongJobs,
  jobId: string,
  branchIds: readonly string[] | undefined,
): Promise<LongJob> {
  const job = await jobs.find(jobId);
  const visible =
    job !== undefined &&
    (branchIds === undefined || (job.branchIds?.every((each) => branchIds.includes(each)) ?? false));
  if (!visible) throw new DomainError('job_not_found', { jobId });
  return job;
}

/** Reads a job. */
export class GetJob extends Query<JobView> {
  constructor(
    readonly input: {
      readonly jobId: string;
      /** Those that the caller may see; undefined: all. */
      readonly branchIds: readonly string[] | undefined;
    },
  ) {
    super();
  }
}

@QueryHandler(GetJob)
export class GetJobHandler implements IQueryHandler<GetJob> {
  constructor(
    private readonly jobs: LongJobs,
    private readonly items: BulkLinkItems,
  ) {}

  async execute({ input }: GetJob): Promise<JobView> {
    return jobView(await visibleJob(this.jobs, input.jobId, input.branchIds), this.items);
  }
}

export async function jobView(job: LongJob, items: BulkLinkItems): Promise<JobView> {
  const { jobId, branchIds, createdAt, startedAt, finishedAt, kind } = job;
  const ended = job.status === 'done' || job.status === 'cancelled';
  const status = job.cancelAsked && !ended ? ('cancelling' as const) : job.status;
  const shared = { jobId, branchIds, createdAt, startedAt, finishedAt, status };
  if (kind === 'invoice_import') return { ...shared, kind, import: importProgress(job.progress) };
  const [counts, messages] = await Promise.all([items.counts(jobId), items.messageCounts(jobId)]);
  return { ...shared, kind, channel: job.request['channel'] as BulkChannel, links: linkProgress(counts), messages };
}

function linkProgress(counts: readonly ItemCount[]): LinkProgress {
  const sum = (outcome: ItemCount['outcome']): number =>
    counts.filter((each) => each.outcome === outcome).reduce((total, { count }) => total + count, 0);
  const waiting = sum(null);
  const total = counts.reduce((all, { count }) => all + count, 0);
  const skipped = counts.filter((each) => each.outcome === 'skipped').map(({ reason, count }) => [reason ?? '', count]);
  return {
    total,
    done: total - waiting,
    queued: sum('queued'),
    failed: sum('failed'),
    skipped: Object.fromEntries(skipped) as Record<string, number>,
  };
}
