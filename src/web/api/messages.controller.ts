import { Body, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { z } from 'zod';
import type { BranchView } from '../../application/branch/branch-view.js';
import { CustomizeMessage } from '../../application/branch/customize-message.js';
import { GetBranch } from '../../application/branch/get-branch.js';
import { GetMessageHistory } from '../../application/branch/get-message-history.js';
import { PreviewMessage } from '../../application/branch/preview-message.js';
import { ResetMessage } from '../../application/branch/reset-message.js';
import { SendTestMessage } from '../../application/branch/send-test-message.js';
import { standardWording } from '../../application/branch/wording.js';
import type { CommandContext } from '../../application/command-context.js';
import { MessageTemplates } from '../../application/documents.js';
import type { RenderedMessage } from '../../application/documents.js';
import { CurrentCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { assertUnchanged, ifMatchRevision } from './conditional.js';
import { given } from './given.js';
import { languageOf, toHistory, toMessage, type MessageBody } from './message-bodies.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import {
  historyQuery,
  messageBody,
  messageHistory,
  messageKind,
  messagePreview,
  messageQuery,
  messageWording,
  renderedMessage,
  testMessage,
  testMessageQueued,
} from './schemas/messages.js';
import { id } from './schemas/values.js';

const messageParams = z.strictObject({ branchId: id, kind: messageKind });
type MessageParams = z.infer<typeof messageParams>;
type MessageQuery = z.infer<typeof messageQuery>;

/** The words that go out with a link, a receipt or a reminder: the branch's own, by language, or ours. */
@ApiController('branches/:branchId/messages/:kind')
export class MessagesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly templates: MessageTemplates,
    private readonly scope: BranchScope,
  ) {}

  @Get()
  @Route({
    summary: 'Read a message of a branch in one language, and what may stand in it',
    right: 'administer',
    status: 200,
    answer: messageBody,
    carries: ['ETag'],
    refusals: [404],
  })
  async read(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Query({ schema: messageQuery }) query: MessageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<MessageBody>> {
    this.scope.assertBranch(caller, branchId);
    const branch = await this.queries.execute(new GetBranch({ branchId }));
    return this.shown(branch, kind, query.language ?? languageOf(branch));
  }

  @Put()
  @Route({
    summary: 'Word a message of a branch in one language',
    description:
      'Plain placeholders in double braces. The email needs {{link}}, but for a receipt, whose button is there anyhow; the text needs {{link}} and {{branchName}}.',
    right: 'administer',
    status: 200,
    answer: messageBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async customize(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Query({ schema: messageQuery }) query: MessageQuery,
    @Body({ schema: messageWording }) message: z.infer<typeof messageWording>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<MessageBody>> {
    const before = await this.unchanged(request, caller, branchId);
    const language = query.language ?? languageOf(before);
    const { branch, position } = await this.commands.execute(
      new CustomizeMessage({ branchId, kind, language, message }, context),
    );
    return this.shown(branch, kind, language, position);
  }

  @Delete()
  @Route({
    summary: 'Go back to the default words of a message in one language',
    right: 'administer',
    status: 200,
    answer: messageBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412],
  })
  async reset(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Query({ schema: messageQuery }) query: MessageQuery,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<MessageBody>> {
    const before = await this.unchanged(request, caller, branchId);
    const language = query.language ?? languageOf(before);
    const { branch, position } = await this.commands.execute(new ResetMessage({ branchId, kind, language }, context));
    return this.shown(branch, kind, language, position);
  }

  @Post('preview')
  @Route({
    summary: 'See a message as it would arrive',
    description:
      'On a real invoice or an example, with the words that are given or, where they are absent, those in use.',
    right: 'administer',
    status: 200,
    answer: renderedMessage,
    refusals: [404, 422],
  })
  preview(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Body({ schema: messagePreview }) body: z.infer<typeof messagePreview>,
    @CurrentCaller() caller: Caller,
  ): Promise<RenderedMessage> {
    this.scope.assertBranch(caller, branchId);
    const { invoiceId, language, email, sms } = body ?? {};
    return this.queries.execute(
      new PreviewMessage({ branchId, kind, invoiceId, language, message: given({ email, sms }) }),
    );
  }

  @Post('test-send')
  @Route({
    summary: 'Send a message to oneself, as a customer would get it',
    description:
      'On an example invoice, marked as a test; its link opens nothing. Who had it sent stands in the history, with how it went.',
    right: 'administer',
    status: 202,
    answer: testMessageQueued,
    carries: ['Ledger-Position'],
    refusals: [404, 409, 422],
  })
  async testSend(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Body({ schema: testMessage }) body: z.infer<typeof testMessage>,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<z.infer<typeof testMessageQueued>>> {
    this.scope.assertBranch(caller, branchId);
    const { channel, to, language, email, sms } = body;
    const words = email || sms ? { message: given({ email, sms }) } : {};
    const { requestId, recipient, position } = await this.commands.execute(
      new SendTestMessage({ branchId, kind, channel, to, language, ...words }, context),
    );
    return new Answer({ requestId, channel, recipient, status: 'queued' as const }, { position });
  }

  @Get('history')
  @Route({
    summary: 'List who changed or tried a message of a branch, newest first',
    right: 'administer',
    status: 200,
    answer: messageHistory,
    refusals: [404],
  })
  async history(
    @Param({ schema: messageParams }) { branchId, kind }: MessageParams,
    @Query({ schema: historyQuery }) { language }: z.infer<typeof historyQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.infer<typeof messageHistory>> {
    this.scope.assertBranch(caller, branchId);
    return toHistory(await this.queries.execute(new GetMessageHistory({ branchId, kind, language })));
  }

  private async unchanged(request: Request, caller: Caller, branchId: string): Promise<BranchView> {
    this.scope.assertBranch(caller, branchId);
    const branch = await this.queries.execute(new GetBranch({ branchId }));
    assertUnchanged(ifMatchRevision(request), branch.revision, branch.revision);
    return branch;
  }

  private shown(
    branch: BranchView,
    kind: MessageParams['kind'],
    language: string,
    position?: bigint,
  ): Answer<MessageBody> {
    const standard = standardWording(branch, { kind, language }, this.templates);
    const { revision } = branch;
    return new Answer(toMessage(branch, kind, language, standard), given({ revision, position }));
  }
}
