import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { runOnBranch } from './branch-commands.js';
import type { SeenPart } from './branch-parts.js';
import type { BranchWritten } from './branch-view.js';
import { Logos } from './logos.js';

/** Gives a branch the logo that somebody uploaded, made anew from its pixels. */
export class SetLogo extends Command<BranchWritten> {
  constructor(
    readonly input: { readonly branchId: string; readonly file: Buffer; readonly seen?: SeenPart },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SetLogo)
export class SetLogoHandler implements ICommandHandler<SetLogo> {
  constructor(
    private readonly executor: Execute,
    private readonly logos: Logos,
  ) {}

  async execute({ input: { branchId, file, seen }, context }: SetLogo): Promise<BranchWritten> {
    const logo = await this.logos.make(file);
    return runOnBranch(this.executor, branchId, { type: 'UpdateBranch', changes: { logo } }, context, seen);
  }
}
