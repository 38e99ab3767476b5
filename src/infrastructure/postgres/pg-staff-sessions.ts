import { StaffSessions, type StaffSession } from '../../application/staff/staff-sessions.js';
import type { Sql } from '../../projections/sql.js';

const SAVES_BETWEEN_CLEANUPS = 50;

interface SessionRow {
  readonly user_id: string;
  readonly credentials: string;
  readonly waits_for_code: boolean;
  readonly created_at: string;
  readonly seen_at: string;
  readonly confirmed_at: string | null;
  readonly proven_anew: boolean;
}

/** The tables `staff_sessions` and `staff_credentials`. A session that nobody could use any more is deleted some time later. */
export class PgStaffSessions extends StaffSessions {
  private saves = 0;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async credentialsOf(userId: string): Promise<bigint> {
    const [row] = await this.sql.query<{ version: string }>(
      'SELECT version FROM staff_credentials WHERE user_id = $1',
      [userId],
    );
    return BigInt(row?.version ?? 0);
  }

  override async save(hash: string, session: StaffSession): Promise<boolean> {
    const { userId, credentials, waitsForCode, createdAt, seenAt, confirmedAt, isProvenAnew } = session;
    // Where the version is raised between this look and the end of this statement, the row is kept under the former one, and never found.
    const saved = await this.sql.query(
      `INSERT INTO staff_sessions
         (session_hash, user_id, credentials, waits_for_code, created_at, seen_at, confirmed_at, proven_anew)
       SELECT $1::text, $2::uuid, $3::bigint, $4::boolean, $5::timestamptz, $6::timestamptz, $7::timestamptz, $8::boolean
       WHERE $3::bigint = coalesce((SELECT version FROM staff_credentials WHERE user_id = $2::uuid), 0)
       RETURNING session_hash`,
      [hash, userId, String(credentials), waitsForCode, createdAt, seenAt, confirmedAt ?? null, isProvenAnew],
    );
    if (this.saves % SAVES_BETWEEN_CLEANUPS === 0) {
      await this.sql.query("DELETE FROM staff_sessions WHERE seen_at < now() - interval '8 days'");
    }
    this.saves += 1;
    return saved.length === 1;
  }

  override async find(hash: string): Promise<StaffSession | undefined> {
    const [row] = await this.sql.query<SessionRow>(
      `SELECT s.user_id, s.credentials, s.waits_for_code, s.created_at, s.seen_at, s.confirmed_at, s.proven_anew
       FROM staff_sessions s LEFT JOIN staff_credentials c ON c.user_id = s.user_id
       WHERE s.session_hash = $1 AND s.credentials = coalesce(c.version, 0)`,
      [hash],
    );
    return (
      row && {
        userId: row.user_id,
        credentials: BigInt(row.credentials),
        waitsForCode: row.waits_for_code,
        createdAt: new Date(row.created_at),
        seenAt: new Date(row.seen_at),
        confirmedAt: row.confirmed_at === null ? undefined : new Date(row.confirmed_at),
        isProvenAnew: row.proven_anew,
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

  override async endAll(userId: string, except = ''): Promise<bigint> {
    const [row] = await this.sql.query<{ version: string }>(
      `WITH raised AS (
         INSERT INTO staff_credentials AS c (user_id, version) VALUES ($1, 1)
         ON CONFLICT (user_id) DO UPDATE SET version = c.version + 1 RETURNING version
       ), spared AS (
         UPDATE staff_sessions SET credentials = raised.version FROM raised WHERE user_id = $1 AND session_hash = $2
       ), ended AS (
         DELETE FROM staff_sessions WHERE user_id = $1 AND session_hash <> $2
       )
       SELECT version FROM raised`,
      [userId, except],
    );
    return BigInt(row!.version);
  }
}
