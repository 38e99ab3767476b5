import { Body, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { z } from 'zod';
import type { BranchView } from '../../application/branch/branch-view.js';
import { CustomizeInvoiceLinkMessage } from '../../application/branch/customize-invoice-link-message.js';
import { GetBranch } from '../../application/branch/get-branch.js';
import { PreviewInvoiceLinkMessage } from '../../application/branch/preview-invoice-link-message.js';
import type { CommandContext } from '../../application/command-context.js';
import { MessageTemplates } from '../../application/documents.js';
import type { RenderedMessage } from '../../application/documents.js';
import { CurrentCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { assertUnchanged, ifMatchRevision } from './conditional.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import {
  invoiceLinkMessage,
  invoiceLinkMessageBody,
  messagePreview,
  messageQuery,
  renderedMessage,
} from './schemas/branches.js';
import { id } from './schemas/values.js';

const branchParams = z.strictObject({ branchId: id });
type BranchParams = z.infer<typeof branchParams>;
type MessageBody = z.infer<typeof invoiceLinkMessageBody>;

/** The words that go out with a link: the branch's own, by language, or ours. */
@ApiController('branches/:branchId/messages/invoice-link')
export class MessagesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly templates: MessageTemplates,
    private readonly scope: BranchScope,
  ) {}

  @Get()
  @Route({
    summary: 'Read the invoice-link message of a branch',
    right: 'administer',
    status: 200,
    answer: invoiceLinkMessageBody,
    carries: ['ETag'],
    refusals: [404],
  })
  async read(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Query({ schema: messageQuery }) query: z.infer<typeof messageQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<MessageBody>> {
    this.scope.assertBranch(caller, branchId);
    const branch = await this.queries.execute(new GetBranch({ branchId }));
    return new Answer(this.shown(branch, query.language), { revision: branch.revision });
  }

  @Put()
  @Route({
    summary: 'Word the invoice-link message of a branch',
    description:
      'Plain placeholders in double braces; the email and the text need {{link}}, the text {{branchName}} too.',
    right: 'administer',
    status: 200,
    answer: invoiceLinkMessageBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async customize(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Query({ schema: messageQuery }) query: z.infer<typeof messageQuery>,
    @Body({ schema: invoiceLinkMessage }) message: z.infer<typeof invoiceLinkMessage>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<MessageBody>> {
    this.scope.assertBranch(caller, branchId);
    const before = await this.queries.execute(new GetBranch({ branchId }));
    assertUnchanged(ifMatchRevision(request), before.revision, before.revision);
    const language = query.language ?? languageOf(before);
    const { branch, position } = await this.commands.execute(
      new CustomizeInvoiceLinkMessage({ branchId, language, message }, context),
    );
    return new Answer(this.shown(branch, language), { revision: branch.revision, position });
  }

  @Post('preview')
  @Route({
    summary: 'See the message as it would arrive',
    description:
      'On a real invoice or an example, with the words that are given or, where they are absent, those in use.',
    right: 'administer',
    status: 200,
    answer: renderedMessage,
    refusals: [404, 422],
  })
  preview(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Body({ schema: messagePreview }) body: z.infer<typeof messagePreview>,
    @CurrentCaller() caller: Caller,
  ): Promise<RenderedMessage> {
    this.scope.assertBranch(caller, branchId);
    return this.queries.execute(new PreviewInvoiceLinkMessage({ ...body, branchId }));
  }

  private shown(branch: BranchView, asked: string | undefined): MessageBody {
    const language = asked ?? languageOf(branch);
    const own = branch.invoiceLinkMessages[language];
    const { email, sms } = own ?? this.templates.defaultInvoiceLink(language);
    return {
      language,
      customized: own !== undefined,
      email: { subject: email.subject, body: email.body },
      sms: { body: sms.body },
      revision: String(branch.revision),
    };
  }
}

function languageOf({ details }: BranchView): string {
  return new Intl.Locale(details.locale).language;
}
