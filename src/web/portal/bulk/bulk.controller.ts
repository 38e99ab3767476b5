import { Get, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { PreviewBulkLinks, type BulkPreviewAnswer } from '../../../application/bulk/preview-bulk-links.js';
import { RequestBulkLinks } from '../../../application/bulk/request-bulk-links.js';
import { DomainError } from '../../../domain/errors.js';
import { BranchScope } from '../../api/branch-scope.js';
import { staffOf, type StaffCaller } from '../../auth/caller.js';
import { HttpProblem } from '../../http-problem.js';
import { describeProblem } from '../../problem-details.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms, textOf } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { bulkChoice, choiceHref, type BulkChoice } from './bulk-choice.js';
import { previewView } from './bulk-view.js';

const NOTHING: BulkChoice = { selection: { invoiceIds: [] }, channel: 'email', fields: [] };

/** Many links at once: what would be sent, then the sending. */
@PortalController('bulk')
export class BulkPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async preview(@Req() request: Request, @Res() response: Response): Promise<void> {
    const choice = bulkChoice(request.query);
    if (choice) await this.show(request, response, choice);
    else await this.page(request, response, NOTHING, { status: 422, refusal: 'Tick the invoices in the list first.' });
  }

  @Post()
  @PortalRoute({ right: 'handle_invoices' })
  async send(@Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = staffOf(request);
    const choice = bulkChoice((request.body ?? {}) as Readonly<Record<string, unknown>>);
    if (!choice) throw new HttpProblem('malformed_request', { detail: 'Choose invoices first.' });
    this.assertOwn(caller, choice);
    const { selection, channel } = choice;
    const context = this.forms.context(request);
    const textConsent = textOf(request, 'consent') === undefined ? undefined : ('staff' as const);
    let jobId: string;
    try {
      ({ jobId } = await this.commands.execute(
        new RequestBulkLinks({ selection, channel, branchIds: caller.branchIds, textConsent }, context),
      ));
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('bulk_')) throw error;
      return this.show(request, response, choice);
    }
    throw new PortalRedirect(`/staff/jobs/${jobId}`);
  }

  private async show(request: Request, response: Response, choice: BulkChoice): Promise<void> {
    const caller = staffOf(request);
    this.assertOwn(caller, choice);
    const { selection, channel } = choice;
    try {
      const preview = await this.queries.execute(
        new PreviewBulkLinks({ selection, channel, branchIds: caller.branchIds }),
      );
      await this.page(request, response, choice, { status: 200, preview });
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('bulk_')) throw error;
      const { status, title, detail } = describeProblem(error);
      await this.page(request, response, choice, { status, refusal: detail || title });
    }
  }

  private async page(
    request: Request,
    response: Response,
    choice: BulkChoice,
    { status, preview, refusal }: { status: number; preview?: BulkPreviewAnswer; refusal?: string },
  ): Promise<void> {
    const { channel, fields } = choice;
    await this.pages.render(request, response, {
      title: 'Email or Text many',
      template: 'portal/bulk/views/bulk',
      status,
      view: {
        csrf: staffOf(request).csrf,
        cause: this.forms.newCause(),
        channel,
        fields,
        channels: [
          { word: 'Email', href: choiceHref(choice, 'email'), current: channel === 'email' },
          { word: 'Text message', href: choiceHref(choice, 'sms'), current: channel === 'sms' },
        ],
        refusal,
        preview: preview && previewView(preview, channel),
      },
    });
  }

  private assertOwn(caller: StaffCaller, { selection }: BulkChoice): void {
    if ('filter' in selection && selection.filter.branchId !== undefined) {
      this.scope.assertBranch(caller, selection.filter.branchId);
    }
  }
}
