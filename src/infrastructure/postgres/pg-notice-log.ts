import type { NoticeLog } from '../../application/notice-log.js';
import type { Sql } from '../../projections/sql.js';

/** The table `webhook_notices`; the processor's id of the notice is its key, which is what makes a repeat harmless. */
export class PgNoticeLog implements NoticeLog {
  constructor(
    private readonly sql: Sql,
    private readonly now: () => Date,
  ) {}

  async begin(notice: Parameters<NoticeLog['begin']>[0]): Promise<boolean> {
    const [row] = await this.sql.query<{ processed: boolean }>(
      // The update changes nothing; without it a row that is there already would not be returned.
      `INSERT INTO webhook_notices (event_id, type, object_id, received_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (event_id) DO UPDATE SET event_id = excluded.event_id
       RETURNING processed_at IS NOT NULL AS processed`,
      [notice.eventId, notice.type, notice.objectId, this.now()],
    );
    return !row!.processed;
  }

  async finish(eventId: string): Promise<void> {
    await this.sql.query('UPDATE webhook_notices SET processed_at = $2 WHERE event_id = $1', [eventId, this.now()]);
  }
}
