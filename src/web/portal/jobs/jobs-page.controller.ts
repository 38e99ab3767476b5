import { Get, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CancelJob } from '../../../application/long-jobs/cancel-job.js';
import { GetJobReport } from '../../../application/long-jobs/get-job-report.js';
import { GetJob } from '../../../application/long-jobs/get-job.js';
import { ListJobs } from '../../../application/long-jobs/list-jobs.js';
import { Clock } from '../../../application/ports.js';
import { toJobBody, reportRows, type JobBody } from '../../api/job-bodies.js';
import { reportFile } from '../../api/job-report-csv.js';
import { reportQuery } from '../../api/schemas/jobs.js';
import { id } from '../../api/schemas/values.js';
import { staffOf, type StaffCaller } from '../../auth/caller.js';
import { StillSignedIn } from '../../auth/still-signed-in.js';
import { LiveStreams } from '../../live/live-streams.js';
import { Views } from '../../views.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { isOver, isSettled, jobRow, progressView, titleOf } from './job-view.js';

const jobParams = z.strictObject({ jobId: id });
type JobParams = z.infer<typeof jobParams>;

const LATEST = 50;
const REPORT_ROWS = 100;
const LOOK_EVERY_MS = 500;

/** Work that goes on while nobody looks: how far it is, and what it could not do. */
@PortalController('jobs')
export class JobsPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly streams: LiveStreams,
    private readonly signedIn: StillSignedIn,
    private readonly views: Views,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async list(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { branchIds } = staffOf(request);
    const jobs = await this.queries.execute(new ListJobs({ branchIds, limit: LATEST }));
    const now = this.clock.now();
    await this.pages.render(request, response, {
      title: 'Bulk sending and imports',
      template: 'portal/jobs/views/jobs',
      view: { jobs: jobs.map((job) => jobRow(toJobBody(job), now)) },
    });
  }

  @Get(':jobId')
  @PortalRoute({ right: 'handle_invoices' })
  async read(
    @Param({ schema: jobParams }) { jobId }: JobParams,
    @Query({ schema: reportQuery }) { cursor, outcome }: z.infer<typeof reportQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = staffOf(request);
    const { branchIds } = caller;
    const job = await this.look(jobId, caller);
    // What was queued is told by its figure; the report is about the rest.
    const asked = outcome ?? (job.kind === 'bulk_links' ? 'skipped' : undefined);
    const report = await this.queries.execute(
      new GetJobReport({ jobId, branchIds, limit: REPORT_ROWS, after: cursor, outcome: asked }),
    );
    const more = new URLSearchParams({ ...(outcome ? { outcome } : {}), cursor: report.next ?? '' });
    await this.pages.render(request, response, {
      title: titleOf(job),
      template: 'portal/jobs/views/job',
      ...(isSettled(job) ? {} : { script: 'portal-job.js' }),
      view: {
        csrf: caller.csrf,
        jobId,
        title: titleOf(job),
        isImport: job.kind === 'invoice_import',
        over: isOver(job),
        settled: isSettled(job),
        canCancel: job.status === 'queued' || job.status === 'running',
        progress: progressView(job),
        outcomes: job.kind === 'bulk_links' ? outcomeTabs(jobId, asked) : undefined,
        rows: reportRows(report),
        more: report.next === null ? undefined : `/staff/jobs/${jobId}?${more.toString()}#report`,
        leftOut: job.import?.problemsLeftOut ? job.import.problemsLeftOut.toLocaleString('en-US') : undefined,
      },
    });
  }

  @Get(':jobId/events')
  @PortalRoute({ right: 'handle_invoices', background: true })
  async events(
    @Param({ schema: jobParams }) { jobId }: JobParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = staffOf(request);
    await this.streams.serve(response, {
      look: async () => {
        const job = await this.look(jobId, caller);
        const view = progressView(job);
        const html = this.views.render('portal/jobs/views/progress', { view });
        return { over: isOver(job), settled: isSettled(job), percent: (view as { percent: number }).percent, html };
      },
      isOver: (state) => (state as { settled: boolean }).settled,
      everyMs: LOOK_EVERY_MS,
      viewer: caller.keyId,
      mayLook: () => this.signedIn.check(request, caller),
    });
  }

  @Get(':jobId/report.csv')
  @PortalRoute({ right: 'handle_invoices' })
  async report(@Param({ schema: jobParams }) { jobId }: JobParams, @Req() request: Request): Promise<StreamableFile> {
    const { branchIds } = staffOf(request);
    return reportFile((after, limit) => this.queries.execute(new GetJobReport({ jobId, branchIds, limit, after })));
  }

  @Post(':jobId/cancel')
  @PortalRoute({ right: 'handle_invoices' })
  async cancel(@Param({ schema: jobParams }) { jobId }: JobParams, @Req() request: Request): Promise<never> {
    await this.commands.execute(new CancelJob({ jobId, branchIds: staffOf(request).branchIds }));
    throw new PortalRedirect(`/staff/jobs/${jobId}`);
  }

  private async look(jobId: string, { branchIds }: StaffCaller): Promise<JobBody> {
    return toJobBody(await this.queries.execute(new GetJob({ jobId, branchIds })));
  }
}

function outcomeTabs(jobId: string, current: string | undefined): readonly object[] {
  const words = { skipped: 'Skipped', failed: 'Failed', queued: 'Issued' };
  return Object.entries(words).map(([outcome, word]) => ({
    word,
    href: `/staff/jobs/${jobId}?outcome=${outcome}#report`,
    current: outcome === current,
  }));
}
