/** What every write on a branch shares: run the decider on the branch's stream and show the branch. */
import { branchDecider, type BranchCommand } from '../../domain/branch/decider.js';
import { DomainError } from '../../domain/errors.js';
import type { CommandContext } from '../command-context.js';
import type { Execute } from '../execute.js';
import { branchStream } from '../ids.js';
import { guardSeen, type SeenPart } from './branch-parts.js';
import { branchView, type BranchWritten } from './branch-view.js';

/**
 * @param seen the part that the command changes, as whoever gives it has looked at it; absent where it holds whatever is there
 * @throws DomainError `version_changed` where somebody changed that part since
 */
export async function runOnBranch(
  execute: Execute,
  branchId: string,
  command: BranchCommand,
  context: CommandContext,
  seen?: SeenPart,
): Promise<BranchWritten> {
  const stream = branchStream(branchId);
  const { state, position } = await execute.run({
    decider: seen ? await decidingOn(execute, stream, seen) : branchDecider,
    stream,
    command,
    context,
    quietWhenRepeated: true,
  });
  if (state.status === 'absent') throw new DomainError('branch_not_found', { branchId });
  return { branch: branchView(state), position };
}

/** Asked anew at every try, so that a change in the last moment is seen too. */
async function decidingOn(execute: Execute, stream: string, seen: SeenPart): Promise<typeof branchDecider> {
  const { events } = await execute.load(branchDecider, stream);
  const assertUnchanged = guardSeen(events, seen);
  return {
    ...branchDecider,
    decide(command, state) {
      assertUnchanged(state);
      return branchDecider.decide(command, state);
    },
  };
}
