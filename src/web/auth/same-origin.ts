import type { Request } from 'express';

/**
 * Whether a request comes from a page of this service. Browsers that send no Sec-Fetch-Site send an Origin; a request with
 * neither is not a page's, and the origin `null` is nobody's.
 */
export function isSameOrigin(request: Request, base: string): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = request.get('origin');
  return origin !== undefined && origin === new URL(base).origin;
}
