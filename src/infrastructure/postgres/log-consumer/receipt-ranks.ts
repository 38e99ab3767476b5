import { receiptNumber } from '../../../domain/receipt-number.js';
import { ISSUE_RECEIPT } from '../../../application/jobs/job-names.js';
import type { Job } from '../../../application/ports.js';
import type { Sql } from '../../../projections/sql.js';

/** A capture that gets the next number of its branch. */
export interface Capture {
  readonly branchId: string;
  readonly invoiceId: string;
  readonly paymentId: string;
  readonly causeEventId: string;
  readonly position: bigint;
}

interface RankedRow {
  readonly payment_id: string;
  readonly invoice_id: string;
  readonly cause_event_id: string;
  readonly rank: string;
}

/**
 * Numbers the captures of each branch in the order of the log, in the transaction that moves the checkpoint: unique, without
 * gaps, and the same however often a capture comes by. While an event could not be read that may be a capture, what came
 * after it in its branch waits: payments go on, their receipts follow.
 */
export class ReceiptRanks {
  /** @param member whose captures are numbered, and whose unreadable events stop the numbering */
  constructor(private readonly member: string) {}

  /** Takes captures in, and answers the jobs that issue the receipts of those that have a number. */
  async number(captures: readonly Capture[], sql: Sql): Promise<readonly Job[]> {
    if (captures.length === 0) return [];
    const column = (value: (capture: Capture) => string): string[] => captures.map(value);
    await sql.query(
      `INSERT INTO receipt_numbers (payment_id, branch_id, invoice_id, cause_event_id, position, member)
       SELECT c.*, $6 FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[]) AS c
       ON CONFLICT (payment_id) DO NOTHING`,
      [
        column(({ paymentId }) => paymentId),
        column(({ branchId }) => branchId),
        column(({ invoiceId }) => invoiceId),
        column(({ causeEventId }) => causeEventId),
        column(({ position }) => String(position)),
        this.member,
      ],
    );
    await this.assign(sql);
    const ranked = await sql.query<RankedRow>(
      `SELECT payment_id, invoice_id, cause_event_id, rank FROM receipt_numbers
        WHERE payment_id = ANY($1::uuid[]) AND rank IS NOT NULL ORDER BY position`,
      [column(({ paymentId }) => paymentId)],
    );
    return ranked.map(issueReceipt);
  }

  /** An event cannot be read. Without a branch it may be of any. */
  async stop(position: bigint, branchId: string | undefined, sql: Sql): Promise<void> {
    await sql.query(
      'INSERT INTO numbering_stops (member, position, branch_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [this.member, String(position), branchId ?? null],
    );
  }

  /** The events at these positions have been read after all: what waited for them is numbered. */
  async resume(positions: readonly bigint[], sql: Sql): Promise<readonly Job[]> {
    await sql.query('DELETE FROM numbering_stops WHERE member = $1 AND position = ANY($2::bigint[])', [
      this.member,
      positions.map(String),
    ]);
    return (await this.assign(sql)).map(issueReceipt);
  }

  /** Gives each capture that waits, and has no unreadable event before it, the next rank of its branch. */
  private async assign(sql: Sql): Promise<readonly RankedRow[]> {
    return sql.query<RankedRow>(
      `WITH waiting AS (
         SELECT payment_id, branch_id,
                row_number() OVER (PARTITION BY branch_id ORDER BY position) AS place
           FROM receipt_numbers w
          WHERE rank IS NULL AND member = $1 AND NOT EXISTS (
                SELECT 1 FROM numbering_stops s
                 WHERE s.member = $1 AND s.position < w.position
                   AND (s.branch_id IS NULL OR s.branch_id = w.branch_id::text))
       ), highest AS (
         SELECT b.branch_id, (SELECT coalesce(max(n.rank), 0) FROM receipt_numbers n WHERE n.branch_id = b.branch_id) AS rank
           FROM (SELECT DISTINCT branch_id FROM waiting) b
       )
       UPDATE receipt_numbers r SET rank = highest.rank + waiting.place
         FROM waiting JOIN highest USING (branch_id)
        WHERE r.payment_id = waiting.payment_id
       RETURNING r.payment_id, r.invoice_id, r.cause_event_id, r.rank`,
      [this.member],
    );
  }
}

function issueReceipt({ payment_id, invoice_id, cause_event_id, rank }: RankedRow): Job {
  return {
    name: ISSUE_RECEIPT,
    id: `${ISSUE_RECEIPT}-${cause_event_id}`,
    payload: {
      invoiceId: invoice_id,
      paymentId: payment_id,
      number: receiptNumber(BigInt(rank)),
      cause: cause_event_id,
    },
    delayMs: 0,
  };
}
