import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { normalisePassword } from '../../domain/user/password.js';
import { BrowserSessions } from './browser-sessions.js';
import { Passwords, PasswordStore } from './passwords.js';
import { SecondFactors } from './second-factors.js';
import { SignInTries } from './sign-in-tries.js';
import { StaffSessions } from './staff-sessions.js';
import { Users } from './user-view.js';

export const PASSWORD_TRIES = 'password';

/** `secret` goes into the browser's cookie. */
export type SignedIn =
  | { readonly outcome: 'signed_in' | 'code_needed'; readonly secret: string }
  /** One answer for an address that nobody has, a wrong password, and a user who may not: none tells which. */
  | { readonly outcome: 'refused' };

/** Signs somebody in by address and password. Answers a new session; the one that the browser had is ended by the caller. */
export class SignIn extends Command<SignedIn> {
  constructor(readonly input: { readonly email: string; readonly password: string; readonly address: string }) {
    super();
  }
}

/** @throws TriesUsedUp */
@CommandHandler(SignIn)
export class SignInHandler implements ICommandHandler<SignIn> {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly store: PasswordStore,
    private readonly tries: SignInTries,
    private readonly factors: SecondFactors,
    private readonly kept: StaffSessions,
    private readonly sessions: BrowserSessions,
  ) {}

  async execute({ input }: SignIn): Promise<SignedIn> {
    const account = input.email.trim().toLowerCase();
    await this.tries.count(PASSWORD_TRIES, account, input.address);
    const userId = this.users.idIfAny(account);
    // First of all: hashing takes its time, and what changes meanwhile has to be noticed at the end.
    const credentials = userId === undefined ? 0n : await this.kept.credentialsOf(userId);
    const user = userId === undefined ? undefined : await this.users.byId(userId);
    const hash = user?.status === 'active' ? await this.store.hashOf(user.userId) : undefined;
    const isRight = await this.passwords.matches(hash, normalisePassword(input.password));
    if (!user || !isRight) return { outcome: 'refused' };
    await this.tries.forgive(PASSWORD_TRIES, account, input.address);
    const factor = await this.factors.find(user.userId);
    const waitsForCode = factor?.isConfirmed ?? false;
    const secret = await this.sessions.open(user.userId, { credentials, waitsForCode });
    if (secret === undefined) return { outcome: 'refused' };
    return { outcome: waitsForCode ? 'code_needed' : 'signed_in', secret };
  }
}
