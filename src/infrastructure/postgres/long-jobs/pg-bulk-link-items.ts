import {
  BulkLinkItems,
  type ItemCount,
  type ItemOutcome,
  type ItemRow,
  type MessageMember,
  type PlannedItem,
} from '../../../application/bulk/bulk-link-items.js';
import type { NewLongJob } from '../../../application/long-jobs/long-jobs.js';
import type { Sql } from '../../../projections/sql.js';

interface StoredItem {
  readonly ordinal: number;
  readonly invoice_id: string;
  readonly branch_id: string;
  readonly number: string;
  readonly link_id: string;
  readonly message_key: string;
  readonly recipient_digest: string | null;
}

/** The table `bulk_link_items`. */
export class PgBulkLinkItems extends BulkLinkItems {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async create(job: NewLongJob, items: readonly PlannedItem[]): Promise<void> {
    await this.sql.query(
      `WITH job AS (
         INSERT INTO long_jobs (job_id, kind, status, branch_ids, actor, correlation_id, request, created_at)
         VALUES ($1, $2, 'queued', $3::uuid[], $4, $5, $6::jsonb, now())
         ON CONFLICT (job_id) DO NOTHING RETURNING job_id
       )
       INSERT INTO bulk_link_items
         (job_id, ordinal, invoice_id, branch_id, number, link_id, message_key, recipient_digest)
       SELECT job.job_id, i.* FROM job,
         unnest($7::int[], $8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[]) AS i`,
      [
        ...[job.jobId, job.kind, job.branchIds, job.actor, job.correlationId, JSON.stringify(job.request)],
        items.map(({ ordinal }) => ordinal),
        items.map(({ invoiceId }) => invoiceId),
        items.map(({ branchId }) => branchId),
        items.map(({ number }) => number),
        items.map(({ linkId }) => linkId),
        items.map(({ messageKey }) => messageKey),
        items.map(({ recipientDigest }) => recipientDigest ?? null),
      ],
    );
  }

  override async waiting(jobId: string, after: number, limit: number): Promise<readonly PlannedItem[]> {
    const rows = await this.sql.query<StoredItem>(
      `SELECT ordinal, invoice_id, branch_id, number, link_id, message_key, recipient_digest FROM bulk_link_items
       WHERE job_id = $1 AND ordinal > $2 AND outcome IS NULL ORDER BY ordinal LIMIT $3`,
      [jobId, after, limit],
    );
    return rows.map((row) => ({
      ordinal: row.ordinal,
      invoiceId: row.invoice_id,
      branchId: row.branch_id,
      number: row.number,
      linkId: row.link_id,
      messageKey: row.message_key,
      recipientDigest: row.recipient_digest ?? undefined,
    }));
  }

  override async record(jobId: string, outcomes: ReadonlyMap<number, ItemOutcome>): Promise<void> {
    const all = [...outcomes];
    await this.sql.query(
      `UPDATE bulk_link_items i SET outcome = o.outcome, reason = o.reason, done_at = now()
       FROM unnest($2::int[], $3::text[], $4::text[]) AS o (ordinal, outcome, reason)
       WHERE i.job_id = $1 AND i.ordinal = o.ordinal AND i.outcome IS NULL`,
      [
        jobId,
        all.map(([ordinal]) => ordinal),
        all.map(([, { outcome }]) => outcome),
        all.map(([, each]) => reasonOf(each)),
      ],
    );
  }

  override async recordRest(jobId: string, outcome: ItemOutcome): Promise<void> {
    await this.sql.query(
      'UPDATE bulk_link_items SET outcome = $2, reason = $3, done_at = now() WHERE job_id = $1 AND outcome IS NULL',
      [jobId, outcome.outcome, reasonOf(outcome)],
    );
  }

  override async queuedMessages(jobId: string, messageKeys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.sql.query<{ message_key: string }>(
      `SELECT DISTINCT message_key FROM bulk_link_items
       WHERE job_id = $1 AND message_key = ANY($2::text[]) AND outcome = 'queued'`,
      [jobId, messageKeys],
    );
    return new Set(rows.map((row) => row.message_key));
  }

  override ofMessage(messageKey: string): Promise<readonly MessageMember[]> {
    return this.sql.query<MessageMember>(
      `SELECT invoice_id AS "invoiceId", link_id AS "linkId", outcome FROM bulk_link_items
       WHERE message_key = $1 ORDER BY ordinal`,
      [messageKey],
    );
  }

  override async queuedSince(branchId: string, since: Date): Promise<number> {
    const [row] = await this.sql.query<{ count: string }>(
      "SELECT count(*) FROM bulk_link_items WHERE branch_id = $1 AND done_at >= $2 AND outcome = 'queued'",
      [branchId, since],
    );
    return Number(row!.count);
  }

  override async reserve(
    jobId: string,
    branchId: string,
    ordinals: readonly number[],
    { since, most }: { readonly since: Date; readonly most: number },
  ): Promise<number> {
    const [row] = await this.sql.query<{ granted: number }>(
      'SELECT reserve_bulk_links($1, $2, $3::int[], $4, $5) AS granted',
      [jobId, branchId, ordinals, since, most],
    );
    return row!.granted;
  }

  override async counts(jobId: string): Promise<readonly ItemCount[]> {
    const rows = await this.sql.query<Omit<ItemCount, 'count'> & { count: string }>(
      'SELECT outcome, reason, count(*) FROM bulk_link_items WHERE job_id = $1 GROUP BY outcome, reason',
      [jobId],
    );
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  override async messageCounts(jobId: string): Promise<Readonly<Record<string, number>>> {
    const rows = await this.sql.query<{ status: string; count: string }>(
      // The read model may not show a link yet that was issued a moment ago: it is queued.
      `SELECT coalesce(l.status, 'queued') AS status, count(*) FROM bulk_link_items i
       LEFT JOIN links l ON l.link_id = i.link_id
       WHERE i.job_id = $1 AND i.outcome = 'queued' GROUP BY 1`,
      [jobId],
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
  }

  override rows(
    jobId: string,
    page: { readonly after: number; readonly limit: number; readonly outcome?: string | undefined },
  ): Promise<readonly ItemRow[]> {
    return this.sql.query<ItemRow>(
      `SELECT ordinal, invoice_id AS "invoiceId", number, link_id AS "linkId", outcome, reason FROM bulk_link_items
       WHERE job_id = $1 AND ordinal > $2 AND ($4::text IS NULL OR outcome = $4) ORDER BY ordinal LIMIT $3`,
      [jobId, page.after, page.limit, page.outcome ?? null],
    );
  }
}

function reasonOf(outcome: ItemOutcome): string | null {
  return 'reason' in outcome ? outcome.reason : null;
}
