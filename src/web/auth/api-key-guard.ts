import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiKeySecrets, Clock } from '../../application/ports.js';
import { ApiKeyList } from '../../projections/api-keys.js';
import { ApiSettings } from '../api/api-settings.js';
import { routeOf } from '../api/route.js';
import { HttpProblem } from '../http-problem.js';
import { rememberCaller } from './caller.js';
import type { Caller } from './caller.js';
import { hasRight } from './rights.js';

/**
 * Lets a request through whose API key has the right that its route declares, and no other: a route that declares none is
 * refused to everybody.
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly adminKeyHash: string;
  private readonly limiter: RateLimiterMemory;

  constructor(
    private readonly keys: ApiKeyList,
    private readonly secrets: ApiKeySecrets,
    private readonly clock: Clock,
    settings: ApiSettings,
  ) {
    this.adminKeyHash = this.secrets.hash(settings.adminApiKey);
    this.limiter = new RateLimiterMemory({ points: settings.requestsPerSecond, duration: 1 });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const caller = await this.identify(request.headers.authorization);
    await this.limit(caller);
    const route = routeOf(context.getHandler());
    if (!route || !hasRight(caller.role, route.right)) {
      throw new HttpProblem('forbidden', { detail: `An API key of the role "${caller.role}" may not do this.` });
    }
    rememberCaller(request, caller);
    return true;
  }

  private async identify(authorization: string | undefined): Promise<Caller> {
    const key = /^Bearer +(\S(?:.{0,510}\S)?)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) {
      throw unauthenticated(
        authorization === undefined
          ? 'Send an API key: "Authorization: Bearer <key>".'
          : 'The Authorization header is not of the form "Bearer <key>".',
        'Bearer realm="paylink-ledger"',
      );
    }
    const hash = this.secrets.hash(key);
    // Digests of equal length, compared in constant time.
    if (timingSafeEqual(Buffer.from(hash), Buffer.from(this.adminKeyHash)))
      return { kind: 'key', keyId: 'admin', role: 'admin' };
    const found = await this.keys.byHash(hash);
    const now = this.clock.now().getTime();
    // One answer for all: whether a key was revoked, ran out or never was is nobody's business.
    if (!found || found.revokedAt || (found.expiresAt && Date.parse(found.expiresAt) <= now)) {
      throw unauthenticated(
        'The API key is unknown, revoked or expired.',
        'Bearer realm="paylink-ledger", error="invalid_token"',
      );
    }
    return {
      kind: 'key',
      keyId: found.keyId,
      role: found.role,
      ...(found.branchIds ? { branchIds: found.branchIds } : {}),
    };
  }

  private async limit(caller: Caller): Promise<void> {
    try {
      await this.limiter.consume(caller.keyId);
    } catch (reached) {
      if (!(reached instanceof RateLimiterRes)) throw reached;
      throw new HttpProblem('rate_limited', {
        detail: `One API key may make ${this.limiter.points} requests a second.`,
        headers: { 'Retry-After': String(Math.max(1, Math.ceil(reached.msBeforeNext / 1000))) },
      });
    }
  }
}

function unauthenticated(detail: string, challenge: string): HttpProblem {
  return new HttpProblem('unauthenticated', { detail, headers: { 'WWW-Authenticate': challenge } });
}
