import { Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { UpdateBranch } from '../../../application/branch/update-branch.js';
import { BranchSetups } from '../../../projections/branch-setups.js';
import { id } from '../../api/schemas/values.js';
import { PortalController } from '../portal-controller.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, type ShownForm } from './branch-pages.js';
import { checklistView } from './checklist.js';
import { detailChanges, detailsView, readDetails, typedDetails } from './details-form.js';

export const branchParams = z.strictObject({ branchId: id });
export type BranchParams = z.infer<typeof branchParams>;

/** Name, place, language and what the pages of a branch say of it. */
@PortalController('branches/:branchId')
export class BranchDetailsController {
  constructor(
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
    await this.page(request, response, { branch, typed: typedDetails(branch.details) });
  }

  @Post()
  @PortalRoute({ right: 'administer' })
  async save(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const typed = readDetails(request);
    const shown = await this.pages.saveTab(request, {
      branchId,
      part: 'details',
      typed,
      readOf: () => detailChanges(typed),
      command: (changes, context, seen) => new UpdateBranch({ branchId, changes, seen }, context),
      typedOf: (fields) => typedDetails(fields as unknown as BranchView['details']),
    });
    // The currency is not sent by every browser where it cannot be changed.
    const { currency } = shown.branch.details;
    await this.page(request, response, { ...shown, typed: { ...shown.typed, currency } });
  }

  private async page(request: Request, response: Response, { branch, typed, refused }: ShownForm): Promise<void> {
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
