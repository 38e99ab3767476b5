import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { BranchDetails } from '../../domain/branch/events.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { branchId } from '../ids.js';
import { runOnBranch } from './branch-commands.js';
import type { BranchWritten } from './branch-view.js';

/** Registers a branch. Its id derives from the cause: a repeated request finds the first one's branch. */
export class RegisterBranch extends Command<BranchWritten> {
  constructor(
    readonly input: { readonly details: BranchDetails },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RegisterBranch)
export class RegisterBranchHandler implements ICommandHandler<RegisterBranch> {
  constructor(private readonly executor: Execute) {}

  execute({ input, context }: RegisterBranch): Promise<BranchWritten> {
    const id = branchId(context.cause);
    return runOnBranch(this.executor, id, { type: 'RegisterBranch', branchId: id, details: input.details }, context);
  }
}
