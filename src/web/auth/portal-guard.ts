import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { BrowserSessions, type OpenSession } from '../../application/staff/browser-sessions.js';
import { SecondFactors } from '../../application/staff/second-factors.js';
import { PublicUrl } from '../../application/ports.js';
import { UserList, type UserRow } from '../../projections/users.js';
import { HttpProblem } from '../http-problem.js';
import { portalRouteOf } from '../portal/portal-route.js';
import { PortalRedirect } from '../portal/portal-redirect.js';
import { rememberCaller, type StaffCaller } from './caller.js';
import { hasRight } from './rights.js';
import { isSameOrigin } from './same-origin.js';
import { pathWithin } from './same-site-path.js';
import { sessionSecret } from './staff-cookie.js';
import { StaffSettings } from '../../application/staff/staff-settings.js';

/**
 * Lets a browser through whose session has the right that the route declares, and no other: a route that declares none is refused
 * to everybody. A state change has to come from a page of this session.
 */
@Injectable()
export class PortalGuard implements CanActivate {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly users: UserList,
    private readonly factors: SecondFactors,
    private readonly publicUrl: PublicUrl,
    private readonly settings: StaffSettings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const route = portalRouteOf(context.getHandler());
    const session = await this.sessions.find(sessionSecret(request), { isUse: route?.background !== true });
    const user = session && !session.waitsForCode ? await this.users.byId(session.userId) : undefined;
    if (!session || user?.status !== 'active') throw signInFirst(request);
    const caller = callerFor(user, session);
    if (!route || (route.right !== 'own_account' && !hasRight(caller.role, route.right))) {
      throw new HttpProblem('forbidden', { detail: `With the role "${caller.role}" you may not do this.` });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      assertSameOrigin(request, this.publicUrl.base);
      if (route.multipart !== true) assertCsrf(caller, csrfOf(request));
    }
    if (route.fresh === true && !session.isFresh) await this.stepUp(request, session.userId);
    rememberCaller(request, caller);
    return true;
  }

  /** What costs most to get wrong is asked for by whoever holds the second factor now, not by who held it this morning. */
  private async stepUp(request: Request, userId: string): Promise<void> {
    const isEnrolled = (await this.factors.find(userId))?.isConfirmed ?? false;
    if (!isEnrolled && !this.settings.secondFactorRequired) return;
    if (!wantsPage(request)) {
      throw new HttpProblem('forbidden', { detail: 'Give your second factor again first, at /staff/confirm.' });
    }
    const next = encodeURIComponent(backTo(request));
    throw new PortalRedirect(isEnrolled ? `/staff/confirm?next=${next}` : `/staff/account/second-factor?next=${next}`);
  }
}

/** @throws HttpProblem for whatever another site, or no page at all, sends */
export function assertSameOrigin(request: Request, base: string): void {
  if (isSameOrigin(request, base)) return;
  throw new HttpProblem('forbidden', { detail: 'This can be asked for only from a page of this portal.' });
}

/** For routes that read a multipart body themselves: its field `_csrf`. @throws HttpProblem where it is not this session's */
export function assertCsrf(session: { readonly csrf: string }, token: unknown): void {
  const given = Buffer.from(typeof token === 'string' ? token : '');
  const expected = Buffer.from(session.csrf);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new HttpProblem('session_changed', {
    detail: 'You have signed in anew since this page was loaded. Load it again and try once more.',
  });
}

function csrfOf(request: Request): unknown {
  const body = request.body as { readonly _csrf?: unknown } | undefined;
  return request.get('x-csrf-token') ?? body?._csrf;
}

function callerFor(user: UserRow, session: OpenSession): StaffCaller {
  const { userId, role, branchIds, name, email } = user;
  const branches = branchIds === null ? {} : { branchIds };
  return { kind: 'user', keyId: userId, role, ...branches, name, email, csrf: session.csrf };
}

/** A person is led to the sign-in and back; a script is told. */
function signInFirst(request: Request): Error {
  if (!wantsPage(request)) return new HttpProblem('unauthenticated', { detail: 'Sign in at /staff/sign-in.' });
  return new PortalRedirect(`/staff/sign-in?next=${encodeURIComponent(backTo(request))}`);
}

/** Scripts that fetch say JSON or an event stream, or that they are no navigation. */
function wantsPage(request: Request): boolean {
  const mode = request.get('sec-fetch-mode');
  if (mode !== undefined && mode !== 'navigate') return false;
  return request.accepts(['html', 'json', 'text/event-stream']) === 'html';
}

/** The page that was asked for; after a form the page that it stood on, since its address may take no GET. */
function backTo(request: Request): string {
  if (request.method === 'GET' || request.method === 'HEAD') return pathWithin(request.originalUrl) ?? '/staff';
  const referer = request.get('referer');
  if (referer === undefined || !URL.canParse(referer)) return '/staff';
  const { pathname, search } = new URL(referer);
  return pathWithin(pathname + search) ?? '/staff';
}
