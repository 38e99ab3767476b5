import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InvoiceLinkMessage } from '../../domain/branch/events.js';
import type { CommandContext } from '../command-context.js';
import { MessageTemplates } from '../documents.js';
import { Execute } from '../execute.js';
import { runOnBranch } from './branch-commands.js';
import type { BranchWritten } from './branch-view.js';

/** Words the invoice-link message of a branch in one language. */
export class CustomizeInvoiceLinkMessage extends Command<BranchWritten> {
  constructor(
    readonly input: { readonly branchId: string; readonly language: string; readonly message: InvoiceLinkMessage },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CustomizeInvoiceLinkMessage)
export class CustomizeInvoiceLinkMessageHandler implements ICommandHandler<CustomizeInvoiceLinkMessage> {
  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
  ) {}

  execute({ input, context }: CustomizeInvoiceLinkMessage): Promise<BranchWritten> {
    const { branchId, language, message } = input;
    this.templates.check(message);
    return runOnBranch(this.executor, branchId, { type: 'CustomizeInvoiceLinkMessage', language, message }, context);
  }
}
