import { parse } from 'cookie';
import type { Request, Response } from 'express';

const NAME = '__Host-staff';
/** Between the redirect to another provider and the one back. */
const FLOW = '__Host-staff-flow';
/** With the prefix `__Host-` a browser takes it only Secure, for this very host and the whole of it. */
const ATTRIBUTES = { secure: true, httpOnly: true, sameSite: 'lax', path: '/' } as const;

/** What the browser has to show for its session, if anything. */
export function sessionSecret(request: Request): string | undefined {
  return parse(request.headers.cookie ?? '')[NAME];
}

export function grantSession(response: Response, secret: string, lifetimeMs: number): void {
  response.cookie(NAME, secret, { ...ATTRIBUTES, maxAge: lifetimeMs });
}

export function clearSession(response: Response): void {
  response.clearCookie(NAME, ATTRIBUTES);
}

/** The state that this browser was sent to the provider with. */
export function flowState(request: Request): string | undefined {
  return parse(request.headers.cookie ?? '')[FLOW];
}

export function grantFlow(response: Response, state: string, lifetimeMs: number): void {
  response.cookie(FLOW, state, { ...ATTRIBUTES, maxAge: lifetimeMs });
}

export function clearFlow(response: Response): void {
  response.clearCookie(FLOW, ATTRIBUTES);
}
