import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SignInTries } from './sign-in-tries.js';
import { StaffLinkMail } from './staff-link-mail.js';
import { staffEmail, Users } from './user-view.js';

/** Asks for a new password. What is done, and how long it takes, is the same for an address that nobody has. */
export class RequestPasswordReset extends Command<void> {
  constructor(readonly input: { readonly email: string; readonly address: string }) {
    super();
  }
}

/** @throws DomainError `invalid_recipient` @throws TriesUsedUp */
@CommandHandler(RequestPasswordReset)
export class RequestPasswordResetHandler implements ICommandHandler<RequestPasswordReset> {
  constructor(
    private readonly users: Users,
    private readonly tries: SignInTries,
    private readonly mail: StaffLinkMail,
  ) {}

  async execute({ input }: RequestPasswordReset): Promise<void> {
    const email = staffEmail(input.email);
    await this.tries.count('reset', email, input.address);
    await this.mail.promise(this.users.idOf(email), 'reset');
  }
}
