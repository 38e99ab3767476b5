import {
  WebhookDeliveries,
  type NewWebhookDelivery,
  type WebhookDelivery,
  type WebhookTry,
} from '../../application/webhooks/webhook-ports.js';
import type { Sql } from '../../projections/sql.js';

interface DeliveryRow {
  readonly delivery_id: string;
  readonly endpoint_id: string;
  readonly message_id: string;
  readonly type: string;
  readonly event_stream: string | null;
  readonly event_revision: string | null;
  readonly status: WebhookDelivery['status'];
  readonly created_at: string;
  readonly round: number;
  readonly round_began_at: string;
  readonly tries: number;
  readonly next_try_at: string | null;
}

const COLUMNS =
  'd.delivery_id, d.endpoint_id, d.message_id, d.type, d.event_stream, d.event_revision, d.status, d.created_at, ' +
  'd.round, d.round_began_at, d.tries, d.next_try_at';
/** So many are sent again at once; who has more asks again. */
const MAX_ROUNDS = 5_000;
const MAX_ERROR = 300;

/** The table `webhook_deliveries`. */
export class PgWebhookDeliveries extends WebhookDeliveries {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async add(deliveries: readonly NewWebhookDelivery[], now: Date): Promise<void> {
    await addDeliveries(this.sql, deliveries, now);
  }

  override async find(deliveryId: string): Promise<WebhookDelivery | undefined> {
    const [row] = await this.sql.query<DeliveryRow>(
      `SELECT ${COLUMNS} FROM webhook_deliveries d WHERE d.delivery_id = $1`,
      [deliveryId],
    );
    return row && deliveryOf(row);
  }

  override async record(delivery: WebhookDelivery, attempt: WebhookTry): Promise<boolean> {
    const { deliveryId, round, tries } = delivery;
    const { at, status, nextTryAt, code, error, durationMs } = attempt;
    const written = await this.sql.query(
      `UPDATE webhook_deliveries
       SET status = $4, tries = tries + 1, last_try_at = $5, next_try_at = $6, response_code = $7, error = $8, duration_ms = $9
       WHERE delivery_id = $1 AND round = $2 AND tries = $3 AND status = 'pending' RETURNING delivery_id`,
      [
        ...[deliveryId, round, tries, status, at, nextTryAt ?? null],
        ...[code ?? null, error?.slice(0, MAX_ERROR) ?? null, durationMs ?? null],
      ],
    );
    return written.length === 1;
  }

  override async drop(deliveryId: string): Promise<void> {
    await this.sql.query('DELETE FROM webhook_deliveries WHERE delivery_id = $1', [deliveryId]);
  }

  override async beginRound(
    endpointId: string,
    which: { readonly deliveryId: string } | { readonly failedSince: Date },
    now: Date,
  ): Promise<readonly WebhookDelivery[]> {
    const [condition, value] =
      'deliveryId' in which
        ? (['delivery_id = $2', which.deliveryId] as const)
        : ([`status = 'failed' AND created_at >= $2`, which.failedSince] as const);
    const rows = await this.sql.query<DeliveryRow>(
      `UPDATE webhook_deliveries d
       SET status = 'pending', round = round + 1, tries = 0, round_began_at = $3, next_try_at = $3
       WHERE delivery_id IN (
         SELECT delivery_id FROM webhook_deliveries WHERE endpoint_id = $1 AND ${condition} ORDER BY created_at LIMIT ${MAX_ROUNDS}
       ) RETURNING ${COLUMNS}`,
      [endpointId, value, now],
    );
    return rows.map(deliveryOf);
  }

  override async due(before: Date, max: number): Promise<readonly WebhookDelivery[]> {
    const rows = await this.sql.query<DeliveryRow>(
      `SELECT ${COLUMNS} FROM webhook_deliveries d WHERE d.next_try_at < $1 ORDER BY d.next_try_at LIMIT $2`,
      [before, max],
    );
    return rows.map(deliveryOf);
  }

  override async prune(before: Date): Promise<void> {
    await this.sql.query("DELETE FROM webhook_deliveries WHERE created_at < $1 AND status <> 'pending'", [before]);
  }
}

/** Also used inside the transaction that moves a checkpoint. */
export async function addDeliveries(sql: Sql, deliveries: readonly NewWebhookDelivery[], now: Date): Promise<void> {
  if (deliveries.length === 0) return;
  await sql.query(
    `INSERT INTO webhook_deliveries (delivery_id, endpoint_id, message_id, type, event_stream, event_revision,
       status, created_at, round_began_at, round, tries, next_try_at)
     SELECT n.*, 'pending', $7::timestamptz, $7, 1, 0, $7
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[]) AS n
     ON CONFLICT DO NOTHING`,
    [
      deliveries.map(({ deliveryId }) => deliveryId),
      deliveries.map(({ endpointId }) => endpointId),
      deliveries.map(({ messageId }) => messageId),
      deliveries.map(({ type }) => type),
      deliveries.map(({ source }) => source?.stream ?? null),
      deliveries.map(({ source }) => (source === undefined ? null : String(source.revision))),
      now,
    ],
  );
}

function deliveryOf(row: DeliveryRow): WebhookDelivery {
  const { event_stream: stream, event_revision: revision, next_try_at: next } = row;
  return {
    deliveryId: row.delivery_id,
    endpointId: row.endpoint_id,
    messageId: row.message_id,
    type: row.type,
    source: stream === null || revision === null ? undefined : { stream, revision: BigInt(revision) },
    status: row.status,
    createdAt: new Date(row.created_at),
    round: row.round,
    roundBeganAt: new Date(row.round_began_at),
    tries: row.tries,
    nextTryAt: next === null ? undefined : new Date(next),
  };
}
