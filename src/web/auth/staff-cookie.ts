import { parse } from 'cookie';
import type { Request, Response } from 'express';

const NAME = '__Host-staff';
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
