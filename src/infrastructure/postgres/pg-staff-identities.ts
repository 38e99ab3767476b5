import { StaffIdentities, type Binding, type ProviderSubject } from '../../application/staff/staff-identities.js';
import type { Sql } from '../../projections/sql.js';

interface IdentityRow {
  readonly user_id: string;
  readonly issuer: string;
  readonly subject: string;
}

/** The table `staff_identities`. */
export class PgStaffIdentities extends StaffIdentities {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async userOf({ issuer, subject }: ProviderSubject): Promise<string | undefined> {
    const [row] = await this.sql.query<Pick<IdentityRow, 'user_id'>>(
      'SELECT user_id FROM staff_identities WHERE issuer = $1 AND subject = $2',
      [issuer, subject],
    );
    return row?.user_id;
  }

  override async bind(
    userId: string,
    { issuer, subject }: ProviderSubject,
    credentials: bigint,
    at: Date,
  ): Promise<Binding> {
    // The row of the version is held until the end of the statement: a version that is raised meanwhile is raised after the binding, and
    // what unbinds next finds it. Of two first sign-ins at once the second one waits for the first one's row, and keeps nothing.
    await this.sql.query(
      `WITH held AS (
         INSERT INTO staff_credentials AS c (user_id, version) VALUES ($1, 0)
         ON CONFLICT (user_id) DO UPDATE SET version = c.version RETURNING version
       )
       INSERT INTO staff_identities (user_id, issuer, subject, bound_at)
       SELECT $1::uuid, $2::text, $3::text, $4::timestamptz FROM held WHERE version = $5::bigint
       ON CONFLICT DO NOTHING`,
      [userId, issuer, subject, at, String(credentials)],
    );
    const kept = await this.sql.query<IdentityRow>(
      'SELECT user_id, issuer, subject FROM staff_identities WHERE user_id = $1 OR (issuer = $2 AND subject = $3)',
      [userId, issuer, subject],
    );
    if (kept.length === 0) return 'outdated';
    const isOwn = (row: IdentityRow) => row.user_id === userId && row.issuer === issuer && row.subject === subject;
    return kept.every(isOwn) ? 'bound' : 'bound_otherwise';
  }

  override async unbind(userId: string): Promise<void> {
    await this.sql.query('DELETE FROM staff_identities WHERE user_id = $1', [userId]);
  }
}
