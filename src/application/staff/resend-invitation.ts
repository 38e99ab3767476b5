import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { StaffLinkMail } from './staff-link-mail.js';
import { Users } from './user-view.js';

/** Mails the invitation anew; the link of the former one stops working. */
export class ResendInvitation extends Command<void> {
  constructor(readonly input: { readonly userId: string }) {
    super();
  }
}

/** @throws DomainError `user_not_found`, `user_exists` where there is nothing to be invited to any more */
@CommandHandler(ResendInvitation)
export class ResendInvitationHandler implements ICommandHandler<ResendInvitation> {
  constructor(
    private readonly users: Users,
    private readonly mail: StaffLinkMail,
  ) {}

  async execute({ input }: ResendInvitation): Promise<void> {
    const user = await this.users.byId(input.userId);
    if (!user) throw new DomainError('user_not_found');
    if (user.status !== 'invited') throw new DomainError('user_exists');
    await this.mail.promise(user.userId, 'invitation');
  }
}
