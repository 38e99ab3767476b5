import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import type { CommandContext } from '../command-context.js';
import { longJobId } from '../ids.js';
import { LongJobs } from '../long-jobs/long-jobs.js';
import { assertSameRequest } from '../same-request.js';
import { ImportSpool, type FileSummary } from './import-spool.js';
import type { ImportFormat } from './invoice-rows.js';

/** An upload as it arrives. */
export interface Upload {
  /** Pieces of some hundred kilobytes. Throws where the file is too large or no text, and nothing is kept of it then. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Once all of it is here. */
  summary(): FileSummary;
}

/** Takes a file on. Once this is answered its invoices are registered, whatever is killed. */
export class AcceptImport extends Command<{ readonly jobId: string }> {
  constructor(
    readonly input: {
      readonly format: ImportFormat;
      readonly upload: Upload;
      /** Of rows that name none. */
      readonly branchId: string | undefined;
      /** Those that the caller may use; undefined: all. Rows of others are refused. */
      readonly branchIds: readonly string[] | undefined;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AcceptImport)
export class AcceptImportHandler implements ICommandHandler<AcceptImport> {
  constructor(
    private readonly jobs: LongJobs,
    private readonly spool: ImportSpool,
  ) {}

  async execute({ input, context }: AcceptImport): Promise<{ jobId: string }> {
    const { format, upload, branchId, branchIds } = input;
    await this.spool.abandonForgotten();
    const jobId = longJobId('invoice_import', context.cause);
    const request = { format, ...(branchId === undefined ? {} : { branchId }) };
    const opened = await this.spool.open({
      jobId,
      kind: 'invoice_import',
      branchIds: branchId === undefined ? branchIds : [branchId],
      actor: context.actor,
      correlationId: context.correlationId,
      request,
    });
    if (opened === 'opened') {
      await this.receive(jobId, upload);
      return { jobId };
    }
    // Read to its end, so that the answer does not cross it on the way.
    const rest = upload.chunks[Symbol.asyncIterator]();
    while (!(await rest.next()).done);
    if (opened === 'busy') throw new DomainError('concurrent_change', { jobId });
    if (opened === 'too_many') throw new DomainError('too_many_imports');
    const job = await this.jobs.find(jobId);
    assertSameRequest(context, { ...job?.request }, { ...request, digest: upload.summary().digest });
    return { jobId };
  }

  private async receive(jobId: string, upload: Upload): Promise<void> {
    try {
      let ordinal = 0;
      for await (const bytes of upload.chunks) await this.spool.append(jobId, (ordinal += 1), bytes);
      await this.spool.close(jobId, upload.summary());
    } catch (error) {
      await this.spool.abandon(jobId);
      throw error;
    }
  }
}
