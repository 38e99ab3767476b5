import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, Randomness } from '../ports.js';
import { normalisePassword } from '../../domain/user/password.js';
import { recoveryHash } from './give-second-factor.js';
import { Passwords, PasswordStore } from './passwords.js';
import { OneTimeCodes, SecondFactors } from './second-factors.js';
import { PASSWORD_TRIES } from './sign-in.js';
import { SignInTries } from './sign-in-tries.js';
import { StaffSessions } from './staff-sessions.js';
import { StaffSettings } from './staff-settings.js';

const RECOVERY_CODES = 10;
/** 80 bits, sixteen letters and digits in fours. */
const RECOVERY_BYTES = 10;

/** A secret that nobody confirmed by then is replaced: whoever looked at it meanwhile knows nothing. */
const UNCONFIRMED_MS = 10 * 60_000;
/** Where another provider signs in, how long a sign-in counts as just now. */
const FRESH_SIGN_IN_MS = 15 * 60_000;

/** Whether another provider asked who it is just now, as it must have before a key is shown. */
export function wasAskedJustNow(
  { signedInAt, isProvenAnew }: { readonly signedInAt: Date; readonly isProvenAnew: boolean },
  now: Date,
): boolean {
  return isProvenAnew && now.getTime() - signedInAt.getTime() < FRESH_SIGN_IN_MS;
}

/** What an authenticator app is shown. */
export interface Enrolment {
  readonly secret: string;
  readonly address: string;
}

/**
 * Begins to set up a second factor, or goes on with it. A session alone is not enough, or whoever finds a browser open could shut its
 * owner out: it takes the present password, or, where another provider signs in, that it asked who it is just now.
 */
export class BeginSecondFactor extends Command<Enrolment | 'in_force' | 'refused'> {
  constructor(
    readonly input: {
      readonly userId: string;
      readonly email: string;
      readonly present: string;
      readonly signedInAt: Date;
      readonly isProvenAnew: boolean;
      readonly address: string;
    },
  ) {
    super();
  }
}

/**
 * Puts the factor in force once the app's first code is right. Answers the recovery codes, which are shown this once; `over` where
 * nothing was begun, or too long ago.
 */
export class ConfirmSecondFactor extends Command<readonly string[] | 'wrong' | 'over'> {
  constructor(
    readonly input: {
      readonly userId: string;
      readonly sessionHash: string;
      readonly code: string;
      readonly address: string;
    },
  ) {
    super();
  }
}

/** Takes the second factor away. The caller has made sure that it was given just now. */
export class RemoveSecondFactor extends Command<void> {
  constructor(readonly input: { readonly userId: string }) {
    super();
  }
}

/** @throws TriesUsedUp */
@CommandHandler(BeginSecondFactor)
export class BeginSecondFactorHandler implements ICommandHandler<BeginSecondFactor> {
  constructor(
    private readonly factors: SecondFactors,
    private readonly codes: OneTimeCodes,
    private readonly passwords: Passwords,
    private readonly store: PasswordStore,
    private readonly tries: SignInTries,
    private readonly settings: StaffSettings,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: BeginSecondFactor): Promise<Enrolment | 'in_force' | 'refused'> {
    const { userId, email } = input;
    if (!(await this.isProven(input))) return 'refused';
    const now = this.clock.now();
    await this.factors.begin(userId, this.codes.newSecret(), now, new Date(now.getTime() - UNCONFIRMED_MS));
    // Read again: of two pages that begin at once both show the one secret that was kept.
    const begun = await this.factors.find(userId);
    if (!begun || begun.isConfirmed) return 'in_force';
    return { secret: begun.secret, address: this.codes.address(begun.secret, email) };
  }

  private async isProven(input: BeginSecondFactor['input']): Promise<boolean> {
    if (this.settings.withProvider) return wasAskedJustNow(input, this.clock.now());
    const { userId, email, present, address } = input;
    await this.tries.count(PASSWORD_TRIES, email, address);
    const isRight = await this.passwords.matches(await this.store.hashOf(userId), normalisePassword(present));
    if (isRight) await this.tries.forgive(PASSWORD_TRIES, email, address);
    return isRight;
  }
}

/** @throws TriesUsedUp */
@CommandHandler(ConfirmSecondFactor)
export class ConfirmSecondFactorHandler implements ICommandHandler<ConfirmSecondFactor> {
  constructor(
    private readonly factors: SecondFactors,
    private readonly codes: OneTimeCodes,
    private readonly tries: SignInTries,
    private readonly sessions: StaffSessions,
    private readonly clock: Clock,
    private readonly randomness: Randomness,
  ) {}

  async execute({ input }: ConfirmSecondFactor): Promise<readonly string[] | 'wrong' | 'over'> {
    const { userId, address } = input;
    await this.tries.count('code', userId, address);
    const begun = await this.factors.find(userId);
    const now = this.clock.now();
    if (!begun || begun.isConfirmed || now.getTime() - begun.begunAt.getTime() >= UNCONFIRMED_MS) return 'over';
    const step = this.codes.stepOf(begun.secret, input.code.replaceAll(/\s/g, ''), now);
    if (step === undefined || !(await this.factors.takeStep(userId, step))) return 'wrong';
    const recovery = Array.from({ length: RECOVERY_CODES }, () => this.recoveryCode());
    await this.factors.confirm(userId, recovery.map(recoveryHash), now);
    await this.sessions.confirmed(input.sessionHash, now);
    await this.sessions.endAll(userId, input.sessionHash);
    return recovery;
  }

  private recoveryCode(): string {
    const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
    let bits = BigInt(`0x${this.randomness.bytes(RECOVERY_BYTES).toString('hex')}`);
    let code = '';
    for (let place = 0; place < 16; place += 1) {
      code += (place > 0 && place % 4 === 0 ? '-' : '') + alphabet[Number(bits & 31n)]!;
      bits >>= 5n;
    }
    return code;
  }
}

@CommandHandler(RemoveSecondFactor)
export class RemoveSecondFactorHandler implements ICommandHandler<RemoveSecondFactor> {
  constructor(private readonly factors: SecondFactors) {}

  async execute({ input }: RemoveSecondFactor): Promise<void> {
    await this.factors.remove(input.userId);
  }
}
