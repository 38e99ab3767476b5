import type { PersonalDataCipher } from '../../application/ports.js';
import { SecondFactors, type SecondFactor } from '../../application/staff/second-factors.js';
import type { Sql } from '../../projections/sql.js';

interface FactorRow {
  readonly secret: string;
  readonly confirmed_at: string | null;
  readonly begun_at: string;
}

/** The tables `staff_second_factors` and `staff_recovery_codes`. The secret is ciphertext under the key of its user. */
export class PgSecondFactors extends SecondFactors {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: PersonalDataCipher,
  ) {
    super();
  }

  override async find(userId: string): Promise<SecondFactor | undefined> {
    const [row] = await this.sql.query<FactorRow>(
      'SELECT secret, confirmed_at, begun_at FROM staff_second_factors WHERE user_id = $1',
      [userId],
    );
    if (!row) return undefined;
    const [secret] = await this.cipher.decrypt([{ customerId: userId, ciphertext: row.secret }]);
    if (typeof secret !== 'string') return undefined;
    return { secret, isConfirmed: row.confirmed_at !== null, begunAt: new Date(row.begun_at) };
  }

  override async begin(userId: string, secret: string, at: Date, since: Date): Promise<void> {
    const [ciphertext] = await this.cipher.encrypt([{ customerId: userId, value: secret }]);
    await this.sql.query(
      `INSERT INTO staff_second_factors AS f (user_id, secret, begun_at) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at
        WHERE f.confirmed_at IS NULL AND f.begun_at <= $4`,
      [userId, ciphertext, at, since],
    );
  }

  override async confirm(userId: string, recoveryHashes: readonly string[], at: Date): Promise<void> {
    await this.sql.query(
      `WITH confirmed AS (UPDATE staff_second_factors SET confirmed_at = $2 WHERE user_id = $1),
         former AS (DELETE FROM staff_recovery_codes WHERE user_id = $1)
       INSERT INTO staff_recovery_codes (user_id, code_hash) SELECT $1::uuid, code_hash FROM unnest($3::text[]) AS c (code_hash)`,
      [userId, at, recoveryHashes],
    );
  }

  override async takeStep(userId: string, step: bigint): Promise<boolean> {
    const taken = await this.sql.query(
      'UPDATE staff_second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING user_id',
      [userId, String(step)],
    );
    return taken.length === 1;
  }

  override async useRecoveryCode(userId: string, hash: string, at: Date): Promise<boolean> {
    const used = await this.sql.query(
      `UPDATE staff_recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL
       RETURNING user_id`,
      [userId, hash, at],
    );
    return used.length === 1;
  }

  override async remove(userId: string): Promise<void> {
    await this.sql.query(
      `WITH codes AS (DELETE FROM staff_recovery_codes WHERE user_id = $1)
       DELETE FROM staff_second_factors WHERE user_id = $1`,
      [userId],
    );
  }
}
