import { createHash, createHmac } from 'node:crypto';
import { ApiKeySecrets } from '../../application/ports.js';

/** Keys are `plk_` and an HMAC of the key's id: a request that is repeated shows the same key, and nothing is stored but its hash. */
export class HmacApiKeySecrets extends ApiKeySecrets {
  constructor(private readonly masterKey: Buffer) {
    super();
  }

  override make(keyId: string): string {
    return `plk_${createHmac('sha256', this.masterKey).update(`api-key:${keyId}`).digest('base64url')}`;
  }

  override hash(key: string): string {
    return createHash('sha256').update(key).digest('hex');
  }
}
