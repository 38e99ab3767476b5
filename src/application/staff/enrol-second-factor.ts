import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, Randomness } from '../ports.js';
import { recoveryHash } from './give-second-factor.js';
import { OneTimeCodes, SecondFactors } from './second-factors.js';
import { SignInTries } from './sign-in-tries.js';
import { StaffSessions } from './staff-sessions.js';

const RECOVERY_CODES = 10;
/** 80 bits, sixteen letters and digits in fours. */
const RECOVERY_BYTES = 10;

/** What an authenticator app is shown. */
export interface Enrolment {
  readonly secret: string;
  readonly address: string;
}

/** Begins to set up a second factor, or goes on with it; answers nothing where one is in force. */
export class BeginSecondFactor extends Command<Enrolment | undefined> {
  constructor(readonly input: { readonly userId: string; readonly email: string }) {
    super();
  }
}

/** Puts the factor in force once the app's first code is right. Answers the recovery codes, which are shown this once. */
export class ConfirmSecondFactor extends Command<readonly string[] | undefined> {
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

@CommandHandler(BeginSecondFactor)
export class BeginSecondFactorHandler implements ICommandHandler<BeginSecondFactor> {
  constructor(
    private readonly factors: SecondFactors,
    private readonly codes: OneTimeCodes,
  ) {}

  async execute({ input }: BeginSecondFactor): Promise<Enrolment | undefined> {
    const { userId, email } = input;
    if (!(await this.factors.find(userId))) await this.factors.begin(userId, this.codes.newSecret());
    // Read again: of two pages that begin at once both show the one secret that was kept.
    const begun = await this.factors.find(userId);
    if (!begun || begun.isConfirmed) return undefined;
    return { secret: begun.secret, address: this.codes.address(begun.secret, email) };
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

  async execute({ input }: ConfirmSecondFactor): Promise<readonly string[] | undefined> {
    const { userId, address } = input;
    await this.tries.count('code', userId, address);
    const begun = await this.factors.find(userId);
    if (!begun || begun.isConfirmed) return undefined;
    const now = this.clock.now();
    const step = this.codes.stepOf(begun.secret, input.code.replaceAll(/\s/g, ''), now);
    if (step === undefined || !(await this.factors.takeStep(userId, step))) return undefined;
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
