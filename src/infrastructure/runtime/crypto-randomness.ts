import { randomBytes, randomUUID } from 'node:crypto';
import { Randomness } from '../../application/ports.js';

/** The operating system's randomness. */
export class CryptoRandomness extends Randomness {
  override uuid(): string {
    return randomUUID();
  }

  override bytes(count: number): Buffer {
    return randomBytes(count);
  }
}
