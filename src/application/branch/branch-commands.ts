/** What every write on a branch shares: run the decider on the branch's stream and show the branch. */
import { branchDecider, type BranchCommand } from '../../domain/branch/decider.js';
import { DomainError } from '../../domain/errors.js';
import type { CommandContext } from '../command-context.js';
import type { Execute } from '../execute.js';
import { branchStream } from '../ids.js';
import { branchView, type BranchWritten } from './branch-view.js';

export async function runOnBranch(
  execute: Execute,
  branchId: string,
  command: BranchCommand,
  context: CommandContext,
): Promise<BranchWritten> {
  const { state, position } = await execute.run({
    decider: branchDecider,
    stream: branchStream(branchId),
    command,
    context,
    quietWhenRepeated: true,
  });
  if (state.status === 'absent') throw new DomainError('branch_not_found', { branchId });
  return { branch: branchView(state), position };
}
