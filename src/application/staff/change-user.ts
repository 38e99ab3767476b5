import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { userDecider, type UserCommand } from '../../domain/user/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { userStream } from '../ids.js';
import { Clock } from '../ports.js';
import { ReadPosition } from '../read-position.js';
import { USER_LIST_WAIT_MS, type ChangedUser } from './invite-user.js';
import { StaffDirectory } from './staff-directory.js';
import { StaffIdentities } from './staff-identities.js';
import { StaffLinkStore } from './staff-links.js';
import { StaffSessions } from './staff-sessions.js';

/** What becomes of a user: another role or other branches, shut out, let in again. */
export type UserChange = Extract<UserCommand, { type: 'ChangeUser' | 'DisableUser' | 'EnableUser' }>;

/**
 * Changes a user. Answered once it is in force; who is disabled is signed out everywhere, and comes back with nothing of before: at an
 * identity provider, as whoever first has the address by then.
 */
export class ChangeUser extends Command<ChangedUser> {
  constructor(
    readonly input: { readonly userId: string; readonly change: UserChange },
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** @throws DomainError `user_not_found`, `last_admin` where nobody could let anybody in any more */
@CommandHandler(ChangeUser)
export class ChangeUserHandler implements ICommandHandler<ChangeUser> {
  constructor(
    private readonly executor: Execute,
    private readonly directory: StaffDirectory,
    private readonly sessions: StaffSessions,
    private readonly identities: StaffIdentities,
    private readonly links: StaffLinkStore,
    private readonly readPosition: ReadPosition,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: ChangeUser): Promise<ChangedUser> {
    const { userId, change } = input;
    if (takesAdminAway(change)) await this.assertAdminLeft(userId);
    // Before they are let in, for what was asked for meanwhile, and where a kill came between the event and what followed it.
    if (change.type === 'EnableUser' && (await this.isDisabled(userId))) await this.shutOut(userId);
    const { position } = await this.executor.run({
      decider: userDecider,
      stream: userStream(userId),
      command: change,
      context,
    });
    if (change.type === 'DisableUser') await this.shutOut(userId);
    await this.readPosition.wait(position, USER_LIST_WAIT_MS);
    return { userId, position };
  }

  private async shutOut(userId: string): Promise<void> {
    await this.links.endAll(userId, this.clock.now());
    await this.sessions.endAll(userId);
    await this.identities.unbind(userId);
  }

  private async isDisabled(userId: string): Promise<boolean> {
    const { state } = await this.executor.load(userDecider, userStream(userId));
    return state.known && state.facts.status === 'disabled';
  }

  private async assertAdminLeft(userId: string): Promise<void> {
    const { state } = await this.executor.load(userDecider, userStream(userId));
    const isAdmin = state.known && state.facts.role === 'admin' && state.facts.branchIds === undefined;
    if (!isAdmin || state.facts.status !== 'active') return;
    if (!(await this.directory.hasOtherAdmin(userId))) throw new DomainError('last_admin');
  }
}

function takesAdminAway(change: UserChange): boolean {
  if (change.type === 'EnableUser') return false;
  return change.type === 'DisableUser' || change.role !== 'admin' || change.branchIds !== undefined;
}
