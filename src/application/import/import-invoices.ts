/** Registers the invoices of an uploaded file. */
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import type { Branch } from '../../domain/branch/decider.js';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import { atOnce } from '../bulk/at-once.js';
import { loadBranch } from '../branch/branch-view.js';
import { Execute } from '../execute.js';
import { importRowCause, invoiceId, invoiceStream, isImportRowCause } from '../ids.js';
import {
  askedFor,
  InvoiceRegistration,
  type InvoiceFacts,
  type InvoiceInput,
} from '../invoice/invoice-registration.js';
import { LongJobWork, type LongJob } from '../long-jobs/long-jobs.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { AppendRejected, ContactDigest, Randomness } from '../ports.js';
import { importProgress, type ImportProgress } from './import-progress.js';
import { ImportSpool, type ImportProblem } from './import-spool.js';
import { InvoiceRows, type ImportFormat, type InvoiceRow } from './invoice-rows.js';

/** Invoices that are recorded in one write. */
const BATCH = 128;
/** Some wait for the event store, the others read meanwhile. */
const IN_FLIGHT = 32;
/** Whoever has more to mend begins with these. */
const MAX_PROBLEMS = 10_000;

type RowProblem = Pick<ImportProblem, 'line' | 'field' | 'code' | 'reason'>;
type Registered = 'registered' | 'unchanged' | readonly RowProblem[];

@Injectable()
export class ImportInvoices extends LongJobWork {
  override readonly kind = 'invoice_import';

  private readonly registration: InvoiceRegistration;

  constructor(
    private readonly spool: ImportSpool,
    private readonly rows: InvoiceRows,
    private readonly executor: Execute,
    contacts: ContactDigest,
    phones: PhoneNumbers,
    private readonly randomness: Randomness,
  ) {
    super();
    this.registration = new InvoiceRegistration(executor, contacts, phones);
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
    const branches = new Map<string, Promise<Branch>>();
    // One after the other where they share a number: which of them gets it does not depend on who is faster.
    const work = new Map<string, InvoiceRow[]>();
    for (const row of batch) {
      const key = 'input' in row ? invoiceId(row.input.branchId, row.input.number) : `line ${row.line}`;
      work.set(key, [...(work.get(key) ?? []), row]);
    }
    await atOnce([...work.values()], IN_FLIGHT, async (rows) => {
      for (const row of rows)
        results.set(row, 'input' in row ? await this.registerOne(job, row, branches) : row.problems);
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
    job: LongJob,
    { line, input }: InvoiceRow & { readonly input: InvoiceInput },
    branches: Map<string, Promise<Branch>>,
  ): Promise<Registered> {
    const { branchId } = input;
    if (job.branchIds && !job.branchIds.includes(branchId)) {
      return [{ line, field: 'branchId', code: 'branch_not_found', reason: undefined }];
    }
    try {
      const branch = branches.get(branchId) ?? loadBranch(this.executor, branchId);
      branches.set(branchId, branch);
      return await this.register(job, line, input, await branch);
    } catch (error) {
      if (error instanceof DomainError) return [{ line, ...refusal(error) }];
      if (error instanceof AppendRejected) {
        return [{ line, field: '', code: 'invoice_too_large', reason: 'is larger than one invoice may be' }];
      }
      throw error;
    }
  }

  /**
   * Most numbers of a file are new. One that is taken was perhaps taken by the same content, in this file or another one, or by this
   * very row.
   */
  private async register(
    { jobId, actor, correlationId }: LongJob,
    line: number,
    input: InvoiceInput,
    branch: Branch,
  ): Promise<'registered' | 'unchanged'> {
    const context = { actor, cause: importRowCause(jobId, line, this.randomness.uuid()), correlationId };
    const facts = await this.registration.factsOf(input, branch);
    const stream = invoiceStream(facts.data.invoiceId);
    let outcome: 'registered' | 'unchanged' = 'registered';
    try {
      const command = { type: 'RegisterInvoice' as const, data: facts.data };
      await this.executor.run({ decider: invoiceDecider, stream, command, context, presumedAbsent: true });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'number_taken') throw error;
      const { events } = await this.executor.load(invoiceDecider, stream);
      const [first] = events;
      if (first?.event.type !== 'InvoiceRegistered' || !isSame(first.event.data, facts.data, input)) throw error;
      // A former run of this import registered it where the cause is this row, and was killed before it could count it.
      if (!isImportRowCause(first.metadata.causationId, jobId, line)) outcome = 'unchanged';
    }
    // Also where the invoice was there: whoever registered it may have been killed before this.
    await this.registration.registerCustomer(facts, context);
    return outcome;
  }
}

function isSame(first: InvoiceFacts['data'], again: InvoiceFacts['data'], { customer }: InvoiceInput): boolean {
  const content = (data: InvoiceFacts['data']): string | undefined =>
    // Of a customer who is named by an id alone, the rest was looked up, and may have changed since.
    canonicalize(customer.name === undefined ? askedFor(data) : { ...askedFor(data), details: data.customer });
  return content(first) === content(again);
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
