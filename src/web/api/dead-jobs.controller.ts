import { Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { ListDeadJobs } from '../../application/dead-letters/list-dead-jobs.js';
import { RedriveDeadJobs } from '../../application/dead-letters/redrive-dead-jobs.js';
import { decodeCursor, encodeCursor } from '../../projections/cursor.js';
import { assertEveryBranch, CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiController } from './api-controller.js';
import { Route } from './route.js';
import { pageQuery } from './schemas/lists.js';
import { searchText } from './schemas/values.js';
import { deadJobPage, redrivenJobs } from './schemas/webhooks.js';

const jobParams = z.strictObject({ jobId: searchText(200) });

/** Jobs that were tried as often as they may be. None is ever thrown away. */
@ApiController('dead-jobs')
export class DeadJobsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Route({
    summary: 'List failed jobs',
    description: 'The latest first. What would show a person or a secret in their errors is blacked out.',
    right: 'administer',
    status: 200,
    answer: deadJobPage,
  })
  async list(
    @Query({ schema: pageQuery }) { limit, cursor }: z.infer<typeof pageQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.infer<typeof deadJobPage>> {
    assertEveryBranch(caller);
    const offset = cursor === undefined ? 0 : Number(decodeCursor(cursor, ['position'])[0]);
    const { items, nextOffset } = await this.queries.execute(new ListDeadJobs({ offset, limit }));
    return { items: [...items], next: nextOffset === null ? null : encodeCursor([String(nextOffset)]) };
  }

  @Post('redrive')
  @Route({ summary: 'Try all failed jobs again', right: 'administer', status: 202, answer: redrivenJobs })
  redriveAll(@CurrentCaller() caller: Caller): Promise<z.infer<typeof redrivenJobs>> {
    assertEveryBranch(caller);
    return this.commands.execute(new RedriveDeadJobs('all'));
  }

  @Post(':jobId/redrive')
  @Route({
    summary: 'Try a failed job again',
    right: 'administer',
    status: 202,
    answer: redrivenJobs,
    refusals: [404],
  })
  redrive(
    @Param({ schema: jobParams }) { jobId }: z.infer<typeof jobParams>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.infer<typeof redrivenJobs>> {
    assertEveryBranch(caller);
    return this.commands.execute(new RedriveDeadJobs({ jobId }));
  }
}
