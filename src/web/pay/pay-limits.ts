import { HttpException, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;

/** How much is let through. `DEFAULT_PAY_LIMITS` multiplied by a hundred is right where nothing but stand-ins are charged. */
export interface PayLimitSettings {
  /** Addresses of links that open nothing, a minute and network address. */
  readonly tokenMissesPerMinute: number;
  /** Declined cards, an hour and link; the link then takes no card for an hour. */
  readonly declinesPerHour: number;
  /** Submitted payments, an hour and network address. */
  readonly attemptsPerHour: number;
}

export const DEFAULT_PAY_LIMITS: PayLimitSettings = {
  tokenMissesPerMinute: 20,
  declinesPerHour: 5,
  attemptsPerHour: 20,
};

/** Asked too often. The code says which limit it was. */
export class TooMany extends HttpException {
  constructor(
    code: 'token_misses' | 'declines_paused' | 'attempts_paused',
    readonly retryAfterSeconds: number,
  ) {
    super({ code }, 429);
  }
}

/** Bounds the guessing of links and the trying of cards. Counts are kept by the process that serves the page. */
@Injectable()
export class PayLimits {
  private readonly misses: RateLimiterAbstract;
  private readonly declines: RateLimiterAbstract;
  private readonly attempts: RateLimiterAbstract;

  constructor(settings: PayLimitSettings) {
    this.misses = new RateLimiterMemory({
      keyPrefix: 'pay-miss',
      points: settings.tokenMissesPerMinute,
      duration: MINUTE_SECONDS,
    });
    this.declines = new RateLimiterMemory({
      keyPrefix: 'pay-decline',
      points: settings.declinesPerHour,
      duration: HOUR_SECONDS,
    });
    this.attempts = new RateLimiterMemory({
      keyPrefix: 'pay-attempt',
      points: settings.attemptsPerHour,
      duration: HOUR_SECONDS,
    });
  }

  /** Counts an address that opens nothing. A right one is never refused. @throws TooMany */
  async countMiss(networkAddress: string): Promise<void> {
    await consume(this.misses, networkAddress, 'token_misses');
  }

  /** Counts a try to pay. @throws TooMany */
  async countAttempt(networkAddress: string, linkId: string): Promise<void> {
    await assertBelow(this.declines, linkId, 'declines_paused');
    await consume(this.attempts, networkAddress, 'attempts_paused');
  }

  /** Counts a declined card; the last one that is allowed starts the pause. */
  async countDecline(linkId: string): Promise<void> {
    const { remainingPoints } = await this.declines.penalty(linkId);
    if (remainingPoints <= 0) await this.declines.block(linkId, HOUR_SECONDS);
  }
}

async function consume(limiter: RateLimiterAbstract, key: string, code: TooManyCode): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooMany(code, refused) : refused;
  }
}

async function assertBelow(limiter: RateLimiterAbstract, key: string, code: TooManyCode): Promise<void> {
  const counted = await limiter.get(key);
  if (counted && counted.remainingPoints <= 0) throw tooMany(code, counted);
}

type TooManyCode = ConstructorParameters<typeof TooMany>[0];

function tooMany(code: TooManyCode, counted: RateLimiterRes): TooMany {
  return new TooMany(code, Math.max(1, Math.ceil(counted.msBeforeNext / 1000)));
}
