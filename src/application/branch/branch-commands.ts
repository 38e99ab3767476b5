/** What every write on a branch shares: run the decider on the branch's stream and show the branch. */
import { branchDecider, type BranchCommand } from '../../domain/branch/decider.js';
import type { BranchEvent } from '../../domain/branch/events.js';
import { fold, type RecordedEvent } from '../../domain/decider.js';
import { DomainError } from '../../domain/errors.js';
import type { CommandContext } from '../command-context.js';
import type { Execute } from '../execute.js';
import { branchStream } from '../ids.js';
import { assertSameRequest } from '../same-request.js';
import { guardSeen, type SeenPart } from './branch-parts.js';
import { branchView, type BranchWritten } from './branch-view.js';

/**
 * @param seen the part that the command changes, as whoever gives it has looked at it; absent where it holds whatever is there
 * @throws DomainError `version_changed` where somebody changed that part since; `idempotency_key_reused`
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
  // What is written is asked afterwards: of two requests with one key that come at once, the log takes the events of one.
  if (context.causeIsChosen) isRepeat((await execute.load(branchDecider, stream)).events, command, context);
  if (state.status === 'absent') throw new DomainError('branch_not_found', { branchId });
  return { branch: branchView(state), position };
}

/**
 * Whether a request with this key has done its work on the branch already. It is held against what that one did: the events to which
 * the same command comes on the branch as it was before.
 * @throws DomainError `idempotency_key_reused` where it did something else
 */
export function isRepeat(
  events: readonly RecordedEvent<BranchEvent>[],
  command: BranchCommand,
  context: CommandContext,
): boolean {
  const done = events.filter(({ metadata }) => metadata.causationId === context.cause);
  const first = done[0];
  if (!context.causeIsChosen || !first) return false;
  const before = fold(
    branchDecider,
    events.filter(({ revision }) => revision < first.revision),
  );
  assertSameRequest(
    context,
    done.map(({ event }) => asked(event)),
    decidedOn(before, command).map(asked),
  );
  return true;
}

/** What was refused on that branch is nothing that was done to it. */
function decidedOn(state: Parameters<typeof branchDecider.decide>[1], command: BranchCommand): readonly BranchEvent[] {
  try {
    return branchDecider.decide(command, state);
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

/** Of an event what somebody asked for. By which endpoint notices come is found out anew at every try. */
function asked(event: BranchEvent): BranchEvent {
  if (event.type !== 'CardProcessingSetUp' || event.data.mode === 'platform') return event;
  const { webhookEndpointId: _endpoint, ...data } = event.data;
  return { ...event, data };
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
