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
import { moneyWords } from '../portal-formats.js';
import { answerDone, answerMistakes, PortalForms, wantsJson } from '../portal-forms.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import {
  METHOD_WORDS,
  mistakeList,
  readPayment,
  recordPaymentView,
  refusalWords,
  type Mistakes,
  type Typed,
} from './record-payment-form.js';

/** Of a form that is shown, and of one that was refused. */
interface Shown {
  readonly typed: Typed;
  readonly mistakes: Mistakes;
  readonly cause: string;
  readonly status?: number;
  readonly isStale?: boolean;
}

/** *Record payment…*: money that came in by cash, check, transfer or another way. A dialog, and a page where scripts do not run. */
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
      const { position } = await this.commands.execute(new RecordPayment(input, this.forms.context(request)));
      if (wantsJson(request)) {
        const amount = moneyWords(asked.amountMinor, invoice.currency);
        const said = `Recorded: ${amount} on ${invoice.number} (${METHOD_WORDS[asked.method].toLowerCase()}).`;
        answerDone(response, {
          said,
          offers: [{ word: 'View', href: `/staff/invoices/${invoice.invoiceId}` }],
          position,
        });
        return;
      }
    } catch (error) {
      const refused = refusalWords(error, invoice.currency);
      // What is seen now is the invoice as it is now; and a form that is sent with something else in it is another command.
      const cause = this.forms.newCause();
      await this.show(request, response, await invoiceOf(this.scope, request, invoiceId), { typed, cause, ...refused });
      return;
    }
    throw new PortalRedirect(`/staff/invoices/${invoice.invoiceId}`);
  }

  private async show(request: Request, response: Response, invoice: InvoiceView, form: Shown): Promise<void> {
    const { status = 200, mistakes, isStale = false } = form;
    if (request.method === 'POST' && wantsJson(request)) {
      answerMistakes(response, { status, mistakes: mistakeList(mistakes), isStale });
      return;
    }
    const { csrf } = staffOf(request);
    const view = recordPaymentView(invoice, { ...form, csrf }, await this.today(invoice));
    if (request.get('x-part') === 'dialog') {
      this.pages.renderFragment(response, { template: 'portal/record-payment/views/record-payment-dialog', view });
      return;
    }
    const title = `Record payment on ${invoice.number}`;
    await this.pages.render(request, response, {
      status,
      title,
      template: 'portal/record-payment/views/record-payment',
      view,
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
