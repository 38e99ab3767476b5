import { Body, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import type { Selection } from '../../application/bulk/invoice-selection.js';
import { PreviewBulkLinks, type BulkPreviewAnswer } from '../../application/bulk/preview-bulk-links.js';
import { RequestBulkLinks } from '../../application/bulk/request-bulk-links.js';
import type { CommandContext } from '../../application/command-context.js';
import { CurrentCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { ListPosition } from './list-position.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { acceptedJob, bulkLinks, bulkPreview, bulkPreviewRequest } from './schemas/jobs.js';

type Choice = z.infer<typeof bulkLinks>;

@ApiController('links/bulk')
export class BulkLinksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
    private readonly position: ListPosition,
  ) {}

  @Post()
  @Route({
    summary: 'Send many links',
    description:
      'Taken on at once as a job; follow it at /jobs/{jobId}. By email a recipient of several invoices gets one message that ' +
      'lists each with its own link; by text the oldest due goes alone.',
    right: 'handle_invoices',
    status: 202,
    answer: acceptedJob,
    carries: ['Location'],
    refusals: [404, 409, 422],
  })
  async send(
    @Body({ schema: bulkLinks }) body: Choice,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<{ jobId: string }>> {
    const { selection, branchIds } = await this.selected(body, caller);
    const { jobId } = await this.commands.execute(
      // A program that asks for texts vouches for the customers' consent, as for a single one.
      new RequestBulkLinks({ selection, channel: body.channel, branchIds, textConsent: 'api' }, context),
    );
    return new Answer({ jobId }, { location: `/api/v1/jobs/${jobId}` });
  }

  @Post('preview')
  @Route({
    summary: 'Count what a bulk sending would do',
    description: 'As far as the lists know; each invoice is looked at again when its link is made.',
    right: 'handle_invoices',
    status: 200,
    answer: bulkPreview,
    refusals: [404, 422],
  })
  async preview(
    @Body({ schema: bulkPreviewRequest }) body: Choice,
    @CurrentCaller() caller: Caller,
  ): Promise<BulkPreviewAnswer> {
    const { selection, branchIds } = await this.selected(body, caller);
    return this.queries.execute(new PreviewBulkLinks({ selection, channel: body.channel, branchIds }));
  }

  private async selected(
    { invoiceIds, filter, after }: Choice,
    caller: Caller,
  ): Promise<{ selection: Selection; branchIds: readonly string[] | undefined }> {
    if (filter?.branchId !== undefined) this.scope.assertBranch(caller, filter.branchId);
    await this.position.reach(after);
    return { selection: invoiceIds ? { invoiceIds } : { filter: filter! }, branchIds: caller.branchIds };
  }
}
