import type { ImportProgress } from '../../../application/import/import-progress.js';
import { ImportSpool, type FileSummary, type ImportProblem } from '../../../application/import/import-spool.js';
import type { NewLongJob } from '../../../application/long-jobs/long-jobs.js';
import type { Sql } from '../../../projections/sql.js';

/** An upload that sends nothing for so long has broken off. */
const SILENCE = '60 seconds';
/** Files of one actor that arrive or wait to be read: each may be tens of megabytes, which are kept until then. */
const MOST_WAITING = 10;

/** The tables `import_chunks` and `import_problems`, beside the job's row in `long_jobs`. */
export class PgImportSpool extends ImportSpool {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async open(job: NewLongJob): Promise<'opened' | 'known' | 'busy' | 'too_many'> {
    const opened = await this.sql.query(
      `INSERT INTO long_jobs
         (job_id, kind, status, branch_ids, actor, correlation_id, request, created_at, lease_until)
       SELECT $1, $2, 'receiving', $3::uuid[], $4, $5, $6::jsonb, now(), now() + interval '${SILENCE}'
       WHERE $7 > (SELECT count(*) FROM long_jobs WHERE kind = $2 AND actor = $4 AND job_id <> $1
                   AND (status = 'queued' OR (status = 'receiving' AND lease_until >= now())))
       ON CONFLICT (job_id) DO UPDATE SET lease_until = excluded.lease_until, request = excluded.request
       WHERE long_jobs.status = 'receiving' AND long_jobs.lease_until < now()
       RETURNING job_id`,
      [
        job.jobId,
        job.kind,
        job.branchIds ?? null,
        job.actor,
        job.correlationId,
        JSON.stringify(job.request),
        MOST_WAITING,
      ],
    );
    if (opened.length > 0) {
      await this.sql.query('DELETE FROM import_chunks WHERE job_id = $1', [job.jobId]);
      return 'opened';
    }
    const [present] = await this.sql.query<{ status: string }>('SELECT status FROM long_jobs WHERE job_id = $1', [
      job.jobId,
    ]);
    if (!present) return 'too_many';
    return present.status === 'receiving' ? 'busy' : 'known';
  }

  override async append(jobId: string, ordinal: number, bytes: Buffer): Promise<void> {
    await this.sql.query(
      `WITH awake AS (
         UPDATE long_jobs SET lease_until = now() + interval '${SILENCE}' WHERE job_id = $1 AND status = 'receiving'
       )
       INSERT INTO import_chunks (job_id, ordinal, bytes) VALUES ($1, $2, $3)`,
      [jobId, ordinal, bytes],
    );
  }

  override async close(jobId: string, { lines, digest }: FileSummary): Promise<void> {
    await this.sql.query(
      `UPDATE long_jobs SET status = 'queued', lease_until = NULL, progress = jsonb_build_object('linesTotal', $2::int),
         request = request || jsonb_build_object('digest', $3::text)
       WHERE job_id = $1 AND status = 'receiving'`,
      [jobId, lines, digest],
    );
  }

  override async abandon(jobId: string): Promise<void> {
    await this.sql.query("DELETE FROM long_jobs WHERE job_id = $1 AND status = 'receiving'", [jobId]);
  }

  override async abandonForgotten(): Promise<void> {
    await this.sql.query(
      "DELETE FROM long_jobs WHERE status = 'receiving' AND lease_until < now() - interval '1 hour'",
    );
  }

  override async *chunks(jobId: string): AsyncGenerator<Buffer> {
    for (let ordinal = 1; ; ordinal += 1) {
      const [chunk] = await this.sql.query<{ bytes: Buffer }>(
        'SELECT bytes FROM import_chunks WHERE job_id = $1 AND ordinal = $2',
        [jobId, ordinal],
      );
      if (!chunk) return;
      yield chunk.bytes;
    }
  }

  override async record(jobId: string, progress: ImportProgress, problems: readonly ImportProblem[]): Promise<void> {
    await this.sql.query(
      `WITH far AS (UPDATE long_jobs SET progress = $2::jsonb WHERE job_id = $1)
       INSERT INTO import_problems (job_id, line, ordinal, number, field, code, reason)
       SELECT $1, p.* FROM unnest($3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[]) AS p
       ON CONFLICT DO NOTHING`,
      [
        jobId,
        JSON.stringify(progress),
        problems.map(({ line }) => line),
        problems.map(({ ordinal }) => ordinal),
        problems.map(({ number }) => number ?? null),
        problems.map(({ field }) => field),
        problems.map(({ code }) => code),
        problems.map(({ reason }) => reason ?? null),
      ],
    );
  }

  override async discard(jobId: string): Promise<void> {
    await this.sql.query('DELETE FROM import_chunks WHERE job_id = $1', [jobId]);
  }

  override async problems(
    jobId: string,
    after: { readonly line: number; readonly ordinal: number },
    limit: number,
  ): Promise<readonly ImportProblem[]> {
    const rows = await this.sql.query<
      Omit<ImportProblem, 'number' | 'reason'> & { number: string | null; reason: string | null }
    >(
      `SELECT line, ordinal, number, field, code, reason FROM import_problems
       WHERE job_id = $1 AND (line, ordinal) > ($2, $3) ORDER BY line, ordinal LIMIT $4`,
      [jobId, after.line, after.ordinal, limit],
    );
    return rows.map(({ number, reason, ...row }) => ({
      ...row,
      number: number ?? undefined,
      reason: reason ?? undefined,
    }));
  }
}
