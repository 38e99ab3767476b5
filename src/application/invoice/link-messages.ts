import { Injectable } from '@nestjs/common';
import type { Link } from '../../domain/invoice/state.js';
import { localDate } from '../../domain/zoned-time.js';
import { takesCards, wordingFor } from '../branch/wording.js';
import { MessageTemplates, type RenderedMessage } from '../documents.js';
import { feeNotice } from '../fee-notice.js';
import { LinkUrls } from '../link-urls.js';
import { Clock } from '../ports.js';
import { invoiceDocument, type LoadedInvoice } from './invoice-view.js';

/** Makes the message of a link: the one place, so that a preview shows what will be sent. */
@Injectable()
export class LinkMessages {
  constructor(
    private readonly templates: MessageTemplates,
    private readonly urls: LinkUrls,
    private readonly clock: Clock,
  ) {}

  render(loaded: LoadedInvoice, link: Pick<Link, 'linkId' | 'recipient' | 'purpose'>): RenderedMessage {
    const { invoice, branch } = loaded;
    const document = invoiceDocument(loaded);
    const earlier = [...invoice.links.values()].some(
      (other) => other.channel === 'sms' && other.sent && other.recipient === link.recipient,
    );
    const kind = link.purpose === 'reminder' ? 'reminder' : 'invoice-link';
    const now = this.clock.now();
    const content = {
      invoice: document,
      message: wordingFor(branch, kind, document.locale, this.templates),
      url: this.urls.pay(link.linkId),
      feeNotice: feeNotice(invoice, branch, document.locale, now),
      firstTextToNumber: !earlier,
      takesCards: takesCards(branch),
    };
    return kind === 'reminder'
      ? this.templates.reminder({ ...content, today: localDate(now, branch.details.timeZone) })
      : this.templates.invoiceLink(content);
  }
}
