/** Second factors of staff: a secret shared with an authenticator app, and codes for the day when the telephone is gone. */
export interface SecondFactor {
  /** Base32, as an authenticator app takes it. */
  readonly secret: string;
  /** The first code was right: it is asked for from now on. */
  readonly isConfirmed: boolean;
  readonly begunAt: Date;
}

export abstract class SecondFactors {
  abstract find(userId: string): Promise<SecondFactor | undefined>;
  /**
   * Keeps a secret that is not confirmed yet, in place of one that was begun before `since`. A younger one stays, and so does one that
   * is in force: it has to be removed first.
   */
  abstract begin(userId: string, secret: string, at: Date, since: Date): Promise<void>;
  /** Puts the confirmed secret and these recovery codes (their SHA-256) in force, and no others. */
  abstract confirm(userId: string, recoveryHashes: readonly string[], at: Date): Promise<void>;
  /** Takes a time step for good. Answers false where it, or a later one, was taken before. */
  abstract takeStep(userId: string, step: bigint): Promise<boolean>;
  /** Uses a recovery code up. Answers false where there is none of this hash, or it was used. */
  abstract useRecoveryCode(userId: string, hash: string, at: Date): Promise<boolean>;
  abstract remove(userId: string): Promise<void>;
}

/** RFC 6238: six digits, thirty seconds, SHA-1, as every authenticator app takes it. */
export abstract class OneTimeCodes {
  abstract newSecret(): string;
  /** `otpauth://…`, for a QR code. */
  abstract address(secret: string, email: string): string;
  /** The time step that the code is of, at most one away from now, or nothing. */
  abstract stepOf(secret: string, code: string, now: Date): bigint | undefined;
}
