import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { BranchUpdated } from '../../domain/branch/events.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { runOnBranch } from './branch-commands.js';
import type { SeenPart } from './branch-parts.js';
import type { BranchWritten } from './branch-view.js';

/** Changes details of a branch; `null` clears an optional one. */
export class UpdateBranch extends Command<BranchWritten> {
  constructor(
    readonly input: {
      readonly branchId: string;
      readonly changes: BranchUpdated['data']['changes'];
      readonly seen?: SeenPart;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateBranch)
export class UpdateBranchHandler implements ICommandHandler<UpdateBranch> {
  constructor(private readonly executor: Execute) {}

  execute({ input, context }: UpdateBranch): Promise<BranchWritten> {
    const { branchId, changes, seen } = input;
    return runOnBranch(this.executor, branchId, { type: 'UpdateBranch', changes }, context, seen);
  }
}
