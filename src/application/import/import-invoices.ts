/** Registers the invoices of an uploaded file. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { DomainError } from '../../domain/errors.js';
import { atOnce } from '../bulk/at-once.js';
import { invoiceId } from '../ids.js';
import { RegisterInvoice, RegisterInvoiceHandler, type InvoiceInput } from '../invoice/register-invoice.js';
import { LongJobWork, type LongJob } from '../long-jobs/long-jobs.js';
import { AppendRejected } from '../ports.js';
import { importProgress, type ImportProgress } from './import-progress.js';
import { ImportSpool, type ImportProblem } from './import-spool.js';
import { InvoiceRows, type ImportFormat, type InvoiceRow } from './invoice-rows.js';

/** Invoices that are recorded in one write. */
const BATCH = 128;
const IN_FLIGHT = 16;
/** Whoever has more to mend begins with these. */
const MAX_PROBLEMS = 10_000;

type RowProblem = Pick<ImportProblem, 'line' | 'field' | 'code' | 'reason'>;
type Registered = 'registered' | 'unchanged' | readonly RowProblem[];

@Injectable()
export class ImportInvoices extends LongJobWork {
  override readonly kind = 'invoice_import';

  constructor(
    private readonly spool: ImportSpool,
    private readonly rows: InvoiceRows,
    private readonly register: RegisterInvoiceHandler,
  ) {
    super();
  }

  override async *run(job: LongJob): AsyncGenerator<void, void, void> {
    const format = job.request['format'] as ImportFormat;
    const branchId = job.request['branchId'] as string | undefined;
    let progress = importProgress(job.progress);
    let toSkip = progress.invoices;
    let batch: InvoiceRow[] = [];
    for await (const row of this.rows.read(format, this.spool.chunks(job.jobId), branchId)) {
      // What was done before a restart. The same file gives the same rows, so counting them is enough.
      if (toSkip > 0) {
        toSkip -= 1;
        continue;
      }
      batch.push(row);
      if (batch.length < BATCH) continue;
      progress = await this.take(job, batch, progress);
      batch = [];
      yield;
    }
    if (batch.length > 0) progress = await this.take(job, batch, progress);
    await this.spool.record(job.jobId, { ...progress, linesDone: progress.linesTotal }, []);
  }

  override async end(job: LongJob): Promise<void> {
    await this.spool.discard(job.jobId);
  }

  private async take(job: LongJob, batch: readonly InvoiceRow[], before: ImportProgress): Promise<ImportProgress> {
    const results = new Map<InvoiceRow, Registered>();
    // One after the other where they share a number: which of them gets it does not depend on who is faster.
    const work = new Map<string, InvoiceRow[]>();
    for (const row of batch) {
      const key = 'input' in row ? invoiceId(row.input.branchId, row.input.number) : `line ${row.line}`;
      work.set(key, [...(work.get(key) ?? []), row]);
    }
    await atOnce([...work.values()], IN_FLIGHT, async (rows) => {
      for (const row of rows) results.set(row, 'input' in row ? await this.registerOne(job, row) : row.problems);
    });
    const outcomes = batch.map((row) => results.get(row)!);
    const found = batch.flatMap((row, index) => problemsOf(row, outcomes[index]!));
    const room = MAX_PROBLEMS - before.refused;
    const kept = found.slice(0, Math.max(0, room));
    const progress = {
      ...before,
      linesDone: batch.at(-1)!.lastLine,
      invoices: before.invoices + batch.length,
      registered: before.registered + outcomes.filter((each) => each === 'registered').length,
      unchanged: before.unchanged + outcomes.filter((each) => each === 'unchanged').length,
      refused: before.refused + outcomes.filter((each) => typeof each !== 'string').length,
      problemsLeftOut: before.problemsLeftOut + found.length - kept.length,
    };
    await this.spool.record(job.jobId, progress, kept);
    return progress;
  }

  private async registerOne(
    { branchIds, actor, correlationId }: LongJob,
    { line, input }: InvoiceRow & { readonly input: InvoiceInput },
  ): Promise<Registered> {
    if (branchIds && !branchIds.includes(input.branchId)) {
      return [{ line, field: 'branchId', code: 'branch_not_found', reason: undefined }];
    }
    try {
      const context = { actor, cause: causeOf(input), correlationId };
      const { created } = await this.register.execute(new RegisterInvoice(input, context));
      return created ? 'registered' : 'unchanged';
    } catch (error) {
      if (error instanceof DomainError) return [{ line, ...refusal(error) }];
      if (error instanceof AppendRejected) {
        return [{ line, field: '', code: 'invoice_too_large', reason: 'is larger than one invoice may be' }];
      }
      throw error;
    }
  }
}

/** The content is the cause: the same row is the same request, in this file or in another one, today or in a year. */
function causeOf(input: InvoiceInput): string {
  return createHash('sha256')
    .update(`import ${canonicalize(input)}`)
    .digest('hex');
}

function refusal({ code, details }: DomainError): Omit<RowProblem, 'line'> {
  const field = details['field'] ?? details['part'] ?? (code === 'number_taken' ? 'number' : '');
  const reason = details['reason'];
  return { field: String(field), code, reason: reason === undefined ? undefined : String(reason) };
}

function problemsOf(row: InvoiceRow, outcome: Registered): readonly ImportProblem[] {
  if (typeof outcome === 'string') return [];
  return outcome.map((problem, ordinal) => ({ ...problem, ordinal, number: row.number }));
}
