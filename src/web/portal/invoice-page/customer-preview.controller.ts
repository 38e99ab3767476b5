import { Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { GetInvoicePdf } from '../../../application/invoice/get-invoice-pdf.js';
import { PreviewPayPage } from '../../../application/pay/preview-pay-page.js';
import { BranchScope } from '../../api/branch-scope.js';
import { id } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { sendLogo, sendPdf } from '../../pay/file-answers.js';
import { StaffPreview } from '../../pay/staff-preview.js';
import { PortalController } from '../portal-controller.js';
import { PortalRoute } from '../portal-route.js';

const invoiceParams = z.strictObject({ invoiceId: id });
type InvoiceParams = z.infer<typeof invoiceParams>;

/** *View as customer*: the pay page without a card form, and the invoice as a document. Nothing of it counts as opened. */
@PortalController('invoices/:invoiceId')
export class CustomerPreviewController {
  constructor(
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
    private readonly preview: StaffPreview,
  ) {}

  @Get('as-customer')
  @PortalRoute({ right: 'handle_invoices' })
  async page(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.assertInvoiceVisible(staffOf(request), invoiceId);
    const page = await this.queries.execute(new PreviewPayPage({ invoiceId }));
    const back = `/staff/invoices/${invoiceId}`;
    this.preview.show(response, { page, base: `${back}/as-customer`, back });
  }

  @Get(['invoice.pdf', 'as-customer/invoice.pdf'])
  @PortalRoute({ right: 'handle_invoices' })
  async pdf(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.assertInvoiceVisible(staffOf(request), invoiceId);
    sendPdf(response, await this.queries.execute(new GetInvoicePdf({ invoiceId })));
  }

  @Get('as-customer/logo')
  @PortalRoute({ right: 'handle_invoices' })
  async logo(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.assertInvoiceVisible(staffOf(request), invoiceId);
    const { invoice } = await this.queries.execute(new PreviewPayPage({ invoiceId }));
    sendLogo(response, invoice.branch.logo);
  }
}
