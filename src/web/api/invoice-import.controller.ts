import { Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import type { z } from 'zod';
import { BulkLimits } from '../../application/bulk/bulk-limits.js';
import type { CommandContext } from '../../application/command-context.js';
import { AcceptImport } from '../../application/import/accept-import.js';
import type { ImportFormat } from '../../application/import/invoice-rows.js';
import { CurrentCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { HttpProblem } from '../http-problem.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { tooLarge, uploadOf } from './import/upload.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { acceptedJob, importQuery } from './schemas/jobs.js';

const FORMATS: Readonly<Record<string, ImportFormat>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
};

@ApiController('invoices/import')
export class InvoiceImportController {
  constructor(
    private readonly commands: CommandBus,
    private readonly scope: BranchScope,
    private readonly limits: BulkLimits,
  ) {}

  @Post()
  @Route({
    summary: 'Register the invoices of a file',
    description:
      'CSV with a line of column names, or the body of POST /invoices on each line (NDJSON). Taken on as a job once the whole ' +
      'file is here; follow it at /jobs/{jobId}. A bad row is reported by line and does not stop the others.',
    right: 'handle_invoices',
    status: 202,
    takes: ['text/csv', 'application/x-ndjson'],
    answer: acceptedJob,
    carries: ['Location'],
    refusals: [404, 409, 415],
  })
  async accept(
    @Query({ schema: importQuery }) { branchId }: z.infer<typeof importQuery>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<{ jobId: string }>> {
    const format = formatOf(request);
    if (branchId !== undefined) this.scope.assertBranch(caller, branchId);
    if (Number(request.headers['content-length'] ?? 0) > this.limits.importBytes)
      throw tooLarge(this.limits.importBytes);
    const { jobId } = await this.commands.execute(
      new AcceptImport(
        {
          format,
          upload: uploadOf(request, format, this.limits.importBytes),
          branchId,
          branchIds: caller.branchIds,
        },
        context,
      ),
    );
    return new Answer({ jobId }, { location: `/api/v1/jobs/${jobId}` });
  }
}

function formatOf(request: Request): ImportFormat {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').split(';').map((part) => part.trim());
  const format = FORMATS[type.toLowerCase()];
  if (!format) throw unsupported('The import takes text/csv and application/x-ndjson.');
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset !== undefined && !/^charset="?(utf-8|us-ascii)"?$/i.test(charset))
    throw unsupported('The file must be UTF-8.');
  if (request.headers['content-encoding'] !== undefined) throw unsupported('The file must not be compressed.');
  return format;
}

function unsupported(detail: string): HttpProblem {
  return new HttpProblem('unsupported_media_type', { detail });
}
