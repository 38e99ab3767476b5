import { Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { PreviewFee, type FeePreview } from '../../../application/branch/preview-fee.js';
import { SetFeePolicy } from '../../../application/branch/set-fee-policy.js';
import { CardProcessor } from '../../../application/ports.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, type ShownForm } from './branch-pages.js';
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
    const typed = typedPolicy(branch.feePolicy, branch.details.currency);
    await this.page(request, response, { branch, typed });
  }

  @Post()
  @PortalRoute({ right: 'administer', fresh: true })
  async save(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const typed = readFeeForm(request);
    const shown = await this.pages.saveTab(request, {
      branchId,
      part: 'fees',
      typed,
      readOf: ({ details }) => policyOf(typed, details.currency),
      command: (policy, context, seen) => new SetFeePolicy({ branchId, policy, seen }, context),
      typedOf: (fields, { details }) => typedPolicy(fields, details.currency),
    });
    await this.page(request, response, shown);
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
    if (request.get('x-part') !== 'preview') return this.page(request, response, { branch, typed });
    const preview = feePreviewView(await this.previewOf(branch, typed), branch.details);
    const template = 'portal/branch-information/views/fee-preview';
    this.portal.renderFragment(response, { template, view: { preview } });
  }

  private async page(request: Request, response: Response, { branch, typed, refused }: ShownForm): Promise<void> {
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
