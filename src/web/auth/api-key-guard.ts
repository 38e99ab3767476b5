import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiSettings } from '../api/api-settings.js';
import { routeOf } from '../api/route.js';
import { HttpProblem } from '../http-problem.js';
import { ApiKeyCallers } from './api-key-callers.js';
import { rememberCaller } from './caller.js';
import type { Caller } from './caller.js';
import { hasRight } from './rights.js';

/**
 * Lets a request through whose API key has the right that its route declares, and no other: a route that declares none is
 * refused to everybody.
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly limiter: RateLimiterMemory;

  constructor(
    private readonly callers: ApiKeyCallers,
    settings: ApiSettings,
  ) {
    this.limiter = new RateLimiterMemory({ points: settings.requestsPerSecond, duration: 1 });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const caller = await this.callers.identify(request.headers.authorization);
    await this.limit(caller);
    const route = routeOf(context.getHandler());
    if (!route || !hasRight(caller.role, route.right)) {
      throw new HttpProblem('forbidden', { detail: `An API key of the role "${caller.role}" may not do this.` });
    }
    rememberCaller(request, caller);
    return true;
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
