/** What error messages of other people's code may quote, although no log may hold it. Longest and most telling first. */
const SECRETS: readonly RegExp[] = [
  /\b(?:sk|rk|pk|whsec|pi|seti)_[A-Za-z0-9_]*(?:_secret_)?[A-Za-z0-9_]+/g,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@"']+@/gi,
  /\bBearer\s+\S+/gi,
  /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g,
  /(?<![A-Za-z0-9_-])\+?\d(?:[ ().-]{0,2}\d){8,18}(?![A-Za-z0-9_-])/g,
  // Tokens; the UUIDs of streams and events are no secret and are what an operator looks for.
  /(?<![A-Za-z0-9_-])(?!(?:[a-z]+-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9_-]))[A-Za-z0-9_-]{22,}/g,
];

/** Replaces whatever looks like a key, a token, an address or a number of a person or card. */
export function redact(text: string): string {
  return SECRETS.reduce((redacted, pattern) => redacted.replace(pattern, '[redacted]'), text);
}
