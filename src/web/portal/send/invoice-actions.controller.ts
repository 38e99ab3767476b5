import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { InvoiceView } from '../../../application/invoice/invoice-view.js';
import { RevokeLink } from '../../../application/invoice/revoke-link.js';
import { SendInvoicePdf } from '../../../application/invoice/send-invoice-pdf.js';
import { SendLink } from '../../../application/invoice/send-link.js';
import { VoidInvoice } from '../../../application/invoice/void-invoice.js';
import { BranchScope } from '../../api/branch-scope.js';
import { id, linkId as linkIdSchema, paragraph } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { PortalController } from '../portal-controller.js';
import {
  answerDone,
  answerMistake,
  mistakeOf,
  PortalForms,
  textOf,
  wantsJson,
  type Done,
  type Mistake,
} from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRoute } from '../portal-route.js';

const invoiceParams = z.strictObject({ invoiceId: id });
type InvoiceParams = z.infer<typeof invoiceParams>;
const linkParams = z.strictObject({ invoiceId: id, linkId: linkIdSchema });
type LinkParams = z.infer<typeof linkParams>;

const FIELDS: Readonly<Record<string, string>> = {
  invalid_recipient: 'to',
  recipient_missing: 'to',
  country_not_allowed: 'to',
  card_number_in_text: 'to',
};
const VOID_FIELDS: Readonly<Record<string, string>> = { card_number_in_text: 'reason' };
const MAX_REASON = 500;

/** The small dialogs of one invoice. */
interface Dialog {
  readonly title: string;
  readonly template: string;
}

const EMAIL_PDF: Dialog = { title: 'Email-PDF', template: 'email-pdf' };
const VOID: Dialog = { title: 'Void', template: 'void-invoice' };

/** What the menu of a row does beside *Email or Text…*: each a small dialog, and a page where scripts do not run. */
@PortalController('invoices/:invoiceId')
export class InvoiceActionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly scope: BranchScope,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
  ) {}

  @Get('email-pdf')
  @PortalRoute({ right: 'handle_invoices' })
  async askEmailPdf(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.show(request, response, invoiceId, EMAIL_PDF, undefined);
  }

  @Post('email-pdf')
  @PortalRoute({ right: 'handle_invoices' })
  async emailPdf(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.assertInvoiceVisible(staffOf(request), invoiceId);
    await this.run(request, response, { invoiceId, dialog: EMAIL_PDF, fields: FIELDS }, async () => {
      const asked = new SendInvoicePdf({ invoiceId, to: textOf(request, 'to') ?? '' }, this.forms.context(request));
      const { recipient, position } = await this.commands.execute(asked);
      return { said: `Queued: the PDF goes to ${recipient}, without a link.`, offers: [], position };
    });
  }

  @Get('void')
  @PortalRoute({ right: 'void_invoices' })
  async askVoid(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.show(request, response, invoiceId, VOID, undefined);
  }

  @Post('void')
  @PortalRoute({ right: 'void_invoices' })
  async void(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.assertInvoiceVisible(staffOf(request), invoiceId);
    await this.run(request, response, { invoiceId, dialog: VOID, fields: VOID_FIELDS }, async () => {
      const reason = paragraph(MAX_REASON).safeParse(textOf(request, 'reason') ?? '');
      if (!reason.success) throw new Unreadable('reason', 'Say in a few words why, without a card number.');
      const { invoice, position } = await this.commands.execute(
        new VoidInvoice({ invoiceId, reason: reason.data }, this.forms.context(request)),
      );
      return { said: `${invoice.number} is void. Its links show that to whoever opens them.`, offers: [], position };
    });
  }

  /** Makes a link for nobody in particular; its address is answered here once. */
  @Post('copy-link')
  @PortalRoute({ right: 'handle_invoices' })
  async copyLink(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.assertInvoiceVisible(staffOf(request), invoiceId);
    const asked = new SendLink({ invoiceId, channel: 'none' }, this.forms.context(request));
    const { url, position } = await this.commands.execute(asked);
    if (wantsJson(request)) {
      response.set('Cache-Control', 'no-store').json({ url, position: String(position) });
      return;
    }
    const invoice = await this.scope.invoice(staffOf(request), invoiceId);
    await this.pages.render(request, response, {
      title: 'Copy link',
      template: 'portal/send/views/copied-link',
      view: { number: invoice.number, path: `/staff/invoices/${invoiceId}`, url },
    });
  }

  @Post('links/:linkId/revoke')
  @PortalRoute({ right: 'handle_invoices' })
  async revoke(
    @Param({ schema: linkParams }) { invoiceId, linkId }: LinkParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.assertInvoiceVisible(staffOf(request), invoiceId);
    const { position } = await this.commands.execute(
      new RevokeLink({ invoiceId, linkId }, this.forms.context(request)),
    );
    if (wantsJson(request))
      answerDone(response, { said: 'Revoked: the link opens nothing any more.', offers: [], position });
    else response.redirect(303, `/staff/invoices/${invoiceId}`);
  }

  private async run(
    request: Request,
    response: Response,
    form: { readonly invoiceId: string; readonly dialog: Dialog; readonly fields: Readonly<Record<string, string>> },
    act: () => Promise<Done>,
  ): Promise<void> {
    try {
      const done = await act();
      if (wantsJson(request)) answerDone(response, done);
      else response.redirect(303, `/staff/invoices/${form.invoiceId}`);
    } catch (error) {
      const mistake =
        error instanceof Unreadable
          ? { status: 422, field: error.field, words: error.message }
          : mistakeOf(error, form.fields);
      if (wantsJson(request)) answerMistake(response, mistake);
      else await this.show(request, response, form.invoiceId, form.dialog, mistake);
    }
  }

  private async show(
    request: Request,
    response: Response,
    invoiceId: string,
    { title, template }: Dialog,
    mistake: (Mistake & { status: number }) | undefined,
  ): Promise<void> {
    const invoice = await this.scope.invoice(staffOf(request), invoiceId);
    const view = this.view(request, invoice, mistake);
    const form = `portal/send/views/${template}`;
    if (request.get('x-part') === 'dialog') {
      this.pages.renderFragment(response, { template: form, view });
      return;
    }
    const page = { status: mistake?.status ?? 200, title, template: `${form}-page`, view };
    await this.pages.render(request, response, page);
  }

  private view(request: Request, invoice: InvoiceView, mistake: Mistake | undefined): object {
    return {
      path: `/staff/invoices/${invoice.invoiceId}`,
      number: invoice.number,
      customer: invoice.customer.name,
      to: textOf(request, 'to') ?? invoice.contact.email ?? '',
      reason: textOf(request, 'reason') ?? '',
      mistake: mistake?.field === undefined ? mistake?.words : undefined,
      fieldMistake: mistake?.field === undefined ? undefined : mistake.words,
      cause: this.forms.newCause(),
      csrf: staffOf(request).csrf,
    };
  }
}

/** What was typed cannot be read, and there is no command to refuse it. */
class Unreadable extends Error {
  constructor(
    readonly field: string,
    words: string,
  ) {
    super(words);
  }
}
