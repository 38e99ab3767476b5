import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertPassword, normalisePassword } from '../../domain/user/password.js';
import { Clock } from '../ports.js';
import { Passwords, PasswordStore } from './passwords.js';
import { PASSWORD_TRIES } from './sign-in.js';
import { SignInTries } from './sign-in-tries.js';
import { StaffSessions } from './staff-sessions.js';

/** Changes one's own password. Answers false where the present one is wrong. All other sessions end. */
export class ChangePassword extends Command<boolean> {
  constructor(
    readonly input: {
      readonly userId: string;
      readonly email: string;
      readonly present: string;
      readonly password: string;
      readonly sessionHash: string;
      readonly address: string;
    },
  ) {
    super();
  }
}

/** @throws DomainError `password_refused` @throws TriesUsedUp */
@CommandHandler(ChangePassword)
export class ChangePasswordHandler implements ICommandHandler<ChangePassword> {
  constructor(
    private readonly passwords: Passwords,
    private readonly store: PasswordStore,
    private readonly tries: SignInTries,
    private readonly sessions: StaffSessions,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: ChangePassword): Promise<boolean> {
    const { userId, email, address } = input;
    await this.tries.count(PASSWORD_TRIES, email, address);
    const hash = await this.store.hashOf(userId);
    if (!(await this.passwords.matches(hash, normalisePassword(input.present)))) return false;
    await this.tries.forgive(PASSWORD_TRIES, email, address);
    assertPassword(input.password, email);
    const next = await this.passwords.hash(normalisePassword(input.password));
    await this.store.save(userId, next, this.clock.now());
    await this.sessions.endAll(userId, input.sessionHash);
    return true;
  }
}
