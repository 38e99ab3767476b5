import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { BranchUpdated } from '../../domain/branch/events.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { runOnBranch } from './branch-commands.js';
import type { SeenPart } from './branch-parts.js';
import { loadBranch, type BranchWritten } from './branch-view.js';
import { Logos, madeAnew } from './logos.js';

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
  constructor(
    private readonly executor: Execute,
    private readonly logos: Logos,
  ) {}

  async execute({ input, context }: UpdateBranch): Promise<BranchWritten> {
    const { branchId, seen } = input;
    const changes = await this.withLogo(branchId, input.changes);
    return runOnBranch(this.executor, branchId, { type: 'UpdateBranch', changes }, context, seen);
  }

  /** What is sent back as it was answered stays as it is. */
  private async withLogo(branchId: string, changes: UpdateBranch['input']['changes']) {
    const { logo } = changes;
    if (typeof logo !== 'string') return changes;
    const { details } = await loadBranch(this.executor, branchId);
    return logo === details.logo ? changes : { ...changes, logo: await madeAnew(this.logos, logo) };
  }
}
