/** The hash chain in every stream: what an auditor recomputes from what is stored. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject } from '../domain/json.js';

const FIRST = Buffer.alloc(32);

export interface ChainedEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  /** As stored: personal data as ciphertext. */
  readonly data: JsonObject;
  /** As stored; its own `hash` is left out of the digest. */
  readonly metadata: JsonObject;
}

/**
 * SHA-256 of the previous hash (32 raw bytes, zeros at revision 0) followed by the canonical JSON (RFC 8785) of the event.
 * @returns lower-case hex.
 */
export function chainHash(previous: string | undefined, event: ChainedEvent): string {
  const metadata: Record<string, unknown> = { ...event.metadata };
  delete metadata['hash'];
  const text = canonicalize({
    stream: event.stream,
    revision: String(event.revision),
    id: event.id,
    type: event.type,
    data: event.data,
    metadata,
  });
  return createHash('sha256')
    .update(previous === undefined ? FIRST : Buffer.from(previous, 'hex'))
    .update(text!)
    .digest('hex');
}
