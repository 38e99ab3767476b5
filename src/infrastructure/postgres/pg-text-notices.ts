import { TextNotices, type NoticeOutcome, type TextNotice } from '../../application/texts/text-notices.js';
import type { Sql } from '../../projections/sql.js';

/** The table `text_notices`. A row is emptied when its notice has been dealt with, and stays so that a repeat is known. */
export class PgTextNotices extends TextNotices {
  constructor(
    private readonly sql: Sql,
    private readonly now: () => Date,
  ) {
    super();
  }

  override async keep(noticeId: string, notice: TextNotice): Promise<boolean> {
    const [row] = await this.sql.query<{ processed: boolean }>(
      // The update changes nothing; without it a row that is there already would not be returned.
      `INSERT INTO text_notices (notice_id, notice, received_at) VALUES ($1, $2::jsonb, $3)
       ON CONFLICT (notice_id) DO UPDATE SET notice_id = excluded.notice_id
       RETURNING processed_at IS NOT NULL AS processed`,
      [noticeId, JSON.stringify(notice), this.now()],
    );
    return !row!.processed;
  }

  override async read(noticeId: string): Promise<{ notice: TextNotice; receivedAt: Date } | undefined> {
    const [row] = await this.sql.query<{ notice: TextNotice; receivedAt: string }>(
      `SELECT notice, received_at AS "receivedAt" FROM text_notices WHERE notice_id = $1 AND processed_at IS NULL`,
      [noticeId],
    );
    return row && { notice: row.notice, receivedAt: new Date(row.receivedAt) };
  }

  override async finish(noticeId: string, outcome: NoticeOutcome): Promise<void> {
    await this.sql.query(
      'UPDATE text_notices SET processed_at = $2, outcome = $3, notice = NULL WHERE notice_id = $1',
      [noticeId, this.now(), outcome],
    );
  }

  override async waiting(olderThan: Date, most: number): Promise<readonly string[]> {
    const rows = await this.sql.query<{ noticeId: string }>(
      `SELECT notice_id AS "noticeId" FROM text_notices WHERE processed_at IS NULL AND received_at < $1
        ORDER BY received_at LIMIT $2`,
      [olderThan, most],
    );
    return rows.map(({ noticeId }) => noticeId);
  }
}
