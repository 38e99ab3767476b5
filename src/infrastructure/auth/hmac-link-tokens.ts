import { createHmac, timingSafeEqual } from 'node:crypto';
import { LinkTokens, type TokenPurpose } from '../../application/ports.js';
import type { VersionedKey } from '../config-values.js';

const ID_CHARACTERS = 16;
const TAG_BYTES = 16;
const TOKEN = /^[A-Za-z0-9_-]{38}$/;

/**
 * Tokens of 38 characters: the link's id (96 bits, no secret) and an HMAC-SHA256 of purpose and id, cut to 128 bits. Purposes are
 * apart, so that a receipt's token never opens a pay page. New tokens are made under the first key; older keys still verify.
 */
export class HmacLinkTokens extends LinkTokens {
  constructor(private readonly keys: readonly VersionedKey[]) {
    super();
  }

  override make(purpose: TokenPurpose, id: string): string {
    return id + tag(this.keys[0]!.key, purpose, id).toString('base64url');
  }

  override verify(purpose: TokenPurpose, token: string): string | undefined {
    const wellFormed = TOKEN.test(token);
    // A malformed token costs the same work as a wrong one, so that the time tells nothing.
    const candidate = wellFormed ? token : '-'.repeat(38);
    const id = candidate.slice(0, ID_CHARACTERS);
    const given = Buffer.from(candidate.slice(ID_CHARACTERS), 'base64url');
    const matches = this.keys.map(({ key }) => timingSafeEqual(tag(key, purpose, id), given));
    // Base64url has unused bits at its end: only the one canonical spelling of a tag counts.
    const canonical = given.toString('base64url') === candidate.slice(ID_CHARACTERS);
    return wellFormed && canonical && matches.includes(true) ? id : undefined;
  }
}

function tag(key: Buffer, purpose: TokenPurpose, id: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}:${id}`).digest().subarray(0, TAG_BYTES);
}
