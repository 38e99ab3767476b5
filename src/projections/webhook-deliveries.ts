/** What became of each message to an endpoint? The rows are written where it is sent. */
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Sql } from './sql.js';
import { checkLimit, Conditions, pageOf } from './statement.js';

export interface WebhookDeliveryRow {
  readonly deliveryId: string;
  /** The header `webhook-id`. */
  readonly messageId: string;
  readonly type: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  /** Of the present round. */
  readonly tries: number;
  readonly createdAt: string;
  readonly lastTryAt: string | null;
  readonly nextTryAt: string | null;
  readonly responseCode: number | null;
  readonly durationMs: number | null;
  readonly error: string | null;
}

export class WebhookDeliveryList {
  constructor(private readonly sql: Sql) {}

  /**
   * The latest first. One is there once it was tried: only then is it known whether it was for this endpoint at all.
   * @throws InvalidCursor
   */
  async find(
    endpointId: string,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly items: readonly WebhookDeliveryRow[]; readonly next: string | null }> {
    checkLimit(limit);
    const where = new Conditions();
    where.equal('d.endpoint_id', endpointId);
    where.add('d.last_try_at IS NOT NULL');
    if (cursor !== undefined) {
      const [createdAt, deliveryId] = decodeCursor(cursor, ['instant', 'uuid']);
      where.add(
        `(d.created_at, d.delivery_id) < (${where.bind(createdAt)}::timestamptz, ${where.bind(deliveryId)}::uuid)`,
      );
    }
    const rows = await this.sql.query<WebhookDeliveryRow>(
      `SELECT d.delivery_id AS "deliveryId", d.message_id AS "messageId", d.type, d.status, d.tries,
         d.created_at AS "createdAt", d.last_try_at AS "lastTryAt", d.next_try_at AS "nextTryAt",
         d.response_code AS "responseCode", d.duration_ms AS "durationMs", d.error
       FROM webhook_deliveries d ${where.toString()}
       ORDER BY d.created_at DESC, d.delivery_id DESC LIMIT ${where.bind(limit + 1)}`,
      where.values,
    );
    return pageOf(rows, limit, ({ createdAt, deliveryId }) => encodeCursor([createdAt, deliveryId]));
  }
}
