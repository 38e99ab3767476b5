import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { GetBranch } from '../../../application/branch/get-branch.js';
import type { InvoiceView } from '../../../application/invoice/invoice-view.js';
import { RecordPayment } from '../../../application/invoice/record-payment.js';
import { Clock } from '../../../application/ports.js';
import { DomainError } from '../../../domain/errors.js';
import { decimalText } from '../../../domain/money.js';
import { localDate } from '../../../domain/zoned-time.js';
import { BranchScope } from '../../api/branch-scope.js';
import { id } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { readPayment, recordPaymentView, refusalWords, type Mistakes, type Typed } from './record-payment-form.js';

/** *Record payment…*: money that came in by cash, check, transfer or another way. */
@PortalController('invoices/:invoiceId/record-payment')
export class RecordPaymentController {
  constructor(
    private readonly commands: CommandBus,
    private readonly scope: BranchScope,
    private readonly queries: QueryBus,
    private readonly pages: PortalPages,
    private readonly forms: PortalForms,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async form(@Param('invoiceId') invoiceId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const invoice = await invoiceOf(this.scope, request, invoiceId);
    const today = await this.today(invoice);
    const amount = decimalText(invoice.balanceMinor, invoice.currency);
    const typed = { method: '', amount, receivedOn: today, reference: '' };
    await this.show(request, response, invoice, { typed, mistakes: {}, cause: this.forms.newCause() });
  }

  @Post()
  @PortalRoute({ right: 'handle_invoices' })
  async record(
    @Param('invoiceId') invoiceId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const invoice = await invoiceOf(this.scope, request, invoiceId);
    const text = (name: string): string => formText(request, name);
    const typed = {
      ...{ method: text('method'), amount: text('amount') },
      receivedOn: text('receivedOn'),
      reference: text('reference'),
    };
    const asked = readPayment(typed, invoice.currency);
    if (!('amountMinor' in asked)) {
      await this.show(request, response, invoice, { typed, mistakes: asked, cause: text('cause'), status: 422 });
      return;
    }
    const seenRevision = /^\d{1,18}$/.test(text('seen')) ? BigInt(text('seen')) : undefined;
    try {
      const input = { invoiceId: invoice.invoiceId, ...asked, seenRevision };
      await this.commands.execute(new RecordPayment(input, this.forms.context(request)));
    } catch (error) {
      const refused = refusalWords(error, invoice.currency);
      // What is seen now is the invoice as it is now; and a form that is sent with something else in it is another command.
      const cause = this.forms.newCause();
      await this.show(request, response, await invoiceOf(this.scope, request, invoiceId), { typed, cause, ...refused });
      return;
    }
    throw new PortalRedirect(`/staff/invoices/${invoice.invoiceId}`);
  }

  private async show(
    request: Request,
    response: Response,
    invoice: InvoiceView,
    form: { readonly typed: Typed; readonly mistakes: Mistakes; readonly cause: string; readonly status?: number },
  ): Promise<void> {
    const { csrf } = staffOf(request);
    await this.pages.render(request, response, {
      status: form.status ?? 200,
      title: `Record payment on ${invoice.number}`,
      template: 'portal/record-payment/views/record-payment',
      view: recordPaymentView(invoice, { ...form, csrf }, await this.today(invoice)),
    });
  }

  private async today({ branchId }: InvoiceView): Promise<string> {
    const { details } = await this.queries.execute(new GetBranch({ branchId }));
    return localDate(this.clock.now(), details.timeZone);
  }
}

/** @throws DomainError `invoice_not_found` where there is none, or it is not for this caller to see */
export async function invoiceOf(scope: BranchScope, request: Request, invoiceId: string): Promise<InvoiceView> {
  const read = id.safeParse(invoiceId);
  if (!read.success) throw new DomainError('invoice_not_found');
  return scope.invoice(staffOf(request), read.data);
}
