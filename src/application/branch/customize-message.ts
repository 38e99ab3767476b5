import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { MessageKind, MessageWording } from '../../domain/branch/events.js';
import type { CommandContext } from '../command-context.js';
import { MessageTemplates } from '../documents.js';
import { Execute } from '../execute.js';
import { runOnBranch } from './branch-commands.js';
import type { SeenPart } from './branch-parts.js';
import type { BranchWritten } from './branch-view.js';

/** Words a message of a branch in one language. */
export class CustomizeMessage extends Command<BranchWritten> {
  constructor(
    readonly input: {
      readonly branchId: string;
      readonly kind: MessageKind;
      readonly language: string;
      readonly message: MessageWording;
      readonly seen?: SeenPart;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CustomizeMessage)
export class CustomizeMessageHandler implements ICommandHandler<CustomizeMessage> {
  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
  ) {}

  async execute({ input, context }: CustomizeMessage): Promise<BranchWritten> {
    const { branchId, kind, language, message, seen } = input;
    this.templates.check(kind, message);
    const command = { type: 'CustomizeMessage', kind, language, message } as const;
    return runOnBranch(this.executor, branchId, command, context, seen);
  }
}
