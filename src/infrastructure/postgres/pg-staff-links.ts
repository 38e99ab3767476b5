import { StaffLinkStore, type KeptStaffLink, type StaffLink } from '../../application/staff/staff-links.js';
import type { Sql } from '../../projections/sql.js';

const MAX_OWED = 500;
const SAVES_BETWEEN_CLEANUPS = 50;

interface LinkRow {
  readonly link_id: string;
  readonly user_id: string;
  readonly purpose: StaffLink['purpose'];
  readonly created_at: string;
  readonly expires_at: string;
  readonly mailed_at: string | null;
}

/** The table `staff_links`. What ran out a month ago is deleted some time later. */
export class PgStaffLinks extends StaffLinkStore {
  private saves = 0;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async save(link: StaffLink, tokenHash: string): Promise<void> {
    const { linkId, userId, purpose, createdAt, expiresAt } = link;
    await this.sql.query(
      `WITH former AS (
         UPDATE staff_links SET used_at = $5 WHERE user_id = $3 AND purpose = $4 AND used_at IS NULL
       )
       INSERT INTO staff_links (link_id, token_hash, user_id, purpose, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [linkId, tokenHash, userId, purpose, createdAt, expiresAt],
    );
    if (this.saves % SAVES_BETWEEN_CLEANUPS === 0) {
      await this.sql.query("DELETE FROM staff_links WHERE expires_at < now() - interval '30 days'");
    }
    this.saves += 1;
  }

  override async find(by: Parameters<StaffLinkStore['find']>[0]): Promise<KeptStaffLink | undefined> {
    const [condition, value] = 'linkId' in by ? ['link_id', by.linkId] : ['token_hash', by.tokenHash];
    const [row] = await this.sql.query<LinkRow>(
      `SELECT link_id, user_id, purpose, created_at, expires_at, mailed_at FROM staff_links
       WHERE ${condition} = $1 AND used_at IS NULL`,
      [value],
    );
    return row && { ...linkOf(row), isMailed: row.mailed_at !== null };
  }

  override async mailed(linkId: string, at: Date): Promise<void> {
    await this.sql.query('UPDATE staff_links SET mailed_at = $2 WHERE link_id = $1', [linkId, at]);
  }

  override async use(linkId: string, at: Date): Promise<boolean> {
    const used = await this.sql.query(
      'UPDATE staff_links SET used_at = $2 WHERE link_id = $1 AND used_at IS NULL RETURNING link_id',
      [linkId, at],
    );
    return used.length === 1;
  }

  override async endAll(userId: string, at: Date): Promise<void> {
    await this.sql.query('UPDATE staff_links SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL', [userId, at]);
  }

  override async owed(before: Date, now: Date): Promise<readonly StaffLink[]> {
    const rows = await this.sql.query<LinkRow>(
      `SELECT link_id, user_id, purpose, created_at, expires_at, mailed_at FROM staff_links
       WHERE mailed_at IS NULL AND used_at IS NULL AND purpose <> 'local' AND created_at < $1 AND expires_at > $2
       ORDER BY created_at LIMIT ${MAX_OWED}`,
      [before, now],
    );
    return rows.map(linkOf);
  }
}

function linkOf(row: LinkRow): StaffLink {
  return {
    linkId: row.link_id,
    userId: row.user_id,
    purpose: row.purpose,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
  };
}
