import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CiphertextRejected, PersonalDataCipher } from '../../application/ports.js';
import type { Json } from '../../domain/json.js';
import type { Sql } from '../../projections/sql.js';
import type { VersionedKey } from '../config-values.js';
import { AskedTogether } from './asked-together.js';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Says how the rest is to be read: `1.` and the base64url of nonce, tag and ciphertext. */
const FORMAT = '1.';
/** Keys that stay unwrapped in memory: 32 bytes each, and the customers of a busy day. */
const MAX_CACHED_KEYS = 20_000;

interface KeyRow {
  readonly customer_id: string;
  readonly master_version: string;
  readonly wrapped_key: Buffer;
}

/**
 * Encrypts personal data under a key of each customer's own. The keys are rows in PostgreSQL, wrapped by a master key: whoever
 * deletes the row has erased the customer, and whoever has the rows without the master key has nothing.
 */
export class CustomerKeyRing extends PersonalDataCipher {
  /** Least recently used first. */
  private readonly cached = new Map<string, Buffer>();
  private readonly masters: ReadonlyMap<string, Buffer>;
  private readonly current: VersionedKey;
  private readonly found = new AskedTogether<KeyRow>((customerIds) => this.load(customerIds));
  private readonly made = new AskedTogether<KeyRow>((customerIds) => this.loadOrMake(customerIds));

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
    const rows = await (make ? this.made : this.found).rows([...missing]);
    for (const customerId of missing) {
      const row = rows.get(customerId);
      if (row) keys.set(customerId, this.unwrap(row));
      else if (make) throw new Error('The key of a customer was deleted while it was made.');
    }
    return keys;
  }

  private unwrap({ customer_id: customerId, master_version: version, wrapped_key: wrapped }: KeyRow): Buffer {
    const master = this.masters.get(version);
    if (!master) throw new Error(`MASTER_KEYS lacks version ${version}, under which keys of customers are wrapped`);
    const key = unseal(master, wrapped, customerId);
    this.remember(customerId, key);
    return key;
  }

  private async load(customerIds: readonly string[]): Promise<Map<string, KeyRow>> {
    const rows = await this.sql.query<KeyRow>(
      'SELECT customer_id, master_version, wrapped_key FROM customer_keys WHERE customer_id = ANY($1)',
      [customerIds],
    );
    return byCustomer(rows);
  }

  /** Another process may be faster with some of them: the row decides, whoever wrote it. */
  private async loadOrMake(customerIds: readonly string[]): Promise<ReadonlyMap<string, KeyRow>> {
    const rows = await this.load(customerIds);
    const isMissing = (customerId: string): boolean => !rows.has(customerId);
    const add = (more: ReadonlyMap<string, KeyRow>): void => more.forEach((row, id) => rows.set(id, row));
    if (rows.size < customerIds.length) add(await this.insert(customerIds.filter(isMissing)));
    if (rows.size < customerIds.length) add(await this.load(customerIds.filter(isMissing)));
    return rows;
  }

  private async insert(customerIds: readonly string[]): Promise<ReadonlyMap<string, KeyRow>> {
    // In one order always, so that two processes that make the same keys never wait for each other in a circle.
    const ordered = [...customerIds].sort();
    const made = await this.sql.query<KeyRow>(
      `INSERT INTO customer_keys (customer_id, master_version, wrapped_key)
       SELECT customer_id, $2, wrapped_key FROM unnest($1::text[], $3::bytea[]) AS k (customer_id, wrapped_key)
       ON CONFLICT (customer_id) DO NOTHING RETURNING customer_id, master_version, wrapped_key`,
      [
        ordered,
        String(this.current.version),
        ordered.map((customerId) => seal(this.current.key, randomBytes(KEY_BYTES), customerId)),
      ],
    );
    return byCustomer(made);
  }

  private remember(customerId: string, key: Buffer): void {
    this.cached.delete(customerId);
    this.cached.set(customerId, key);
    if (this.cached.size <= MAX_CACHED_KEYS) return;
    const [oldest] = this.cached.keys();
    this.cached.delete(oldest!);
  }
}

function byCustomer(rows: readonly KeyRow[]): Map<string, KeyRow> {
  return new Map(rows.map((row) => [row.customer_id, row]));
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
