import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { CiphertextRejected, PersonalDataCipher } from '../../../src/application/ports.js';
import type { Json } from '../../../src/domain/json.js';

/**
 * Real encryption under keys that derive from the customer's id, so that a test finds the same bytes each time: the nonce is a
 * digest of what is encrypted. Erasing a key is remembered.
 */
export class FixedKeyCipher extends PersonalDataCipher {
  private readonly erased = new Set<string>();

  erase(customerId: string): void {
    this.erased.add(customerId);
  }

  override encrypt(values: readonly { customerId: string; value: Json }[]): Promise<readonly string[]> {
    return Promise.resolve(values.map(({ customerId, value }) => seal(customerId, JSON.stringify(value))));
  }

  override async decrypt(
    values: readonly { customerId: string; ciphertext: string }[],
  ): Promise<readonly (Json | undefined)[]> {
    await Promise.resolve();
    return values.map(({ customerId, ciphertext }) =>
      this.erased.has(customerId) ? undefined : (JSON.parse(open(customerId, ciphertext)) as Json),
    );
  }
}

const digest = (key: string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const keyOf = (customerId: string): Buffer => digest('fixed', customerId);

function seal(customerId: string, text: string): string {
  const nonce = digest(customerId, text).subarray(0, 12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(customerId), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function open(customerId: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 28) throw new CiphertextRejected('too short');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(customerId), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new CiphertextRejected('altered, or of another customer', { cause: error });
  }
}
