/** Only what a browser cannot read as another host: no scheme, no `//`, no backslash, no control character. */
const PATH = /^\/staff(?:[/?][\x21-\x5b\x5d-\x7e]*)?$/;
const LONGEST = 1000;

/**
 * Where to go on after signing in: a page of the portal of this very site, or `undefined`. Pages of the sign-in itself lead
 * nowhere.
 */
export function pathWithin(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > LONGEST || !PATH.test(text) || text.startsWith('/staff//'))
    return undefined;
  return /^\/staff\/(sign-in|sign-out|confirm)\b/.test(text) ? undefined : text;
}
