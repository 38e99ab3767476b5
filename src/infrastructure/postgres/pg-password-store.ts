import { PasswordStore } from '../../application/staff/passwords.js';
import type { Sql } from '../../projections/sql.js';

/** The table `staff_passwords`. */
export class PgPasswordStore extends PasswordStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async hashOf(userId: string): Promise<string | undefined> {
    const [row] = await this.sql.query<{ password_hash: string }>(
      'SELECT password_hash FROM staff_passwords WHERE user_id = $1',
      [userId],
    );
    return row?.password_hash;
  }

  override async save(userId: string, hash: string, at: Date): Promise<void> {
    await this.sql.query(
      `INSERT INTO staff_passwords (user_id, password_hash, changed_at) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
      [userId, hash, at],
    );
  }
}
