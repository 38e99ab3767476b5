import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BulkLinkItems } from '../bulk/bulk-link-items.js';
import { jobView, type JobView } from './get-job.js';
import { LongJobs } from './long-jobs.js';

/** The latest jobs first. */
export class ListJobs extends Query<readonly JobView[]> {
  constructor(readonly input: { readonly branchIds: readonly string[] | undefined; readonly limit: number }) {
    super();
  }
}

@QueryHandler(ListJobs)
export class ListJobsHandler implements IQueryHandler<ListJobs> {
  constructor(
    private readonly jobs: LongJobs,
    private readonly items: BulkLinkItems,
  ) {}

  async execute({ input }: ListJobs): Promise<readonly JobView[]> {
    const jobs = await this.jobs.latest(input.branchIds, input.limit);
    return Promise.all(jobs.map((job) => jobView(job, this.items)));
  }
}
