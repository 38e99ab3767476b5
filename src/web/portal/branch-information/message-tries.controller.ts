import { Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { SendTestMessage } from '../../../application/branch/send-test-message.js';
import type { RenderedMessage } from '../../../application/documents.js';
import { staffOf } from '../../auth/caller.js';
import { setPrivateHeaders } from '../../pay/page-headers.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { BranchPages } from './branch-pages.js';
import { refusalIn, type Mistakes, type Typed } from './form-fields.js';
import { EXAMPLE, invoiceChoice, MessagePage, type MessageForm } from './message-page.js';
import { languageIn, messageParams, type MessageParams } from './messages.controller.js';
import { previewView, readWordingForm, wordingOf } from './wording-form.js';

/** A form whose words were typed. */
type SentWords = MessageForm & { readonly typed: Typed };

/** The message runs nothing, and its styles stay within its frame. */
const FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; sandbox";

/** Words that are not saved yet: looked at, and sent to oneself. Nothing is changed by any of it. */
@PortalController('branches/:branchId/messages/:kind')
export class MessageTriesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly page: MessagePage,
    private readonly pages: BranchPages,
    private readonly forms: PortalForms,
    private readonly portal: PortalPages,
  ) {}

  /** The whole page again with the preview of what was typed, for browsers without scripts; the preview alone for the script. */
  @Post('preview')
  @HttpCode(200)
  @PortalRoute({ right: 'administer' })
  async preview(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { branch, form } = await this.sent(request, branchId, kind);
    if (request.get('x-part') !== 'preview') {
      return this.page.render(request, response, branch, form);
    }
    const { message, mistakes } = await this.previewOf(branchId, form);
    this.portal.renderFragment(response, {
      template: 'portal/branch-information/views/message-preview',
      view: {
        preview: previewView(message, branch.details.name),
        mistakes: Object.entries(mistakes).map(([name, words]) => ({ name, words })),
      },
    });
  }

  /** The email as it looks with the words in use, for the frame. */
  @Get('email.html')
  @PortalRoute({ right: 'administer' })
  async emailInUse(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Query('language') asked: unknown,
    @Query('invoiceId') invoice: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    const language = languageIn(asked, branch);
    const choice = { kind, language, invoiceId: real(invoiceChoice(invoice)) };
    answerEmail(response, await this.page.previewInUse(branch, choice));
  }

  /** The same with what was typed: the form is sent to the frame. */
  @Post('email.html')
  @HttpCode(200)
  @PortalRoute({ right: 'administer' })
  async email(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { form } = await this.sent(request, branchId, kind);
    answerEmail(response, (await this.previewOf(branchId, form)).message);
  }

  @Post('test')
  @PortalRoute({ right: 'administer' })
  async test(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { branch, form } = await this.sent(request, branchId, kind);
    const channel = formText(request, 'channel') === 'sms' ? 'sms' : 'email';
    const phone = formText(request, 'phone').slice(0, 40);
    const to = channel === 'sms' ? phone : staffOf(request).email;
    const sent = await this.sendTest(request, { branchId, kind, language: form.language, channel, to }, form.typed);
    const outcome =
      'recipient' in sent
        ? { said: `A test goes to ${sent.recipient} within a minute. What becomes of it stands in the history below.` }
        : { refused: { mistakes: sent } };
    await this.page.render(request, response, branch, { ...form, phone, ...outcome });
  }

  private async sendTest(
    request: Request,
    input: Omit<SendTestMessage['input'], 'message'>,
    typed: Typed,
  ): Promise<{ readonly recipient: string } | Mistakes> {
    const words = wordingOf(typed);
    if ('mistakes' in words) return words.mistakes;
    try {
      const command = new SendTestMessage({ ...input, message: words.value }, this.forms.context(request));
      return await this.commands.execute(command);
    } catch (error) {
      const mistakes = refusalIn(error);
      return mistakes['form'] === undefined ? mistakes : { to: mistakes['form'] };
    }
  }

  /** The form as it was sent, and its branch. @throws DomainError `branch_not_found` */
  private async sent(
    request: Request,
    branchId: string,
    kind: MessageParams['kind'],
  ): Promise<{ readonly branch: BranchView; readonly form: SentWords }> {
    const branch = await this.pages.branch(request, branchId);
    const language = languageIn(formText(request, 'language'), branch);
    const invoiceId = invoiceChoice(formText(request, 'invoiceId'));
    return { branch, form: { kind, language, invoiceId, typed: readWordingForm(request) } };
  }

  private previewOf(branchId: string, form: SentWords): ReturnType<MessagePage['preview']> {
    return this.page.preview(branchId, { ...form, invoiceId: real(form.invoiceId) }, form.typed);
  }
}

function answerEmail(response: Response, message: RenderedMessage | undefined): void {
  setPrivateHeaders(response);
  response
    .set('Content-Security-Policy', FRAME_POLICY)
    .type('html')
    .send(message?.email.html ?? '<!doctype html><title>No preview</title><p>Mend the words first.</p>');
}

function real(invoiceId: string | undefined): string | undefined {
  return invoiceId === EXAMPLE ? undefined : invoiceId;
}
