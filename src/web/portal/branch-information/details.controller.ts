import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { UpdateBranch } from '../../../application/branch/update-branch.js';
import { BranchSetups } from '../../../projections/branch-setups.js';
import { id } from '../../api/schemas/values.js';
import { PortalController } from '../portal-controller.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, keptTyped, type NotSaved } from './branch-pages.js';
import { checklistView } from './checklist.js';
import { branchPath } from './branch-tabs.js';
import { detailChanges, detailsView, readDetails, typedDetails } from './details-form.js';
import type { Typed } from './form-fields.js';

export const branchParams = z.strictObject({ branchId: id });
export type BranchParams = z.infer<typeof branchParams>;

/** Name, place, language and what the pages of a branch say of it. */
@PortalController('branches/:branchId')
export class BranchDetailsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly setups: BranchSetups,
    private readonly pages: BranchPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    await this.page(request, response, branch, typedDetails(branch.details), undefined);
  }

  @Post()
  @PortalRoute({ right: 'administer' })
  async save(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const typed = readDetails(request);
    const read = detailChanges(typed);
    const refused: NotSaved | undefined =
      'mistakes' in read
        ? { mistakes: read.mistakes, conflict: undefined }
        : await this.pages.save(request, branchId, 'details', (context, seen) =>
            this.commands.execute(new UpdateBranch({ branchId, changes: read.value, seen }, context)),
          );
    if (!refused) throw new PortalRedirect(`${branchPath(branchId)}?note=saved`);
    const branch = await this.pages.branch(request, branchId);
    // The currency is not sent by every browser where it cannot be changed.
    const kept = keptTyped(typed, refused, (fields) => typedDetails(fields as unknown as BranchView['details']));
    await this.page(request, response, branch, { ...kept, currency: branch.details.currency }, refused);
  }

  private async page(
    request: Request,
    response: Response,
    branch: BranchView,
    typed: Typed,
    refused: NotSaved | undefined,
  ): Promise<void> {
    const setup = await this.setups.of(branch.branchId);
    await this.pages.render(request, response, branch, {
      tab: 'details',
      title: 'Details',
      template: 'details',
      refused,
      view: { ...detailsView(typed, refused?.mistakes ?? {}, false), checklist: checklistView(branch, setup) },
    });
  }
}
