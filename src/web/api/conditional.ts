import type { Request } from 'express';
import { DomainError } from '../../domain/errors.js';
import { HttpProblem } from '../http-problem.js';

export function etagOf(revision: bigint): string {
  return `"${revision}"`;
}

const TAGS = /^\s*(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*)\s*$/;

/**
 * True where a list of entity tags, as in `If-Match` and `If-None-Match`, names this one (RFC 9110, 8.8.3.2).
 * A weak tag never matches strongly.
 */
export function matches(list: string, etag: string, comparison: 'weak' | 'strong'): boolean {
  if (list.trim() === '*') return true;
  return (list.match(/(?:W\/)?"[^"]*"/g) ?? []).some(
    (tag) => tag === etag || (comparison === 'weak' && tag === `W/${etag}`),
  );
}

/**
 * The revision that `If-Match` names; `undefined` where the header is absent or `*`, which holds for whatever is there.
 * @throws HttpProblem for a header that is no list of entity tags
 * @throws DomainError `version_changed` for one that cannot name any revision
 */
export function ifMatchRevision(request: Request): string | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return undefined;
  if (!TAGS.test(header)) {
    throw new HttpProblem('malformed_header', { detail: 'If-Match must be the ETag of an earlier answer, like "3".' });
  }
  const revisions = [...header.matchAll(/(?<!W\/)"(\d{1,19})"/g)].map((match) => BigInt(match[1]!));
  // Several may be named; the newest of them is what the caller has seen last.
  const newest = revisions.reduce<bigint | undefined>(
    (max, each) => (max === undefined || each > max ? each : max),
    undefined,
  );
  if (newest === undefined) throw new DomainError('version_changed');
  return String(newest);
}

/** {@link ifMatchRevision} as commands take it. */
export function seenRevision(request: Request): bigint | undefined {
  const seen = ifMatchRevision(request);
  return seen === undefined ? undefined : BigInt(seen);
}

/**
 * Holds a request against what it has seen: fine while the version that matters is not newer than that, and what was seen
 * exists.
 *
 * @param versionThatMatters the payable version of an invoice, the revision of a branch
 * @throws DomainError `version_changed`
 */
export function assertUnchanged(seen: string | undefined, versionThatMatters: bigint, revision: bigint): void {
  if (seen === undefined) return;
  if (BigInt(seen) < versionThatMatters || BigInt(seen) > revision) {
    throw new DomainError('version_changed', { revision: String(revision) });
  }
}
