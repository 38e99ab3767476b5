import { Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { GetBranch } from '../../../application/branch/get-branch.js';
import { Clock } from '../../../application/ports.js';
import { BranchScope } from '../../api/branch-scope.js';
import { id } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { hasRight } from '../../auth/rights.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRoute } from '../portal-route.js';
import { invoicePageView } from './invoice-page-view.js';

const invoiceParams = z.strictObject({ invoiceId: id });

/** One invoice: what it says, and what became of its links. */
@PortalController('invoices')
export class InvoicePageController {
  constructor(
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get(':invoiceId')
  @PortalRoute({ right: 'handle_invoices' })
  async read(
    @Param({ schema: invoiceParams }) { invoiceId }: z.infer<typeof invoiceParams>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = staffOf(request);
    const invoice = await this.scope.invoice(caller, invoiceId);
    const { details } = await this.queries.execute(new GetBranch({ branchId: invoice.branchId }));
    const { sent } = request.query;
    await this.pages.render(request, response, {
      title: invoice.number,
      template: 'portal/invoice-page/views/invoice-page',
      view: invoicePageView({
        invoice,
        branch: details,
        sentLinkId: typeof sent === 'string' ? sent : undefined,
        mayVoid: hasRight(caller.role, 'void_invoices'),
        csrf: caller.csrf,
        newCause: () => this.forms.newCause(),
        now: this.clock.now(),
      }),
    });
  }
}
