import { createHash } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../ports.js';
import { BrowserSessions, type OpenSession } from './browser-sessions.js';
import { OneTimeCodes, SecondFactors } from './second-factors.js';
import { SignInTries } from './sign-in-tries.js';
import { StaffSessions } from './staff-sessions.js';

/**
 * Gives a second factor: at sign-in after the password, and later before what needs it freshly. Answers the secret of the session
 * that counts from now on, or nothing where the code is wrong, or the session was ended meanwhile.
 */
export class GiveSecondFactor extends Command<string | undefined> {
  constructor(readonly input: { readonly session: OpenSession; readonly code: string; readonly address: string }) {
    super();
  }
}

/** @throws TriesUsedUp */
@CommandHandler(GiveSecondFactor)
export class GiveSecondFactorHandler implements ICommandHandler<GiveSecondFactor> {
  constructor(
    private readonly factors: SecondFactors,
    private readonly codes: OneTimeCodes,
    private readonly tries: SignInTries,
    private readonly kept: StaffSessions,
    private readonly sessions: BrowserSessions,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: GiveSecondFactor): Promise<string | undefined> {
    const { session, address } = input;
    const { userId } = session;
    await this.tries.count('code', userId, address);
    if (!(await this.isRight(userId, input.code))) return undefined;
    await this.tries.forgive('code', userId, address);
    // Whoever knew the former secret does not know the one that is worth more.
    await this.kept.end(session.hash);
    return this.sessions.open(userId, { credentials: session.credentials, waitsForCode: false, isConfirmed: true });
  }

  /** Each code counts once, so that one that was looked at over a shoulder is worth nothing. */
  private async isRight(userId: string, code: string): Promise<boolean> {
    const factor = await this.factors.find(userId);
    if (!factor?.isConfirmed) return false;
    const now = this.clock.now();
    const digits = code.replaceAll(/\s/g, '');
    if (/^\d{6}$/.test(digits)) {
      const step = this.codes.stepOf(factor.secret, digits, now);
      return step !== undefined && (await this.factors.takeStep(userId, step));
    }
    return this.factors.useRecoveryCode(userId, recoveryHash(code), now);
  }
}

/** However it is typed: capitals, dashes and spaces do not count. */
export function recoveryHash(code: string): string {
  return createHash('sha256')
    .update(code.replaceAll(/[^0-9a-z]/gi, '').toLowerCase())
    .digest('hex');
}
