import { LongJobs, type LongJob, type LongJobKind } from '../../../application/long-jobs/long-jobs.js';
import type { JsonObject } from '../../../domain/json.js';
import type { Sql } from '../../../projections/sql.js';

/** How long a worker that was killed seems to be at work. Every lease is judged by the database's clock, the only one they share. */
const LEASE = '15 seconds';

interface Row {
  readonly job_id: string;
  readonly kind: LongJobKind;
  readonly status: LongJob['status'];
  readonly branch_ids: readonly string[] | null;
  readonly actor: string;
  readonly correlation_id: string;
  readonly request: JsonObject;
  readonly progress: JsonObject;
  readonly cancel_asked: boolean;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

const COLUMNS =
  'j.job_id, j.kind, j.status, j.branch_ids, j.actor, j.correlation_id, j.request, j.progress, j.cancel_asked, ' +
  'j.created_at, j.started_at, j.finished_at';

/** The table `long_jobs`. */
export class PgLongJobs extends LongJobs {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async find(jobId: string): Promise<LongJob | undefined> {
    const [row] = await this.sql.query<Row>(
      `SELECT ${COLUMNS} FROM long_jobs j WHERE j.job_id = $1 AND j.status <> 'receiving'`,
      [jobId],
    );
    return row && toJob(row);
  }

  override async latest(branchIds: readonly string[] | undefined, limit: number): Promise<readonly LongJob[]> {
    const rows = await this.sql.query<Row>(
      `SELECT ${COLUMNS} FROM long_jobs j
       WHERE j.status <> 'receiving' AND ($1::uuid[] IS NULL OR j.branch_ids <@ $1::uuid[])
       ORDER BY j.created_at DESC, j.job_id LIMIT $2`,
      [branchIds ?? null, limit],
    );
    return rows.map(toJob);
  }

  override async take(kind: LongJobKind, owner: string): Promise<LongJob | undefined> {
    const [row] = await this.sql.query<Row>(
      `UPDATE long_jobs j SET status = 'running', started_at = coalesce(j.started_at, now()),
         lease_owner = $2, lease_until = now() + interval '${LEASE}'
       WHERE j.job_id = (
         SELECT w.job_id FROM long_jobs w
         WHERE w.kind = $1 AND w.status IN ('queued', 'running') AND (w.lease_until IS NULL OR w.lease_until < now())
         ORDER BY w.created_at LIMIT 1 FOR UPDATE SKIP LOCKED
       )
       RETURNING ${COLUMNS}`,
      [kind, owner],
    );
    return row && toJob(row);
  }

  override async keep(jobId: string, owner: string): Promise<'kept' | 'lost' | 'cancel_asked'> {
    const [row] = await this.sql.query<{ cancel_asked: boolean }>(
      `UPDATE long_jobs SET lease_until = now() + interval '${LEASE}'
       WHERE job_id = $1 AND lease_owner = $2 AND status = 'running' RETURNING cancel_asked`,
      [jobId, owner],
    );
    if (!row) return 'lost';
    return row.cancel_asked ? 'cancel_asked' : 'kept';
  }

  override async release(jobId: string, owner: string, pauseMs: number): Promise<void> {
    await this.sql.query(
      `UPDATE long_jobs SET lease_owner = NULL, lease_until = now() + $3 * interval '1 millisecond'
       WHERE job_id = $1 AND lease_owner = $2`,
      [jobId, owner, pauseMs],
    );
  }

  override async finish(jobId: string, owner: string, status: 'done' | 'cancelled'): Promise<void> {
    await this.sql.query(
      `UPDATE long_jobs SET status = $3, finished_at = now(), lease_owner = NULL, lease_until = NULL
       WHERE job_id = $1 AND lease_owner = $2`,
      [jobId, owner, status],
    );
  }

  override async askCancel(jobId: string): Promise<void> {
    await this.sql.query(
      "UPDATE long_jobs SET cancel_asked = true WHERE job_id = $1 AND status IN ('queued', 'running')",
      [jobId],
    );
  }
}

function toJob(row: Row): LongJob {
  return {
    jobId: row.job_id,
    kind: row.kind,
    status: row.status,
    branchIds: row.branch_ids ?? undefined,
    actor: row.actor,
    correlationId: row.correlation_id,
    request: row.request,
    progress: row.progress,
    cancelAsked: row.cancel_asked,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}
