import { createHmac } from 'node:crypto';
import { ContactDigest } from '../../application/ports.js';

/** Digests addresses under CONTACT_KEY, which never rotates: the digest is part of stream names. */
export class HmacContactDigest extends ContactDigest {
  constructor(private readonly key: Buffer) {
    super();
  }

  override of(normalisedAddress: string): string {
    return createHmac('sha256', this.key).update(normalisedAddress).digest('hex');
  }
}
