import { Get, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { BulkLimits } from '../../../application/bulk/bulk-limits.js';
import { AcceptImport } from '../../../application/import/accept-import.js';
import { BranchList } from '../../../projections/branches.js';
import { BranchScope } from '../../api/branch-scope.js';
import { given } from '../../api/given.js';
import { uploadOf } from '../../api/import/upload.js';
import { id } from '../../api/schemas/values.js';
import { assertCsrf } from '../../auth/portal-guard.js';
import { staffOf } from '../../auth/caller.js';
import { HttpProblem } from '../../http-problem.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { COLUMN_HELP, TEMPLATE } from './import-help.js';
import { readForm } from './multipart-form.js';

const MAX_BRANCHES = 200;

/** Invoices from a file. */
@PortalController('import')
export class ImportPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly branches: BranchList,
    private readonly scope: BranchScope,
    private readonly limits: BulkLimits,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async show(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.page(request, response, { branchId: undefined, mistake: undefined });
  }

  @Get('template.csv')
  @PortalRoute({ right: 'handle_invoices' })
  template(@Res() response: Response): void {
    response.type('text/csv').set('Content-Disposition', 'attachment; filename="invoices.csv"').send(TEMPLATE);
  }

  @Post()
  @PortalRoute({ right: 'handle_invoices', multipart: true })
  async upload(@Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = staffOf(request);
    const { fields, file, fileName } = await readForm(request);
    assertCsrf(caller, fields.get('_csrf'));
    const branchId = fields.get('branchId') || undefined;
    let jobId: string;
    try {
      if (fileName === '') throw new HttpProblem('malformed_request', { detail: 'Choose a file first.' });
      if (branchId !== undefined && !id.safeParse(branchId).success) {
        throw new HttpProblem('malformed_request', { detail: 'Choose the branch from the list.' });
      }
      if (branchId !== undefined) this.scope.assertBranch(caller, branchId);
      const format = /\.(ndjson|jsonl)$/i.test(fileName) ? 'ndjson' : 'csv';
      const upload = uploadOf(file, format, this.limits.importBytes);
      request.body = { cause: fields.get('cause') };
      const context = this.forms.context(request);
      ({ jobId } = await this.commands.execute(
        new AcceptImport({ format, upload, branchId, branchIds: caller.branchIds }, context),
      ));
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      // What is left of the file is read and thrown away, so that the browser hears what was wrong.
      file.resume();
      return this.page(request, response, { branchId, mistake: error });
    }
    throw new PortalRedirect(`/staff/jobs/${jobId}`);
  }

  private async page(
    request: Request,
    response: Response,
    { branchId, mistake }: { readonly branchId: string | undefined; readonly mistake: HttpProblem | undefined },
  ): Promise<void> {
    const { csrf, branchIds } = staffOf(request);
    const { items } = await this.branches.find({ limit: MAX_BRANCHES, ...given({ branchIds }) });
    const errors = mistake?.options.errors ?? [];
    await this.pages.render(request, response, {
      title: 'Import invoices',
      template: 'portal/import/views/import',
      status: mistake?.status ?? 200,
      view: {
        csrf,
        cause: this.forms.newCause(),
        branches: items.map((branch) => ({
          branchId: branch.branchId,
          name: branch.name,
          selected: branch.branchId === branchId || items.length === 1,
        })),
        manyBranches: items.length > 1,
        mistake: mistake && (errors.length === 0 ? (mistake.options.detail ?? mistake.title) : undefined),
        mistakes: errors,
        megabytes: Math.floor(this.limits.importBytes / 1_000_000),
        columns: COLUMN_HELP,
      },
    });
  }
}
