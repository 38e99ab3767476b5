import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Role } from '../../domain/administration/events.js';
import { DomainError } from '../../domain/errors.js';
import { assertNoCardNumber } from '../../domain/free-text.js';
import { userDecider } from '../../domain/user/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { userStream } from '../ids.js';
import { ReadPosition } from '../read-position.js';
import { StaffLinkMail } from './staff-link-mail.js';
import { staffEmail, Users } from './user-view.js';

/** The list of users is what the guard goes by: a change is answered once it is in force. */
export const USER_LIST_WAIT_MS = 5_000;

export interface ChangedUser {
  readonly userId: string;
  readonly position: bigint;
}

/** Makes somebody a user and mails the invitation; for one who was invited and has not come, changes and mails it again. */
export class InviteUser extends Command<ChangedUser> {
  constructor(
    readonly input: {
      readonly email: string;
      readonly name: string;
      readonly role: Role;
      /** Absent: every branch. */
      readonly branchIds?: readonly string[] | undefined;
      /** Those that the inviter is limited to: whoever is invited for others already is not theirs to change. Absent: none. */
      readonly inviterBranchIds?: readonly string[] | undefined;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** @throws DomainError `invalid_recipient`, `card_number_in_text`, `user_exists` */
@CommandHandler(InviteUser)
export class InviteUserHandler implements ICommandHandler<InviteUser> {
  constructor(
    private readonly executor: Execute,
    private readonly users: Users,
    private readonly mail: StaffLinkMail,
    private readonly readPosition: ReadPosition,
  ) {}

  async execute({ input, context }: InviteUser): Promise<ChangedUser> {
    const { role, branchIds, inviterBranchIds } = input;
    const name = personName(input.name);
    const userId = this.users.idOf(input.email);
    if (inviterBranchIds !== undefined) await this.assertWithin(userId, inviterBranchIds);
    const branches = branchIds === undefined ? {} : { branchIds };
    const facts = { userId, email: staffEmail(input.email), name, role, ...branches };
    const { position } = await this.executor.run({
      decider: userDecider,
      stream: userStream(userId),
      command: { type: 'InviteUser', facts },
      context,
    });
    await this.mail.promise(userId, 'invitation');
    await this.readPosition.wait(position, USER_LIST_WAIT_MS);
    return { userId, position };
  }

  private async assertWithin(userId: string, inviterBranchIds: readonly string[]): Promise<void> {
    const known = await this.users.byId(userId);
    const isWithin = !known || (known.branchIds?.every((each) => inviterBranchIds.includes(each)) ?? false);
    if (!isWithin) throw new DomainError('user_exists', { userId });
  }
}

function personName(text: string): string {
  const name = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (name === '') throw new DomainError('name_missing', { field: 'name', reason: 'Give a name.' });
  assertNoCardNumber('name', name);
  return name;
}
