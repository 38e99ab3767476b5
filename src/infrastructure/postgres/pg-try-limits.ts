import { TRY_WINDOW_MS, TryLimits, type TryLimit } from '../../application/staff/try-limits.js';
import type { Sql } from '../../projections/sql.js';

const COUNTS_BETWEEN_CLEANUPS = 100;

/** The table `staff_tries`: a window begins with the first try and is not drawn out by later ones. */
export class PgTryLimits extends TryLimits {
  private counts = 0;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async count(limits: readonly TryLimit[], now: Date): Promise<number> {
    if (this.counts % COUNTS_BETWEEN_CLEANUPS === 0) {
      await this.sql.query('DELETE FROM staff_tries WHERE ends_at <= $1', [now]);
    }
    this.counts += 1;
    // In one order always, so that two tries at once never wait for each other in a circle.
    const ordered = [...limits].sort((one, other) => (one.subject < other.subject ? -1 : 1));
    const counted = await this.sql.query<{ subject: string; tries: number; ends_at: string }>(
      `INSERT INTO staff_tries AS t (subject, tries, ends_at) SELECT subject, 1, $2 FROM unnest($1::text[]) AS s (subject)
       ON CONFLICT (subject) DO UPDATE SET
         tries = CASE WHEN t.ends_at <= $3 THEN 1 ELSE t.tries + 1 END,
         ends_at = CASE WHEN t.ends_at <= $3 THEN excluded.ends_at ELSE t.ends_at END
       RETURNING subject, tries, ends_at`,
      [ordered.map(({ subject }) => subject), new Date(now.getTime() + TRY_WINDOW_MS), now],
    );
    const waits = counted
      .filter(({ subject, tries }) => limits.some((limit) => limit.subject === subject && tries > limit.tries))
      .map(({ ends_at: endsAt }) => Math.ceil((Date.parse(endsAt) - now.getTime()) / 1000));
    return Math.max(0, ...waits);
  }

  override async forget(subject: string): Promise<void> {
    await this.sql.query('DELETE FROM staff_tries WHERE subject = $1', [subject]);
  }
}
