import type { Response } from 'express';

/** Where the card processor's scripts, frames and API are. */
export interface ProcessorAddresses {
  readonly scriptUrl: string;
  readonly apiUrl: string;
}

/** The processor splits its form and the bank's step over hosts of its own beside the one that serves the script. */
const PROCESSOR_HOSTS: Readonly<Record<string, { scripts: readonly string[]; frames: readonly string[] }>> = {
  'https://js.stripe.com': {
    scripts: ['https://*.js.stripe.com'],
    frames: ['https://*.js.stripe.com', 'https://hooks.stripe.com'],
  },
};

/**
 * What a page may load: its own stylesheet, font, pictures and the scripts that carry its nonce, and from outside nothing but the
 * card processor. Source of the inventory: PCI DSS 4.0.1, 6.4.3 and 11.6.1.
 */
export function contentSecurityPolicy(nonce: string, processor: ProcessorAddresses | undefined): string {
  const script = processor && new URL(processor.scriptUrl).origin;
  const api = processor && new URL(processor.apiUrl).origin;
  const more = PROCESSOR_HOSTS[script ?? ''] ?? { scripts: [], frames: [] };
  const sources = (...list: readonly (string | undefined)[]) => [...new Set(list.filter(Boolean))].join(' ');
  const directives: Readonly<Record<string, string>> = {
    'default-src': "'none'",
    'script-src': sources(`'nonce-${nonce}'`, script, ...more.scripts),
    'frame-src': sources(script, api, ...more.frames) || "'none'",
    'connect-src': sources("'self'", script, api),
    'style-src': `'self' 'nonce-${nonce}'`,
    'img-src': "'self'",
    'font-src': "'self'",
    'frame-ancestors': "'none'",
    'form-action': "'self'",
    'base-uri': "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** Headers of everything that is one customer's: kept by nobody, found by no search engine, framed by no other site. */
export function setPrivateHeaders(response: Response): void {
  response.set({
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'same-origin',
    'X-Robots-Tag': 'noindex, nofollow',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
}
