/** Who is told of what by webhooks? */
import type { AdministrationEvent } from '../domain/administration/events.js';
import type { WebhookEndpointSettings } from '../domain/administration/webhook-endpoints.js';
import { projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import { columnsOf, rowOf, type Table } from './table.js';

interface StoredWebhookEndpointRow extends ProjectedRow {
  readonly endpointId: string;
  readonly url: string;
  /** Null: every event. */
  readonly events: readonly string[] | null;
  /** Null: every branch. */
  readonly branchIds: readonly string[] | null;
  readonly description: string | null;
  readonly enabled: boolean;
  /** Why it was switched off, where the receiver asked for it. */
  readonly disabledBecause: string | null;
  /** Until then messages carry the signature of the former secret as well. */
  readonly formerSecretUntil: string | null;
  readonly createdAt: string;
  readonly removedAt: string | null;
  readonly position: string;
}

export type WebhookEndpointRow = Omit<StoredWebhookEndpointRow, 'revision' | 'position' | 'removedAt'>;

const endpoints: Table<StoredWebhookEndpointRow> = {
  name: 'webhook_endpoints',
  key: 'endpointId',
  columns: {
    endpointId: 'uuid',
    url: 'text',
    events: 'json',
    branchIds: 'json',
    description: 'text',
    enabled: 'boolean',
    disabledBecause: 'text',
    formerSecretUntil: 'instant',
    createdAt: 'instant',
    removedAt: 'instant',
    position: 'position',
    revision: 'position',
  },
};

const columnsOfSettings = ({ url, events, branchIds, description, enabled }: WebhookEndpointSettings) => ({
  url,
  events: events ?? null,
  branchIds: branchIds ?? null,
  description: description ?? null,
  enabled,
});

export const webhookEndpointsProjection: Projection = projectionOf<AdministrationEvent>()({
  name: 'webhook-endpoints',
  streamPrefix: 'administration',
  tables: {
    endpoints: {
      table: endpoints,
      keyOf: ({ event }) => ('endpointId' in event.data ? event.data.endpointId : undefined),
    },
  },
  handlers: {
    ExportMade: 'ignored',
    ApiKeyCreated: 'ignored',
    ApiKeyRevoked: 'ignored',
    WebhookEndpointAdded: (rows, { event: { data }, metadata, position, revision }) => {
      rows.endpoints.insert({
        endpointId: data.endpointId,
        ...columnsOfSettings(data),
        disabledBecause: null,
        formerSecretUntil: null,
        createdAt: metadata.occurredAt,
        removedAt: null,
        position: String(position),
        revision: String(revision),
      });
    },
    WebhookEndpointChanged: (rows, { event: { data }, revision }) => {
      rows.endpoints.update(data.endpointId, revision, () => ({
        ...columnsOfSettings(data),
        disabledBecause: data.because ?? null,
      }));
    },
    WebhookSecretRotated: (rows, { event: { data }, revision }) => {
      rows.endpoints.update(data.endpointId, revision, () => ({ formerSecretUntil: data.previousValidUntil }));
    },
    WebhookEndpointRemoved: (rows, { event: { data }, metadata, revision }) => {
      rows.endpoints.update(data.endpointId, revision, () => ({ removedAt: metadata.occurredAt }));
    },
  },
});

export class WebhookEndpointList {
  constructor(private readonly sql: Sql) {}

  /** All that are there, in the order in which they were made. */
  async find(): Promise<readonly WebhookEndpointRow[]> {
    const found = await this.sql.query(
      `SELECT ${columnsOf(endpoints, 'e')} FROM webhook_endpoints e WHERE e.removed_at IS NULL ORDER BY e.position`,
    );
    return found.map((row) => rowOf(endpoints, row));
  }

  async one(endpointId: string): Promise<WebhookEndpointRow | undefined> {
    const [found] = await this.sql.query(
      `SELECT ${columnsOf(endpoints, 'e')} FROM webhook_endpoints e WHERE e.endpoint_id = $1 AND e.removed_at IS NULL`,
      [endpointId],
    );
    return found && rowOf(endpoints, found);
  }
}
