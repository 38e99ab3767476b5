import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { BulkLinkItems } from '../bulk/bulk-link-items.js';
import { jobView, visibleJob, type JobView } from './get-job.js';
import { LongJobs } from './long-jobs.js';

/** Stops a job: what was not done yet stays undone. One that has ended stays as it is. */
export class CancelJob extends Command<JobView> {
  constructor(readonly input: { readonly jobId: string; readonly branchIds: readonly string[] | undefined }) {
    super();
  }
}

@CommandHandler(CancelJob)
export class CancelJobHandler implements ICommandHandler<CancelJob> {
  constructor(
    private readonly jobs: LongJobs,
    private readonly items: BulkLinkItems,
  ) {}

  async execute({ input }: CancelJob): Promise<JobView> {
    await visibleJob(this.jobs, input.jobId, input.branchIds);
    await this.jobs.askCancel(input.jobId);
    return jobView(await visibleJob(this.jobs, input.jobId, input.branchIds), this.items);
  }
}
