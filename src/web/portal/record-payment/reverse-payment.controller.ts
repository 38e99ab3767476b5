import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import type { InvoiceView } from '../../../application/invoice/invoice-view.js';
import type { RecordedPaymentView } from '../../../application/invoice/recorded-payment-view.js';
import { ReverseRecordedPayment } from '../../../application/invoice/reverse-recorded-payment.js';
import { DomainError } from '../../../domain/errors.js';
import { BranchScope } from '../../api/branch-scope.js';
import { paragraph } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalController } from '../portal-controller.js';
import { dateWords, moneyWords } from '../portal-formats.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { METHOD_WORDS, refusalWords } from './record-payment-form.js';
import { invoiceOf } from './record-payment.controller.js';

interface Form {
  readonly reason: string;
  readonly mistakes: { readonly form: string | undefined; readonly reason: string | undefined };
  readonly status: number;
}

/** *Reverse…*: a recorded payment is taken back, after a look at what that does. */
@PortalController('invoices/:invoiceId/recorded-payments/:paymentId/reverse')
export class ReversePaymentController {
  constructor(
    private readonly commands: CommandBus,
    private readonly scope: BranchScope,
    private readonly pages: PortalPages,
    private readonly forms: PortalForms,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async form(
    @Param('invoiceId') invoiceId: string,
    @Param('paymentId') paymentId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const form = { reason: '', mistakes: { form: undefined, reason: undefined }, status: 200 };
    await this.show(request, response, await this.find(request, invoiceId, paymentId), form);
  }

  @Post()
  @PortalRoute({ right: 'handle_invoices' })
  async reverse(
    @Param('invoiceId') invoiceId: string,
    @Param('paymentId') paymentId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.find(request, invoiceId, paymentId);
    const reason = formText(request, 'reason').trim();
    const read = reason === '' ? undefined : paragraph(500).safeParse(reason);
    if (read?.success === false) {
      const mistakes = { form: undefined, reason: `It ${read.error.issues[0]!.message}.` };
      await this.show(request, response, found, { reason, mistakes, status: 422 });
      return;
    }
    try {
      const input = { invoiceId: found.invoice.invoiceId, paymentId: found.payment.paymentId, reason: read?.data };
      await this.commands.execute(new ReverseRecordedPayment(input, this.forms.context(request)));
    } catch (error) {
      const { status, mistakes } = refusalWords(error, found.invoice.currency);
      const words = mistakes.form ?? mistakes.reference;
      await this.show(request, response, found, { reason, mistakes: { form: words, reason: undefined }, status });
      return;
    }
    throw new PortalRedirect(`/staff/invoices/${found.invoice.invoiceId}`);
  }

  private async find(request: Request, invoiceId: string, paymentId: string) {
    const invoice = await invoiceOf(this.scope, request, invoiceId);
    const payment = invoice.recordedPayments.find((each) => each.paymentId === paymentId.toLowerCase());
    if (!payment) throw new DomainError('payment_not_found');
    return { invoice, payment };
  }

  private async show(
    request: Request,
    response: Response,
    { invoice, payment }: { readonly invoice: InvoiceView; readonly payment: RecordedPaymentView },
    form: Form,
  ): Promise<void> {
    const { currency } = invoice;
    const back = `/staff/invoices/${invoice.invoiceId}`;
    await this.pages.render(request, response, {
      status: form.status,
      title: `Reverse a payment on ${invoice.number}`,
      template: 'portal/record-payment/views/reverse-payment',
      view: {
        action: `${back}/recorded-payments/${payment.paymentId}/reverse`,
        back,
        number: invoice.number,
        method: METHOD_WORDS[payment.method],
        amount: moneyWords(payment.amountMinor, currency),
        receivedOn: dateWords(payment.receivedOn),
        reference: payment.reference,
        balanceAfter: moneyWords(invoice.balanceMinor + payment.amountMinor, currency),
        reversed: payment.status === 'reversed',
        csrf: staffOf(request).csrf,
        cause: this.forms.newCause(),
        reason: form.reason,
        mistakes: form.mistakes,
      },
    });
  }
}
