import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { GetBranch } from '../../../application/branch/get-branch.js';
import { GetInvoice } from '../../../application/invoice/get-invoice.js';
import { GetSendWarnings } from '../../../application/invoice/get-send-warnings.js';
import type { LinkView } from '../../../application/invoice/invoice-view.js';
import { PreviewLink } from '../../../application/invoice/preview-link.js';
import { SendLink } from '../../../application/invoice/send-link.js';
import type { SendWarning } from '../../../application/invoice/sending-checks.js';
import { Clock } from '../../../application/ports.js';
import { DomainError } from '../../../domain/errors.js';
import { BranchScope } from '../../api/branch-scope.js';
import { id } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { setPrivateHeaders } from '../../pay/page-headers.js';
import { PortalController } from '../portal-controller.js';
import { answerDone, answerMistake, mistakeOf, PortalForms, textOf, wantsJson, type Mistake } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRoute } from '../portal-route.js';
import { chosenTime, typedTimeIn, type TypedTime } from './send-time.js';
import { isEdited, previewView, sendView, type MessageChannel, type PreviewInput } from './send-view.js';
import { SentWords } from './sent-words.js';

const invoiceParams = z.strictObject({ invoiceId: id });
type InvoiceParams = z.infer<typeof invoiceParams>;

/** Which field a refusal stands beside. */
const FIELDS: Readonly<Record<string, string>> = {
  invalid_recipient: 'to',
  recipient_missing: 'to',
  country_not_allowed: 'to',
  card_number_in_text: 'to',
  contact_opted_out: 'to',
  text_consent_missing: 'consent',
  send_at_invalid: 'sendAt',
};

/** A message is mail of somebody else's making: it runs nothing, and its styles stay within its frame. */
const FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; sandbox";

/** What was chosen and typed so far. */
interface Typed {
  readonly channel: MessageChannel | undefined;
  readonly to: string | undefined;
  readonly time: TypedTime;
}

