import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { MessageKind } from '../../domain/branch/events.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { runOnBranch } from './branch-commands.js';
import type { SeenPart } from './branch-parts.js';
import type { BranchWritten } from './branch-view.js';

/** Takes a branch back to the default words in one language. Quiet where they are the default ones already. */
export class ResetMessage extends Command<BranchWritten> {
  constructor(
    readonly input: {
      readonly branchId: string;
      readonly kind: MessageKind;
      readonly language: string;
      readonly seen?: SeenPart;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ResetMessage)
export class ResetMessageHandler implements ICommandHandler<ResetMessage> {
  constructor(private readonly executor: Execute) {}

  async execute({ input, context }: ResetMessage): Promise<BranchWritten> {
    const { branchId, kind, language, seen } = input;
    return runOnBranch(this.executor, branchId, { type: 'ResetMessage', kind, language }, context, seen);
  }
}
