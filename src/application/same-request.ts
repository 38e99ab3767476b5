/** Holds a repeat of an `Idempotency-Key` against what the first request with it asked for. */
import canonicalize from 'canonicalize';
import { DomainError } from '../domain/errors.js';
import type { CommandContext } from './command-context.js';

/**
 * Quiet where the cause is none that the caller chose: what the system does again may have been worded otherwise meanwhile.
 *
 * @param first what the first request asked for, as its events have it
 * @param again the same of this request
 * @throws DomainError `idempotency_key_reused`
 */
export function assertSameRequest(context: CommandContext, first: object, again: object): void {
  if (context.causeIsChosen && canonicalize(first) !== canonicalize(again)) {
    throw new DomainError('idempotency_key_reused');
  }
}
