import { Injectable } from '@nestjs/common';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { InvoiceCommand } from '../../domain/invoice/commands.js';
import type { Link } from '../../domain/invoice/state.js';
import type { JsonObject } from '../../domain/json.js';
import { wordingFor } from '../branch/wording.js';
import { systemContext } from '../command-context.js';
import { MessageTemplates, type RenderedMessage } from '../documents.js';
import { Execute } from '../execute.js';
import { feeNotice } from '../fee-notice.js';
import { invoiceStream } from '../ids.js';
import { invoiceDocument, loadInvoice, type LoadedInvoice } from '../invoice/invoice-view.js';
import { LinkUrls } from '../link-urls.js';
import { Clock } from '../ports.js';
import { field, JobHandler } from './job-handler.js';
import { SEND_LINK } from './job-names.js';
import { MessageDelivery, type Delivered } from './message-delivery.js';

/** Sends the message of a link and records that it was taken, or why not. */
@Injectable()
export class SendLinkJob extends JobHandler {
  override readonly name = SEND_LINK;

  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly urls: LinkUrls,
    private readonly messages: MessageDelivery,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const invoiceId = field(payload, 'invoiceId');
    const loaded = await loadInvoice(this.executor, invoiceId);
    const link = loaded.invoice.links.get(field(payload, 'linkId'));
    if (!link || link.sent || link.failed || link.revoked) return;
    const messageId = `link.${link.linkId}@${this.urls.host}`;
    const delivered: Delivered =
      loaded.invoice.status === 'void'
        ? { outcome: 'refused', code: 'invoice_void', reason: 'The invoice was voided before the message was sent' }
        : await this.deliver(loaded, link, messageId);
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: report(link.linkId, messageId, delivered),
      context: systemContext('link-delivery', field(payload, 'cause'), link.linkId),
    });
  }

  private deliver(loaded: LoadedInvoice, link: Link, messageId: string): Promise<Delivered> {
    const rendered = this.render(loaded, link);
    const to = link.recipient!;
    return link.channel === 'sms'
      ? this.messages.text({ to, body: rendered.sms.body, reference: link.linkId, sentSince: issuedAt(loaded, link) })
      : this.messages.email({ messageId, to, branch: loaded.branch.details }, rendered.email);
  }

  private render({ invoice, branch }: LoadedInvoice, link: Link): RenderedMessage {
    const document = invoiceDocument(invoice, branch);
    const earlier = [...invoice.links.values()].some(
      (other) => other.channel === 'sms' && other.sent && other.recipient === link.recipient,
    );
    return this.templates.invoiceLink({
      invoice: document,
      message: wordingFor(branch, document.locale, this.templates),
      url: this.urls.pay(link.linkId),
      feeNotice: feeNotice(invoice, branch, document.locale, this.clock.now()),
      firstTextToNumber: !earlier,
    });
  }
}

function issuedAt({ events }: LoadedInvoice, { linkId }: Link): Date {
  const issued = events.find(({ event }) => event.type === 'LinkIssued' && event.data.linkId === linkId);
  return new Date(issued!.metadata.occurredAt);
}

function report(linkId: string, messageId: string, delivered: Delivered): InvoiceCommand {
  if (delivered.outcome === 'sent') {
    return { type: 'RecordLinkSent', linkId, messageId, providerId: delivered.providerId };
  }
  return { type: 'RecordLinkSendFailed', linkId, code: delivered.code, reason: delivered.reason };
}
