import { Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import type { DeadLetter } from '../../../../application/dead-letters/dead-letters.js';
import { ListDeadJobs } from '../../../../application/dead-letters/list-dead-jobs.js';
import { RedriveDeadJobs } from '../../../../application/dead-letters/redrive-dead-jobs.js';
import { Clock } from '../../../../application/ports.js';
import { assertEveryBranch, staffOf } from '../../../auth/caller.js';
import { PortalController } from '../../portal-controller.js';
import { moment } from '../../portal-formats.js';
import { PortalPages } from '../../portal-pages.js';
import { PortalRedirect } from '../../portal-redirect.js';
import { PortalRoute } from '../../portal-route.js';
import { administrationTabs } from '../places.js';

const PATH = '/staff/administration/failed-jobs';
const PAGE = 50;
const OFFSET = /^\d{1,7}$/;
const NOTES: Readonly<Record<string, string>> = {
  one: 'The job is tried again. If it fails again it comes back here.',
  all: 'All failed jobs are tried again. Those that fail again come back here.',
};

/** What was tried as often as it may be and waits for a person. It concerns every branch. */
@PortalController('administration/failed-jobs')
export class FailedJobsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async list(
    @Query('note') note: unknown,
    @Query('from') from: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = staffOf(request);
    assertEveryBranch(caller);
    const offset = typeof from === 'string' && OFFSET.test(from) ? Number(from) : 0;
    const { items, nextOffset } = await this.queries.execute(new ListDeadJobs({ offset, limit: PAGE }));
    const now = this.clock.now();
    await this.pages.render(request, response, {
      title: 'Failed jobs',
      template: 'portal/administration/failed-jobs/views/failed-jobs',
      view: {
        tabs: administrationTabs(PATH),
        note: typeof note === 'string' && Object.hasOwn(NOTES, note) ? NOTES[note] : undefined,
        jobs: items.map((job) => jobView(job, now)),
        hasJobs: items.length > 0,
        next: nextOffset === null ? undefined : `${PATH}?from=${nextOffset}`,
        csrf: caller.csrf,
      },
    });
  }

  @Post('redrive')
  @PortalRoute({ right: 'administer' })
  async redriveAll(@Req() request: Request): Promise<never> {
    assertEveryBranch(staffOf(request));
    await this.commands.execute(new RedriveDeadJobs('all'));
    throw new PortalRedirect(`${PATH}?note=all`);
  }

  @Post(':jobId/redrive')
  @PortalRoute({ right: 'administer' })
  async redrive(@Param('jobId') jobId: string, @Req() request: Request): Promise<never> {
    assertEveryBranch(staffOf(request));
    await this.commands.execute(new RedriveDeadJobs({ jobId }));
    throw new PortalRedirect(`${PATH}?note=one`);
  }
}

function jobView({ id, name, attempts, error, failedAt, queuedAt }: DeadLetter, now: Date) {
  return {
    ...{ id, name, attempts, error },
    path: `${PATH}/${encodeURIComponent(id)}/redrive`,
    failed: moment(failedAt ?? queuedAt, 'UTC', now),
  };
}
