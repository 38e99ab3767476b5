import { z } from 'zod';

/** A key with the number that says which of several it is, so that keys can be rotated. */
export interface VersionedKey {
  readonly version: number;
  readonly key: Buffer;
}

const KEY_BYTES = 32;

/**
 * One setting as text, turned into its value. The complaint says what is wanted, and never what was found: settings hold
 * secrets, and the complaint ends up on a screen or in a log.
 */
function setting<T>(wanted: string, read: (text: string) => T | undefined) {
  return z.string().transform((text, context): T => {
    const value = read(text);
    if (value === undefined) {
      context.addIssue({ code: 'custom', message: wanted });
      return z.NEVER;
    }
    return value;
  });
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** True for the names and numbers under which a machine reaches only itself. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** True for an address on this machine; false for text that is no address. */
export function isLoopbackUrl(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && isLoopback(url.hostname);
}

export const plainText = (wanted: string, pattern: RegExp) =>
  setting(wanted, (text) => (pattern.test(text) ? text : undefined));

export const portNumber = setting('must be a port number from 1 to 65535', (text) => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
});

/** An address with one of these schemes and a host; kept as text, because drivers read it themselves. */
export const address = (example: string, schemes: readonly string[]) =>
  setting(`must be an address like ${example}`, (text) => {
    const scheme = /^([a-z+]+):\/\/[^/\s]/.exec(text)?.[1];
    return scheme !== undefined && schemes.includes(scheme) ? text : undefined;
  });

/** The address that customers' browsers reach, without a trailing slash. Cookies are Secure, hence https off this machine. */
export const publicUrl = setting(
  'must be an https address without a path, like https://pay.example.com (http only for localhost)',
  (text) => {
    const url = parseUrl(text);
    if (!url || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') return undefined;
    if (url.protocol === 'https:') return url.origin;
    return url.protocol === 'http:' && isLoopback(url.hostname) ? url.origin : undefined;
  },
);

/** Where an HTTP API answers: an origin, since the clients take no path prefix. */
export const apiOrigin = setting('must be an https address without a path (http only for this machine)', (text) => {
  const url = parseUrl(text);
  if (!url || url.pathname !== '/' || url.search !== '' || url.hash !== '') return undefined;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) return undefined;
  return url.origin;
});

/** An OpenID Connect issuer: it may have a path, and is compared letter by letter, so that it is kept as it is. */
export const issuerUrl = setting('must be the https address of an issuer (http only for this machine)', (text) => {
  const url = parseUrl(text);
  if (!url || url.search !== '' || url.hash !== '' || url.username !== '') return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? text : undefined;
});

/** The whole address of a script. */
export const scriptUrl = setting('must be the https address of a script (http only for this machine)', (text) => {
  const url = parseUrl(text);
  if (!url || url.pathname === '/') return undefined;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) return undefined;
  return url.href;
});

/** A list of distinct words out of a fixed set. */
export const listOf = <T extends string>(allowed: readonly T[]) =>
  setting(`must be a list, separated by commas, out of ${allowed.join(', ')}`, (text) => {
    const words = text.split(',').map((word) => word.trim());
    const known = words.filter((word): word is T => (allowed as readonly string[]).includes(word));
    return known.length === words.length && new Set(known).size === known.length ? known : undefined;
  });

/** Webhook secrets, the present one first; two while one is being replaced. */
export const webhookSecrets = setting(
  'must be a webhook signing secret (whsec_…), or two separated by a comma',
  (text) => {
    const secrets = text.split(',').map((secret) => secret.trim());
    return secrets.length <= 2 && secrets.every((secret) => /^whsec_\S+$/.test(secret)) ? secrets : undefined;
  },
);

/** How far `X-Forwarded-*` is believed, in the form that Express takes. */
export const trustProxy = setting(
  'must be the number of proxies in front of the service, or their addresses separated by commas; 0 or false for none',
  (text): number | false | string[] | undefined => {
    if (text === 'false' || text === '0') return false;
    if (/^\d{1,2}$/.test(text)) return Number(text);
    const addresses = text.split(',').map((part) => part.trim());
    const known = /^(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]{2,45}(\/\d{1,3})?)$/;
    return addresses.every((part) => known.test(part)) ? addresses : undefined;
  },
);

function decodeKey(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  // All bytes alike is a placeholder that somebody forgot to replace.
  return key.length === KEY_BYTES && key.some((byte) => byte !== key[0]) ? key : undefined;
}

function decodeVersionedKey(text: string): VersionedKey | undefined {
  const [, version, encoded] = /^([1-9]\d{0,5}):(.+)$/.exec(text) ?? [];
  const key = encoded === undefined ? undefined : decodeKey(encoded);
  return key && { version: Number(version), key };
}

/** Keys by version, the present one first; older ones are kept for what was made under them. */
export const versionedKeys = setting(
  'must be keys like 2:<base64 of 32 random bytes>,1:<base64 of 32 random bytes>, the present one first, each version once',
  (text): [VersionedKey, ...VersionedKey[]] | undefined => {
    const keys = text.split(',').map((part) => decodeVersionedKey(part.trim()));
    const sound = keys.filter((key) => key !== undefined);
    const versions = new Set(sound.map((key) => key.version));
    const [first, ...rest] = sound;
    return first && sound.length === keys.length && versions.size === sound.length ? [first, ...rest] : undefined;
  },
);

export const versionedKey = setting('must be a key like 1:<base64 of 32 random bytes>', decodeVersionedKey);

export const plainKey = setting('must be the base64 of 32 random bytes', decodeKey);
