import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReminderPolicy } from '../../domain/branch/reminders.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { runOnBranch } from './branch-commands.js';
import type { SeenPart } from './branch-parts.js';
import type { BranchWritten } from './branch-view.js';

/** When customers of the branch are reminded. What staff leave out stays as it was. */
export class SetReminders extends Command<BranchWritten> {
  constructor(
    readonly input: { readonly branchId: string; readonly policy: ReminderPolicy; readonly seen?: SeenPart },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SetReminders)
export class SetRemindersHandler implements ICommandHandler<SetReminders> {
  constructor(private readonly executor: Execute) {}

  execute({ input, context }: SetReminders): Promise<BranchWritten> {
    const { branchId, policy, seen } = input;
    return runOnBranch(this.executor, branchId, { type: 'SetReminders', policy }, context, seen);
  }
}
