import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BulkLinkItems, type ItemRow } from '../bulk/bulk-link-items.js';
import { ImportSpool, type ImportProblem } from '../import/import-spool.js';
import { visibleJob } from './get-job.js';
import { LongJobs } from './long-jobs.js';

/** Lines of a report: invoices of a bulk sending by their place in it, or what is wrong with a file by line. */
export type JobReport =
  | { readonly kind: 'bulk_links'; readonly rows: readonly ItemRow[]; readonly next: string | null }
  | { readonly kind: 'invoice_import'; readonly rows: readonly ImportProblem[]; readonly next: string | null };

/** A page of a job's report. */
export class GetJobReport extends Query<JobReport> {
  constructor(
    readonly input: {
      readonly jobId: string;
      readonly branchIds: readonly string[] | undefined;
      readonly limit: number;
      /** `next` of the page before: two whole numbers. */
      readonly after?: string | undefined;
      /** Of a bulk sending: `queued`, `skipped` or `failed` alone. */
      readonly outcome?: string | undefined;
    },
  ) {
    super();
  }
}

@QueryHandler(GetJobReport)
export class GetJobReportHandler implements IQueryHandler<GetJobReport> {
  constructor(
    private readonly jobs: LongJobs,
    private readonly items: BulkLinkItems,
    private readonly spool: ImportSpool,
  ) {}

  async execute({ input }: GetJobReport): Promise<JobReport> {
    const { jobId, branchIds, limit, outcome, after = '-1.-1' } = input;
    const { kind } = await visibleJob(this.jobs, jobId, branchIds);
    const [first, second] = after.split('.').map(Number) as [number, number];
    if (kind === 'invoice_import') {
      const rows = await this.spool.problems(jobId, { line: first, ordinal: second }, limit + 1);
      return { kind, ...page(rows, limit, ({ line, ordinal }) => `${line}.${ordinal}`) };
    }
    const rows = await this.items.rows(jobId, { after: first, limit: limit + 1, outcome });
    return { kind, ...page(rows, limit, ({ ordinal }) => `${ordinal}.0`) };
  }
}

function page<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => string,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const shown = rows.slice(0, limit);
  return { rows: shown, next: rows.length > limit ? placeOf(shown.at(-1)!) : null };
}
