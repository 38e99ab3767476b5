import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { RenderedMessage } from '../documents.js';
import { Execute } from '../execute.js';
import { Clock } from '../ports.js';
import { invoiceView, loadInvoice, type InvoiceView } from './invoice-view.js';
import { LinkMessages } from './link-messages.js';

/** Stands where the link's id will be, and is as long: the address in the preview is as long as the real one, and opens nothing. */
const PREVIEW_LINK_ID = 'preview-preview-';

/** The message of a link as it would arrive if it were sent now, and the invoice that it is about. */
export class PreviewLink extends Query<{
  readonly invoice: InvoiceView;
  readonly branch: { readonly name: string; readonly timeZone: string; readonly replyTo: string | undefined };
  readonly message: RenderedMessage;
}> {
  constructor(
    readonly input: {
      readonly invoiceId: string;
      /** Normalised; the first text to a number says how to opt out. Absent: nobody yet. */
      readonly recipient?: string | undefined;
    },
  ) {
    super();
  }
}

@QueryHandler(PreviewLink)
export class PreviewLinkHandler implements IQueryHandler<PreviewLink> {
  constructor(
    private readonly executor: Execute,
    private readonly messages: LinkMessages,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `invoice_not_found` */
  async execute({ input }: PreviewLink) {
    const loaded = await loadInvoice(this.executor, input.invoiceId);
    const link = { linkId: PREVIEW_LINK_ID, recipient: input.recipient, purpose: undefined };
    const { name, timeZone, replyTo } = loaded.branch.details;
    return {
      invoice: invoiceView(loaded, this.clock.now()),
      branch: { name, timeZone, replyTo },
      message: this.messages.render(loaded, link),
    };
  }
}
