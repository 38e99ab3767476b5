import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { addDays, localDate } from '../../domain/zoned-time.js';
import type { Branch } from '../../domain/branch/decider.js';
import { MessageTemplates, type InvoiceDocument, type RenderedMessage } from '../documents.js';
import { DomainError } from '../../domain/errors.js';
import { Execute } from '../execute.js';
import { feeNotice } from '../fee-notice.js';
import { invoiceDocument, loadInvoice } from '../invoice/invoice-view.js';
import { LinkUrls } from '../link-urls.js';
import { Clock } from '../ports.js';
import { loadBranch } from './branch-view.js';
import { wordingFor } from './wording.js';

/** Stands where the real link would be: it opens nothing. */
const PREVIEW_LINK_ID = 'preview-preview-';

/** The message as it would arrive, on a real invoice or an example, with words that are perhaps not saved yet. */
export class PreviewInvoiceLinkMessage extends Query<RenderedMessage> {
  constructor(
    readonly input: {
      readonly branchId: string;
      readonly invoiceId?: string | undefined;
      readonly email?: { readonly subject: string; readonly body: string } | undefined;
      readonly sms?: { readonly body: string } | undefined;
    },
  ) {
    super();
  }
}

@QueryHandler(PreviewInvoiceLinkMessage)
export class PreviewInvoiceLinkMessageHandler implements IQueryHandler<PreviewInvoiceLinkMessage> {
  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly urls: LinkUrls,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: PreviewInvoiceLinkMessage): Promise<RenderedMessage> {
    const branch = await loadBranch(this.executor, input.branchId);
    const { invoice, notice } = await this.invoiceFor(input.invoiceId, branch);
    const saved = wordingFor(branch, invoice.locale, this.templates);
    const message = { email: input.email ?? saved.email, sms: input.sms ?? saved.sms };
    this.templates.check(message);
    const url = `${this.urls.payPage(PREVIEW_LINK_ID)}`;
    return this.templates.invoiceLink({ invoice, message, url, feeNotice: notice, firstTextToNumber: true });
  }

  private async invoiceFor(
    invoiceId: string | undefined,
    branch: Branch,
  ): Promise<{ invoice: InvoiceDocument; notice: string | undefined }> {
    const now = this.clock.now();
    if (invoiceId === undefined) return { invoice: exampleInvoice(branch, now), notice: undefined };
    const loaded = await loadInvoice(this.executor, invoiceId);
    if (loaded.branch.branchId !== branch.branchId) throw new DomainError('invoice_not_found', { invoiceId });
    const invoice = invoiceDocument(loaded.invoice, branch);
    return { invoice, notice: feeNotice(loaded.invoice, branch, invoice.locale, now) };
  }
}

function exampleInvoice(branch: Branch, now: Date): InvoiceDocument {
  const { details } = branch;
  const issuedOn = localDate(now, details.timeZone);
  return {
    branch: details,
    invoiceId: '00000000-0000-4000-8000-000000000000',
    number: 'INV-1001',
    issuedOn,
    dueOn: addDays(issuedOn, 30),
    currency: details.currency,
    locale: details.locale,
    customer: { name: 'Ada Byron' },
    lines: [{ description: 'Example', quantity: '1', unitPriceMinor: 40594, amountMinor: 40594 }],
    taxMinor: 0,
    totalMinor: 40594,
    paidMinor: 0,
    balanceMinor: 40594,
    status: 'open',
  };
}
