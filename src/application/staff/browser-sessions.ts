import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, Randomness } from '../ports.js';
import { StaffSessions, type StaffSession } from './staff-sessions.js';

const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const HOUR_MS = 60 * 60_000;
const IDLE_LIMIT_MS = 12 * HOUR_MS;
/** However busy it is; also how long the browser keeps the cookie. */
export const SESSION_LIMIT_MS = 7 * 24 * HOUR_MS;
/** Between the password and the second factor. */
const CODE_LIMIT_MS = 10 * 60_000;
/** A session that is used all the time is written down once in so long. */
const SEEN_EVERY_MS = 60_000;
/** How long a second factor counts as given just now. */
const FRESH_MS = 15 * 60_000;

/** A session that holds, and what its pages need of it. */
export interface OpenSession extends StaffSession {
  readonly hash: string;
  /** Goes with every state change; made of the secret, so that only pages of this session know it. */
  readonly csrf: string;
  readonly isFresh: boolean;
}

/** Opens sessions, finds them again by what stands in the cookie, and lets them run out. */
@Injectable()
export class BrowserSessions {
  constructor(
    private readonly sessions: StaffSessions,
    private readonly clock: Clock,
    private readonly randomness: Randomness,
  ) {}

  /**
   * Always under a new secret, whatever the browser came with. Answers the secret, which is kept nowhere; nothing where what the user
   * signs in with changed, or they were shut out, since the sign-in began.
   * @param how `credentials`: their version when it began
   */
  async open(
    userId: string,
    how: { credentials: bigint; waitsForCode: boolean; isConfirmed?: boolean; isProvenAnew?: boolean },
  ): Promise<string | undefined> {
    const secret = this.randomness.bytes(SECRET_BYTES).toString('base64url');
    const now = this.clock.now();
    const isOpen = await this.sessions.save(hashOf(secret), {
      userId,
      credentials: how.credentials,
      waitsForCode: how.waitsForCode,
      createdAt: now,
      seenAt: now,
      confirmedAt: how.isConfirmed === true ? now : undefined,
      isProvenAnew: how.isProvenAnew ?? false,
    });
    return isOpen ? secret : undefined;
  }

  /**
   * The session of this secret, or nothing where it is unknown, over, or idle for too long.
   * @param how `isUse: false` where no person did anything: a page that keeps itself up to date keeps no session alive
   */
  async find(secret: string | undefined, { isUse = true } = {}): Promise<OpenSession | undefined> {
    if (secret === undefined || !SECRET.test(secret)) return undefined;
    const hash = hashOf(secret);
    const session = await this.sessions.find(hash);
    if (!session) return undefined;
    const now = this.clock.now();
    if (isOver(session, now)) {
      await this.sessions.end(hash);
      return undefined;
    }
    if (isUse && now.getTime() - session.seenAt.getTime() >= SEEN_EVERY_MS) await this.sessions.seen(hash, now);
    return { ...session, hash, csrf: csrfOf(secret), isFresh: isFresh(session, now) };
  }

  async end(secret: string | undefined): Promise<void> {
    if (secret !== undefined && SECRET.test(secret)) await this.sessions.end(hashOf(secret));
  }
}

function isOver({ waitsForCode, createdAt, seenAt }: StaffSession, now: Date): boolean {
  const age = now.getTime() - createdAt.getTime();
  const idle = now.getTime() - seenAt.getTime();
  return age >= (waitsForCode ? CODE_LIMIT_MS : SESSION_LIMIT_MS) || idle >= IDLE_LIMIT_MS;
}

function isFresh({ confirmedAt }: StaffSession, now: Date): boolean {
  return confirmedAt !== undefined && now.getTime() - confirmedAt.getTime() < FRESH_MS;
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function csrfOf(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}
