import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { runOnBranch } from './branch-commands.js';
import type { BranchWritten } from './branch-view.js';

/** Lets the branch take cards on the service's own account at the processor. */
export class SetUpCardProcessing extends Command<BranchWritten> {
  constructor(
    readonly input: { readonly branchId: string; readonly mode: 'platform' },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SetUpCardProcessing)
export class SetUpCardProcessingHandler implements ICommandHandler<SetUpCardProcessing> {
  constructor(private readonly executor: Execute) {}

  execute({ input, context }: SetUpCardProcessing): Promise<BranchWritten> {
    return runOnBranch(this.executor, input.branchId, { type: 'SetUpCardProcessing', mode: input.mode }, context);
  }
}
