import { StaffSessions, type StaffSession } from '../../application/staff/staff-sessions.js';
import type { Sql } from '../../projections/sql.js';

const SAVES_BETWEEN_CLEANUPS = 50;

interface SessionRow {
  readonly user_id: string;
  readonly waits_for_code: boolean;
  readonly created_at: string;
  readonly seen_at: string;
  readonly confirmed_at: string | null;
}

/** The table `staff_sessions`. One that nobody could use any more is deleted some time later. */
export class PgStaffSessions extends StaffSessions {
  private saves = 0;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async save(hash: string, session: StaffSession): Promise<void> {
    const { userId, waitsForCode, createdAt, seenAt, confirmedAt } = session;
    await this.sql.query(
      `INSERT INTO staff_sessions (session_hash, user_id, waits_for_code, created_at, seen_at, confirmed_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [hash, userId, waitsForCode, createdAt, seenAt, confirmedAt ?? null],
    );
    if (this.saves % SAVES_BETWEEN_CLEANUPS === 0) {
      await this.sql.query("DELETE FROM staff_sessions WHERE seen_at < now() - interval '8 days'");
    }
    this.saves += 1;
  }

  override async find(hash: string): Promise<StaffSession | undefined> {
    const [row] = await this.sql.query<SessionRow>(
      `SELECT user_id, waits_for_code, created_at, seen_at, confirmed_at FROM staff_sessions WHERE session_hash = $1`,
      [hash],
    );
    return (
      row && {
        userId: row.user_id,
        waitsForCode: row.waits_for_code,
        createdAt: new Date(row.created_at),
        seenAt: new Date(row.seen_at),
        confirmedAt: row.confirmed_at === null ? undefined : new Date(row.confirmed_at),
      }
    );
  }

  override async seen(hash: string, at: Date): Promise<void> {
    await this.sql.query('UPDATE staff_sessions SET seen_at = $2 WHERE session_hash = $1', [hash, at]);
  }

  override async confirmed(hash: string, at: Date): Promise<void> {
    await this.sql.query('UPDATE staff_sessions SET confirmed_at = $2 WHERE session_hash = $1', [hash, at]);
  }

  override async end(hash: string): Promise<void> {
    await this.sql.query('DELETE FROM staff_sessions WHERE session_hash = $1', [hash]);
  }

  override async endAll(userId: string, except = ''): Promise<void> {
    await this.sql.query('DELETE FROM staff_sessions WHERE user_id = $1 AND session_hash <> $2', [userId, except]);
  }
}