/** *Email or Text…*: a dialog of the list, and a page of its own where scripts do not run. */
@PortalController('invoices/:invoiceId/send')
export class SendController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
    private readonly sentWords: SentWords,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async ask(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { again } = request.query;
    // Nothing else is read from the address: whom a message goes to is typed, and stays out of histories and logs.
    const typed = typeof again === 'string' ? await this.likeBefore(request, invoiceId, again) : typedIn();
    await this.show(request, response, invoiceId, typed, undefined);
  }

  /**
   * The preview and its warnings, while somebody chooses and types: for a script the part alone, without one the page again. By POST,
   * since an address does not belong into an address.
   */
  @Post('preview')
  @PortalRoute({ right: 'handle_invoices' })
  async preview(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const typed = typedIn(request.body as Record<string, unknown>);
    if (request.get('x-part') !== 'preview') return this.show(request, response, invoiceId, typed, undefined);
    const input = await this.gather(request, invoiceId, typed);
    this.pages.renderFragment(response, { template: 'portal/send/views/preview', view: previewView(input) });
  }

  @Get('email.html')
  @PortalRoute({ right: 'handle_invoices' })
  async emailFrame(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.invoice(staffOf(request), invoiceId);
    const { message } = await this.queries.execute(new PreviewLink({ invoiceId }));
    setPrivateHeaders(response);
    response.set('Content-Security-Policy', FRAME_POLICY).type('html').send(message.email.html);
  }

  @Post()
  @PortalRoute({ right: 'handle_invoices' })
  async send(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.assertInvoiceVisible(staffOf(request), invoiceId);
    const typed = typedIn(request.body as Record<string, unknown>);
    const channel = typed.channel ?? 'email';
    const textConsent = textOf(request, 'consent') === undefined ? undefined : 'staff';
    try {
      const sendAt = chosenTime(typed.time);
      const { link, position } = await this.commands.execute(
        new SendLink({ invoiceId, channel, to: typed.to ?? '', sendAt, textConsent }, this.forms.context(request)),
      );
      const path = `/staff/invoices/${invoiceId}`;
      if (!wantsJson(request)) {
        response.redirect(303, `${path}?sent=${link.linkId}`);
        return;
      }
      const { said, isEdited } = await this.doneWith(link, invoiceId);
      const linkPath = `${path}/links/${link.linkId}`;
      answerDone(response, {
        said,
        offers: [
          ...(isEdited ? [{ word: 'Save to customer?', post: `${linkPath}/save-to-customer` }] : []),
          { word: 'Wrong person? Revoke', post: `${linkPath}/revoke` },
          { word: 'View', href: path },
        ],
        position,
      });
    } catch (error) {
      const mistake = mistakeOf(error, FIELDS);
      if (wantsJson(request)) answerMistake(response, mistake);
      else await this.show(request, response, invoiceId, { ...typed, channel }, mistake);
    }
  }

  private async doneWith(link: LinkView, invoiceId: string): Promise<{ said: string; isEdited: boolean }> {
    const invoice = await this.queries.execute(new GetInvoice({ invoiceId }));
    const { details } = await this.queries.execute(new GetBranch({ branchId: invoice.branchId }));
    return { said: await this.sentWords.of(link, invoiceId, details.timeZone), isEdited: isEdited(link, invoice) };
  }

  private async show(
    request: Request,
    response: Response,
    invoiceId: string,
    typed: Typed,
    mistake: (Mistake & { status: number }) | undefined,
  ): Promise<void> {
    const view = sendView({
      ...(await this.gather(request, invoiceId, typed)),
      mistake,
      consent: textOf(request, 'consent') !== undefined,
      time: typed.time,
      cause: this.forms.newCause(),
      csrf: staffOf(request).csrf,
    });
    if (request.get('x-part') === 'dialog') {
      this.pages.renderFragment(response, { template: 'portal/send/views/send-form', view });
      return;
    }
    await this.pages.render(request, response, {
      status: mistake?.status ?? 200,
      title: 'Email or Text…',
      template: 'portal/send/views/send',
      script: 'portal-send-page.js',
      view,
    });
  }

  /** *Resend*: to whom an earlier link went, by the same way. A link that is not there says nothing. */
  private async likeBefore(request: Request, invoiceId: string, linkId: string): Promise<Typed> {
    const { links } = await this.scope.invoice(staffOf(request), invoiceId);
    const link = links.find((each) => each.linkId === linkId);
    return typedIn({ channel: link?.channel, to: link?.recipient });
  }

  /** @throws DomainError `invoice_not_found`, another branch's included */
  private async gather(request: Request, invoiceId: string, { channel, to, time }: Typed): Promise<PreviewInput> {
    const invoice = await this.scope.invoice(staffOf(request), invoiceId);
    const { email, phone } = invoice.contact;
    const chosen = channel ?? (email === undefined && phone !== undefined ? 'sms' : 'email');
    const typed = to ?? (chosen === 'email' ? email : phone) ?? '';
    const sendAt = time.later ? time.sendAt : undefined;
    const { recipient, warnings } = await this.judge(request, { invoiceId, channel: chosen, to: typed, sendAt });
    const preview = await this.queries.execute(new PreviewLink({ invoiceId, recipient }));
    return { ...preview, channel: chosen, to: typed, warnings, now: this.clock.now() };
  }

  /** The address as it would be used; half an address has no warnings yet. */
  private async judge(
    request: Request,
    asked: Omit<GetSendWarnings['input'], 'actor'>,
  ): Promise<{ readonly recipient: string | undefined; readonly warnings: readonly SendWarning[] }> {
    const actor = `staff:${staffOf(request).keyId}`;
    try {
      const found = await this.queries.execute(new GetSendWarnings({ ...asked, actor }));
      return { recipient: found.to, warnings: found.warnings };
    } catch (error) {
      if (error instanceof DomainError && FIELDS[error.code] === 'to') return { recipient: undefined, warnings: [] };
      throw error;
    }
  }
}

function typedIn(fields: Readonly<Record<string, unknown>> = {}): Typed {
  const { channel, to } = fields;
  return {
    channel: channel === 'email' || channel === 'sms' ? channel : undefined,
    to: typeof to === 'string' ? to : undefined,
    time: typedTimeIn(fields),
  };
}
