import { MessageUses, type CapDimension, type MessageUse } from '../../application/messages/message-uses.js';
import type { Sql } from '../../projections/sql.js';

const COLUMNS: Readonly<Record<CapDimension, string>> = { number: 'number', invoice: 'invoice_id', actor: 'actor' };

/** The tables `message_uses` and `text_spend`. */
export class PgMessageUses extends MessageUses {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async add({ messageId, at, actor, invoiceId, number }: MessageUse): Promise<boolean> {
    const added = await this.sql.query(
      `INSERT INTO message_uses (message_id, at, actor, invoice_id, number) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (message_id) DO NOTHING RETURNING message_id`,
      [messageId, at, actor, invoiceId, number ?? null],
    );
    return added.length > 0;
  }

  override async remove(messageId: string): Promise<void> {
    await this.sql.query('DELETE FROM message_uses WHERE message_id = $1', [messageId]);
  }

  override async nthNewest(query: Parameters<MessageUses['nthNewest']>[0]): Promise<Date | undefined> {
    const { dimension, value, since, nth, except } = query;
    const [row] = await this.sql.query<{ at: string }>(
      `SELECT at FROM message_uses WHERE ${COLUMNS[dimension]} = $1 AND at > $2 AND message_id <> $3
        ORDER BY at DESC OFFSET $4 LIMIT 1`,
      [value, since, except, nth - 1],
    );
    return row && new Date(row.at);
  }

  override async spend(day: string, segments: number, limit: number): Promise<boolean> {
    const spent = await this.sql.query(
      `INSERT INTO text_spend AS s (day, segments) SELECT $1::date, $2::bigint WHERE $2::bigint <= $3::bigint
       ON CONFLICT (day) DO UPDATE SET segments = s.segments + excluded.segments
        WHERE s.segments + excluded.segments <= $3::bigint
       RETURNING day`,
      [day, segments, limit],
    );
    return spent.length > 0;
  }

  override async spentOn(day: string): Promise<number> {
    const [row] = await this.sql.query<{ segments: string }>('SELECT segments FROM text_spend WHERE day = $1', [day]);
    return Number(row?.segments ?? 0);
  }

  override async forgetBefore(before: Date): Promise<void> {
    await this.sql.query('DELETE FROM message_uses WHERE at < $1', [before]);
  }
}
