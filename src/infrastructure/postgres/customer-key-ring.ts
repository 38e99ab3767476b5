import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CiphertextRejected, PersonalDataCipher } from '../../application/ports.js';
import type { Json } from '../../domain/json.js';
import type { Sql } from '../../projections/sql.js';
import type { VersionedKey } from '../config-values.js';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Says how the rest is to be read: `1.` and the base64url of nonce, tag and ciphertext. */
const FORMAT = '1.';
/** Keys that stay unwrapped in memory: 32 bytes each, and the customers of a busy day. */
const MAX_CACHED_KEYS = 20_000;

/**
 * Encrypts personal data under a key of each customer's own. The keys are rows in PostgreSQL, wrapped by a master key: whoever
 * deletes the row has erased the customer, and whoever has the rows without the master key has nothing.
 */
export class CustomerKeyRing extends PersonalDataCipher {
  /** Least recently used first. */
  private readonly cached = new Map<string, Buffer>();
  private readonly masters: ReadonlyMap<string, Buffer>;
  private readonly current: VersionedKey;

  /** @param masters the first wraps new keys; the others still unwrap what they wrapped */
  constructor(
    private readonly sql: Sql,
    masters: readonly [VersionedKey, ...VersionedKey[]],
  ) {
    super();
    this.current = masters[0];
    this.masters = new Map(masters.map(({ version, key }) => [String(version), key]));
  }

  override async encrypt(values: readonly { customerId: string; value: Json }[]): Promise<readonly string[]> {
    const keys = await this.keysOf(values, true);
    return values.map(({ customerId, value }) => {
      const sealed = seal(keys.get(customerId)!, Buffer.from(JSON.stringify(value)), customerId);
      return FORMAT + sealed.toString('base64url');
    });
  }

  /** @throws CiphertextRejected where one was altered, is another customer's, or is of a format that this version does not know. */
  override async decrypt(
    values: readonly { customerId: string; ciphertext: string }[],
  ): Promise<readonly (Json | undefined)[]> {
    const keys = await this.keysOf(values, false);
    return values.map(({ customerId, ciphertext }) => {
      const key = keys.get(customerId);
      if (!key) return undefined;
      if (!ciphertext.startsWith(FORMAT)) {
        throw new CiphertextRejected('Personal data of a format that is not known');
      }
      try {
        const opened = unseal(key, Buffer.from(ciphertext.slice(FORMAT.length), 'base64url'), customerId);
        return JSON.parse(opened.toString()) as Json;
      } catch (error) {
        throw new CiphertextRejected('Personal data that was altered, or is of another customer', { cause: error });
      }
    });
  }

  /** The keys of these customers: from memory, else from their rows, else (`make`) new ones that are durable when this resolves. */
  private async keysOf(values: readonly { customerId: string }[], make: boolean): Promise<ReadonlyMap<string, Buffer>> {
    const keys = new Map<string, Buffer>();
    const missing = new Set<string>();
    for (const { customerId } of values) {
      const key = this.cached.get(customerId);
      if (key) keys.set(customerId, key);
      else missing.add(customerId);
      if (key) this.remember(customerId, key);
    }
    if (missing.size === 0) return keys;
    await this.load(missing, keys);
    if (make && missing.size > 0) {
      await this.insert([...missing]);
      // Another process may have been faster: the row decides, whoever wrote it.
      await this.load(missing, keys);
      if (missing.size > 0) throw new Error('The key of a customer was deleted while it was made.');
    }
    return keys;
  }

  private async load(missing: Set<string>, keys: Map<string, Buffer>): Promise<void> {
    const rows = await this.sql.query<{ customer_id: string; master_version: string; wrapped_key: Buffer }>(
      'SELECT customer_id, master_version, wrapped_key FROM customer_keys WHERE customer_id = ANY($1)',
      [[...missing]],
    );
    for (const { customer_id: customerId, master_version: version, wrapped_key: wrapped } of rows) {
      const master = this.masters.get(version);
      if (!master) throw new Error(`MASTER_KEYS lacks version ${version}, under which keys of customers are wrapped`);
      const key = unseal(master, wrapped, customerId);
      keys.set(customerId, key);
      missing.delete(customerId);
      this.remember(customerId, key);
    }
  }

  private async insert(customerIds: readonly string[]): Promise<void> {
    // In one order always, so that two processes that make the same keys never wait for each other in a circle.
    const ordered = [...customerIds].sort();
    await this.sql.query(
      `INSERT INTO customer_keys (customer_id, master_version, wrapped_key)
       SELECT customer_id, $2, wrapped_key FROM unnest($1::text[], $3::bytea[]) AS k (customer_id, wrapped_key)
       ON CONFLICT (customer_id) DO NOTHING`,
      [
        ordered,
        String(this.current.version),
        ordered.map((customerId) => seal(this.current.key, randomBytes(KEY_BYTES), customerId)),
      ],
    );
  }

  private remember(customerId: string, key: Buffer): void {
    this.cached.delete(customerId);
    this.cached.set(customerId, key);
    if (this.cached.size <= MAX_CACHED_KEYS) return;
    const [oldest] = this.cached.keys();
    this.cached.delete(oldest!);
  }
}

/** Nonce, tag and ciphertext. The customer's id is sealed in, so that a value moved to another customer does not open. */
function seal(key: Buffer, plain: Buffer, customerId: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(customerId));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function unseal(key: Buffer, sealed: Buffer, customerId: string): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(customerId));
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
