import { Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
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
import { invoiceChoice, MessagePage } from './message-page.js';
import { LANGUAGE_WORDS, readWordingForm, wordingOf, type MessageChoice } from './wording-form.js';

export const messageParams = z.strictObject({ branchId: id, kind: messageKind });
export type MessageParams = z.infer<typeof messageParams>;

/** The words that customers of a branch get, by message and language. */
@PortalController('branches/:branchId/messages')
export class MessagesPageController {
  constructor(
    private readonly commands: CommandBus,
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
    const before = await this.pages.branch(request, branchId);
    const choice = { kind, language: languageIn(formText(request, 'language'), before) };
    const typed = readWordingForm(request);
    const words = wordingOf(typed);
    const refused =
      'mistakes' in words
        ? { mistakes: words.mistakes, conflict: undefined }
        : await this.customize(request, branchId, choice, words.value);
    if (!refused) throw new PortalRedirect(addressOf(branchId, choice, 'saved'));
    const branch = await this.pages.branch(request, branchId);
    const invoiceId = invoiceChoice(formText(request, 'invoiceId'));
    const kept = keptTyped(typed, refused, (fields) => this.page.typedOf(choice, fields));
    await this.page.render(request, response, branch, { ...choice, typed: kept, invoiceId, refused });
  }

  @Post(':kind/reset')
  @PortalRoute({ right: 'administer' })
  async reset(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const before = await this.pages.branch(request, branchId);
    const choice = { kind, language: languageIn(formText(request, 'language'), before) };
    const refused = await this.pages.save(request, branchId, partOf(choice), (context, seen) =>
      this.commands.execute(new ResetMessage({ branchId, ...choice, seen }, context)),
    );
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
    const before = await this.pages.branch(request, branchId);
    const choice = { kind, language: languageIn(formText(request, 'language'), before) };
    const wanted = formText(request, 'of');
    const changes = await this.queries.execute(new GetMessageHistory({ branchId, ...choice }));
    const message = changes.find(({ what, revision }) => what === 'customized' && String(revision) === wanted)?.message;
    if (!message) throw new HttpProblem('malformed_request', { detail: 'The history has no such words.' });
    const refused = await this.customize(request, branchId, choice, message);
    await this.redirectOr(request, response, branchId, choice, refused, 'restored');
  }

  private customize(
    request: Request,
    branchId: string,
    choice: MessageChoice,
    message: Wording,
  ): Promise<NotSaved | undefined> {
    return this.pages.save(request, branchId, partOf(choice), (context, seen) =>
      this.commands.execute(new CustomizeMessage({ branchId, ...choice, message, seen }, context)),
    );
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
