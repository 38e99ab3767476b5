import { Get, Param, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CancelJob } from '../../application/long-jobs/cancel-job.js';
import { GetJobReport } from '../../application/long-jobs/get-job-report.js';
import { GetJob } from '../../application/long-jobs/get-job.js';
import { ListJobs } from '../../application/long-jobs/list-jobs.js';
import { ApiKeyCallers } from '../auth/api-key-callers.js';
import { CurrentCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { HttpProblem } from '../http-problem.js';
import { LiveStreams } from '../live/live-streams.js';
import { ApiController } from './api-controller.js';
import { toJobBody, toReport, type JobBody } from './job-bodies.js';
import { reportFile } from './job-report-csv.js';
import { Route } from './route.js';
import { jobBody, jobPage, jobsQuery, reportPage, reportQuery } from './schemas/jobs.js';
import { id } from './schemas/values.js';

const jobParams = z.strictObject({ jobId: id });
type JobParams = z.infer<typeof jobParams>;

const LOOK_EVERY_MS = 500;

@ApiController('jobs')
export class JobsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly streams: LiveStreams,
    private readonly callers: ApiKeyCallers,
  ) {}

  @Get()
  @Route({ summary: 'List the latest jobs', right: 'handle_invoices', status: 200, answer: jobPage })
  async list(
    @Query({ schema: jobsQuery }) { limit }: z.infer<typeof jobsQuery>,
    @CurrentCaller() { branchIds }: Caller,
  ): Promise<{ items: JobBody[] }> {
    const jobs = await this.queries.execute(new ListJobs({ branchIds, limit }));
    return { items: jobs.map(toJobBody) };
  }

  @Get(':jobId')
  @Route({ summary: 'Follow a job', right: 'handle_invoices', status: 200, answer: jobBody, refusals: [404] })
  read(@Param({ schema: jobParams }) { jobId }: JobParams, @CurrentCaller() caller: Caller): Promise<JobBody> {
    return this.look(jobId, caller);
  }

  @Get(':jobId/events')
  @Route({
    summary: 'Follow a job as server-sent events',
    description:
      'An event "state" with the job as its data whenever it has changed; the stream ends with the job, and soon after the key was revoked.',
    right: 'handle_invoices',
    status: 200,
    answer: { 'text/event-stream': 'text' },
    refusals: [404],
  })
  async events(
    @Param({ schema: jobParams }) { jobId }: JobParams,
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.streams.serve(response, {
      look: () => this.look(jobId, caller),
      isOver: (job) => ['done', 'cancelled'].includes((job as JobBody).status),
      everyMs: LOOK_EVERY_MS,
      viewer: caller.keyId,
      mayLook: () => this.callers.stillOpens(request),
    });
  }

  @Get(':jobId/report')
  @Route({
    summary: 'What became of each invoice, or what is wrong with each line',
    description: 'Accept: text/csv streams the whole report as a table, without pages.',
    right: 'handle_invoices',
    status: 200,
    answer: { 'application/json': reportPage, 'text/csv': 'text' },
    refusals: [404, 406],
  })
  async report(
    @Param({ schema: jobParams }) { jobId }: JobParams,
    @Query({ schema: reportQuery }) { cursor, ...query }: z.infer<typeof reportQuery>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @CurrentCaller() { branchIds }: Caller,
  ): Promise<z.infer<typeof reportPage> | StreamableFile> {
    response.vary('Accept');
    const form = request.accepts(['application/json', 'text/csv']);
    if (form === false) throw new HttpProblem('not_acceptable', { detail: 'There are application/json and text/csv.' });
    if (form !== 'text/csv') {
      return toReport(await this.queries.execute(new GetJobReport({ jobId, branchIds, ...query, after: cursor })));
    }
    return reportFile((after, limit) =>
      this.queries.execute(
        new GetJobReport({ jobId, branchIds, outcome: query.outcome, limit, after: after ?? cursor }),
      ),
    );
  }

  @Post(':jobId/cancel')
  @Route({
    summary: 'Cancel a job',
    description: 'What was not done yet stays undone. A job that has ended stays as it is.',
    right: 'handle_invoices',
    status: 200,
    answer: jobBody,
    refusals: [404],
  })
  async cancel(
    @Param({ schema: jobParams }) { jobId }: JobParams,
    @CurrentCaller() { branchIds }: Caller,
  ): Promise<JobBody> {
    return toJobBody(await this.commands.execute(new CancelJob({ jobId, branchIds })));
  }

  private async look(jobId: string, { branchIds }: Caller): Promise<JobBody> {
    return toJobBody(await this.queries.execute(new GetJob({ jobId, branchIds })));
  }
}
