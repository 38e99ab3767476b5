import { Injectable } from '@nestjs/common';
import { Clock, ContactDigest } from '../ports.js';
import { TRY_WINDOW_MS, TryFactor, TryLimits, type TryLimit } from './try-limits.js';

/** Tries of one account from one network address. */
const TRIES = 10;
/** Of one account from everywhere, and from one address at every account: higher, so that nobody locks others out cheaply. */
const TRIES_IN_ALL = 100;
/** Six digits are guessed soon from many addresses, and whoever is asked for them knows the password: no more than from one. */
const CODE_TRIES_IN_ALL = TRIES;

/** Guessing came to its end. */
export class TriesUsedUp extends Error {
  override readonly name = 'TriesUsedUp';
  constructor(readonly retryAfterSeconds: number) {
    super('Too many tries.');
  }
}

/** Bounds the guessing of passwords and codes. What is kept names neither the account nor the address. */
@Injectable()
export class SignInTries {
  constructor(
    private readonly limits: TryLimits,
    private readonly factor: TryFactor,
    private readonly digest: ContactDigest,
    private readonly clock: Clock,
  ) {}

  /** Counts before the try is made, so that many at once are no way round. @throws TriesUsedUp */
  async count(kind: string, account: string, address: string): Promise<void> {
    await this.take([
      { subject: this.pair(kind, account, address), tries: TRIES },
      { subject: this.subject(kind, 'address', address), tries: TRIES_IN_ALL },
    ]);
    // Only now: an address that has used up its own tries takes none away from everybody else's.
    const inAll = kind === 'code' ? CODE_TRIES_IN_ALL : TRIES_IN_ALL;
    await this.take([{ subject: this.subject(kind, 'account', account), tries: inAll }]);
  }

  /** The try was right: the next mistake is the first again. */
  async forgive(kind: string, account: string, address: string): Promise<void> {
    await this.limits.forget(this.pair(kind, account, address));
  }

  private async take(limits: readonly TryLimit[]): Promise<void> {
    const { factor } = this.factor;
    const raised = limits.map(({ subject, tries }) => ({ subject, tries: tries * factor }));
    const waitSeconds = await this.limits.count(raised, this.clock.now());
    if (waitSeconds > 0) throw new TriesUsedUp(Math.min(waitSeconds, TRY_WINDOW_MS / 1000));
  }

  private pair(kind: string, account: string, address: string): string {
    return this.subject(kind, 'pair', `${account}\n${address}`);
  }

  private subject(kind: string, of: string, text: string): string {
    return `${kind}:${of}:${this.digest.of(`staff-tries\n${text}`)}`;
  }
}
