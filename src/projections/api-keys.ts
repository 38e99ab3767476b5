/** Whose key is this, and what may it do? */
import type { AdministrationEvent, Role } from '../domain/administration/events.js';
import { projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import { columnsOf, rowOf, type Table } from './table.js';

export interface StoredApiKeyRow extends ProjectedRow {
  readonly keyId: string;
  /** SHA-256 of the key, lower-case hex. */
  readonly keyHash: string;
  readonly name: string;
  readonly role: Role;
  /** Null: every branch. */
  readonly branchIds: readonly string[] | null;
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly revokedAt: string | null;
  readonly position: string;
}

/** A key as it is shown: not even its hash. */
export type ApiKeyRow = Omit<StoredApiKeyRow, 'keyHash'>;

const apiKeys: Table<StoredApiKeyRow> = {
  name: 'api_keys',
  key: 'keyId',
  columns: {
    keyId: 'text',
    keyHash: 'text',
    name: 'text',
    role: 'text',
    branchIds: 'json',
    expiresAt: 'instant',
    createdAt: 'instant',
    revokedAt: 'instant',
    position: 'position',
    revision: 'position',
  },
};

export const apiKeysProjection: Projection = projectionOf<AdministrationEvent>()({
  name: 'api-keys',
  streamPrefix: 'administration',
  tables: { keys: { table: apiKeys, keyOf: ({ event }) => ('keyId' in event.data ? event.data.keyId : undefined) } },
  handlers: {
    ExportMade: 'ignored',
    ApiKeyCreated: (rows, { event: { data }, metadata, position, revision }) => {
      rows.keys.insert({
        keyId: data.keyId,
        keyHash: data.keyHash,
        name: data.name,
        role: data.role,
        branchIds: data.branchIds ?? null,
        expiresAt: data.expiresAt ?? null,
        createdAt: metadata.occurredAt,
        revokedAt: null,
        position: String(position),
        revision: String(revision),
      });
    },
    ApiKeyRevoked: (rows, { event: { data }, metadata, revision }) => {
      rows.keys.update(data.keyId, revision, () => ({ revokedAt: metadata.occurredAt }));
    },
    WebhookEndpointAdded: 'ignored',
    WebhookEndpointChanged: 'ignored',
    WebhookSecretRotated: 'ignored',
    WebhookEndpointRemoved: 'ignored',
  },
});

export class ApiKeyList {
  constructor(private readonly sql: Sql) {}

  /** The key with this hash, revoked and expired ones too: whether it still opens anything is for the caller to say. */
  async byHash(keyHash: string): Promise<ApiKeyRow | undefined> {
    const [found] = await this.sql.query(`SELECT ${columnsOf(apiKeys, 'k')} FROM api_keys k WHERE k.key_hash = $1`, [
      keyHash,
    ]);
    return found && shown(found);
  }

  /** All keys, in the order in which they were made. */
  async find(): Promise<readonly ApiKeyRow[]> {
    const found = await this.sql.query(`SELECT ${columnsOf(apiKeys, 'k')} FROM api_keys k ORDER BY k.position`);
    return found.map(shown);
  }
}

function shown(found: object): ApiKeyRow {
  const { keyHash: _keyHash, ...row } = rowOf(apiKeys, found);
  return row;
}
