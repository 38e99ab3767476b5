import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { BranchDetails } from '../../domain/branch/events.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { branchId } from '../ids.js';
import { runOnBranch } from './branch-commands.js';
import type { BranchWritten } from './branch-view.js';
import { Logos, madeAnew } from './logos.js';

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
  constructor(
    private readonly executor: Execute,
    private readonly logos: Logos,
  ) {}

  async execute({ input, context }: RegisterBranch): Promise<BranchWritten> {
    const id = branchId(context.cause);
    const { logo } = input.details;
    const details = logo === undefined ? input.details : { ...input.details, logo: await madeAnew(this.logos, logo) };
    const command = { type: 'RegisterBranch', branchId: id, details } as const;
    return runOnBranch(this.executor, id, command, context);
  }
}
