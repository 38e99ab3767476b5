import { Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { BranchPart } from '../../../application/branch/branch-parts.js';
import type { BranchView, Wording } from '../../../application/branch/branch-view.js';
import { CustomizeMessage } from '../../../application/branch/customize-message.js';
import { GetMessageHistory } from '../../../application/branch/get-message-history.js';
import { ResetMessage } from '../../../application/branch/reset-message.js';
import { messageKind } from '../../api/schemas/messages.js';
import { id } from '../../api/schemas/values.js';
import { HttpProblem } from '../../http-problem.js';
import { PortalController } from '../portal-controller.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { BranchPages, keptTyped, type NotSaved } from './branch-pages.js';
import { branchPath } from './branch-tabs.js';
import type { Read } from './form-fields.js';
import { invoiceChoice, MessagePage } from './message-page.js';
import { LANGUAGE_WORDS, readWordingForm, wordingOf, type MessageChoice } from './wording-form.js';

export const messageParams = z.strictObject({ branchId: id, kind: messageKind });
export type MessageParams = z.infer<typeof messageParams>;

/** The words that customers of a branch get, by message and language. */
@PortalController('branches/:branchId/messages')
export class MessagesPageController {
  constructor(
    private readonly queries: QueryBus,
    private readonly page: MessagePage,
    private readonly pages: BranchPages,
  ) {}

  @Get(':kind')
  @PortalRoute({ right: 'administer' })
  async show(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Query('language') language: unknown,
    @Query('invoiceId') invoiceId: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    const choice = { kind, language: languageIn(language, branch), invoiceId: invoiceChoice(invoiceId) };
    await this.page.render(request, response, branch, choice);
  }

  @Post(':kind')
  @PortalRoute({ right: 'administer' })
  async save(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const choice = await this.choiceIn(request, branchId, kind);
    const typed = readWordingForm(request);
    const refused = await this.customize(request, branchId, choice, wordingOf(typed));
    if (!refused) throw new PortalRedirect(addressOf(branchId, choice, 'saved'));
    const branch = await this.pages.branch(request, branchId);
    const invoiceId = invoiceChoice(formText(request, 'invoiceId'));
    const kept = keptTyped(typed, refused, (fields) => this.page.typedOf(branch, choice, fields));
    await this.page.render(request, response, branch, { ...choice, typed: kept, invoiceId, refused });
  }

  @Post(':kind/reset')
  @PortalRoute({ right: 'administer' })
  async reset(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const choice = await this.choiceIn(request, branchId, kind);
    const refused = await this.pages.save(request, {
      branchId,
      part: partOf(choice),
      read: { value: choice },
      command: (message, context, seen) => new ResetMessage({ branchId, ...message, seen }, context),
    });
    await this.redirectOr(request, response, branchId, choice, refused, 'reset');
  }

  /** Words of the history come into use again, as a change of its own. */
  @Post(':kind/restore')
  @PortalRoute({ right: 'administer' })
  async restore(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const choice = await this.choiceIn(request, branchId, kind);
    const wanted = formText(request, 'of');
    const changes = await this.queries.execute(new GetMessageHistory({ branchId, ...choice }));
    const message = changes.find(({ what, revision }) => what === 'customized' && String(revision) === wanted)?.message;
    if (!message) throw new HttpProblem('malformed_request', { detail: 'The history has no such words.' });
    const refused = await this.customize(request, branchId, choice, { value: message });
    await this.redirectOr(request, response, branchId, choice, refused, 'restored');
  }

  /** The message that a form is about. @throws DomainError `branch_not_found` */
  private async choiceIn(request: Request, branchId: string, kind: MessageParams['kind']): Promise<MessageChoice> {
    const branch = await this.pages.branch(request, branchId);
    return { kind, language: languageIn(formText(request, 'language'), branch) };
  }

  private customize(
    request: Request,
    branchId: string,
    choice: MessageChoice,
    read: Read<Wording>,
  ): Promise<NotSaved | undefined> {
    return this.pages.save(request, {
      branchId,
      part: partOf(choice),
      read,
      command: (message, context, seen) => new CustomizeMessage({ branchId, ...choice, message, seen }, context),
    });
  }

  private async redirectOr(
    request: Request,
    response: Response,
    branchId: string,
    choice: MessageChoice,
    refused: NotSaved | undefined,
    note: string,
  ): Promise<void> {
    if (!refused) throw new PortalRedirect(addressOf(branchId, choice, note));
    const branch = await this.pages.branch(request, branchId);
    await this.page.render(request, response, branch, { ...choice, invoiceId: undefined, refused });
  }
}

function addressOf(branchId: string, { kind, language }: MessageChoice, note: string): string {
  return `${branchPath(branchId)}/messages/${kind}?language=${language}&note=${note}`;
}

function partOf({ kind, language }: MessageChoice): BranchPart {
  return `${kind}/${language}`;
}

/** The language that was asked for where there are words in it, else the branch's own, else English. */
export function languageIn(asked: unknown, { details }: BranchView): string {
  if (typeof asked === 'string' && Object.hasOwn(LANGUAGE_WORDS, asked)) return asked;
  const { language } = new Intl.Locale(details.locale);
  return Object.hasOwn(LANGUAGE_WORDS, language) ? language : 'en';
}
