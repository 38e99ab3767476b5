import { Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import type { PartFields } from '../../../application/branch/branch-parts.js';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { PreviewFee, type FeePreview } from '../../../application/branch/preview-fee.js';
import { SetFeePolicy } from '../../../application/branch/set-fee-policy.js';
import { CardProcessor } from '../../../application/ports.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, keptTyped, type NotSaved } from './branch-pages.js';
import { branchPath } from './branch-tabs.js';
import { branchParams, type BranchParams } from './details.controller.js';
import { feeFieldsView, feePreviewView, policyOf, readFeeForm, typedPolicy } from './fee-form.js';
import { rulesHere } from './fee-rule-words.js';
import type { Typed } from './form-fields.js';

/** $405.94: what the preview is made on. */
const EXAMPLE_MINOR = 40_594;

/** The processing fee of a branch. What costs customers money is asked for with a second factor. */
@PortalController('branches/:branchId/fees')
export class FeesPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly processor: CardProcessor,
    private readonly pages: BranchPages,
    private readonly portal: PortalPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer', fresh: true })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    await this.page(request, response, branch, typedPolicy(branch.feePolicy, branch.details.currency), undefined);
  }

  @Post()
  @PortalRoute({ right: 'administer', fresh: true })
  async save(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const before = await this.pages.branch(request, branchId);
    const typed = readFeeForm(request);
    const read = policyOf(typed, before.details.currency);
    const refused =
      'mistakes' in read
        ? { mistakes: read.mistakes, conflict: undefined }
        : await this.pages.save(request, branchId, 'fees', (context, seen) =>
            this.commands.execute(new SetFeePolicy({ branchId, policy: read.value, seen }, context)),
          );
    if (!refused) throw new PortalRedirect(`${branchPath(branchId)}/fees?note=saved`);
    const policyFields = (fields: PartFields) => typedPolicy(fields, before.details.currency);
    const kept = keptTyped(typed, refused, policyFields);
    await this.page(request, response, await this.pages.branch(request, branchId), kept, refused);
  }

  /** What the policy that is being typed would come to. */
  @Post('preview')
  @HttpCode(200)
  @PortalRoute({ right: 'administer' })
  async preview(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    const typed = readFeeForm(request);
    if (request.get('x-part') !== 'preview') return this.page(request, response, branch, typed, undefined);
    const preview = feePreviewView(await this.previewOf(branch, typed), branch.details);
    const template = 'portal/branch-information/views/fee-preview';
    this.portal.renderFragment(response, { template, view: { preview } });
  }

  private async page(
    request: Request,
    response: Response,
    branch: BranchView,
    typed: Typed,
    refused: NotSaved | undefined,
  ): Promise<void> {
    const { currency } = branch.details;
    await this.pages.render(request, response, branch, {
      tab: 'fees',
      title: 'Fees',
      template: 'fees',
      script: 'portal-branch-fees.js',
      refused,
      view: {
        ...feeFieldsView(typed, refused?.mistakes ?? {}, { currency, live: !this.processor.testMode }),
        rules: rulesHere(branch.details),
        isSet: branch.feePolicy !== undefined,
        preview: feePreviewView(await this.previewOf(branch, typed), branch.details),
      },
    });
  }

  /** As if it were switched on: what it would come to is what somebody wants to see before switching it on. */
  private async previewOf(branch: BranchView, typed: Typed): Promise<FeePreview | undefined> {
    const read = policyOf({ ...typed, enabled: 'yes' }, branch.details.currency);
    if ('mistakes' in read) return undefined;
    const input = { branchId: branch.branchId, policy: read.value, amountMinor: EXAMPLE_MINOR };
    return this.queries.execute(new PreviewFee(input));
  }
}
