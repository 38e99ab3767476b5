/** Holds a repeat of an `Idempotency-Key` against what the first request with it asked for. */
import { isDeepStrictEqual } from 'node:util';
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
  if (context.causeIsChosen && !isDeepStrictEqual(plain(first), plain(again))) {
    throw new DomainError('idempotency_key_reused');
  }
}

/** As it would be stored: a field that is undefined is one that is not there. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
