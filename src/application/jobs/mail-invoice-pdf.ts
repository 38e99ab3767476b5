import { Injectable } from '@nestjs/common';
import type { InvoiceCommand } from '../../domain/invoice/commands.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { JsonObject } from '../../domain/json.js';
import { systemContext } from '../command-context.js';
import { Documents, MessageTemplates } from '../documents.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { pdfFilename } from '../invoice/get-invoice-pdf.js';
import { invoiceDocument, loadInvoice } from '../invoice/invoice-view.js';
import { LinkUrls } from '../link-urls.js';
import { field, JobHandler } from './job-handler.js';
import { MAIL_INVOICE_PDF } from './job-names.js';
import { MessageDelivery, type Delivered } from './message-delivery.js';

/** Mails the invoice as a PDF, without a link. */
@Injectable()
export class MailInvoicePdfJob extends JobHandler {
  override readonly name = MAIL_INVOICE_PDF;

  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly documents: Documents,
    private readonly urls: LinkUrls,
    private readonly messages: MessageDelivery,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const invoiceId = field(payload, 'invoiceId');
    const requestId = field(payload, 'requestId');
    const loaded = await loadInvoice(this.executor, invoiceId);
    const { invoice, branch } = loaded;
    const request = invoice.pdfRequests.get(requestId);
    if (request?.send !== 'owed') return;
    const document = invoiceDocument(loaded);
    const content = await this.documents.invoicePdf(document);
    const messageId = `pdf.${requestId}@${this.urls.host}`;
    const filename = pdfFilename('invoice', invoice.registered.number);
    const delivered = await this.messages.email(
      { messageId, to: request.recipient, branch: branch.details },
      this.templates.invoicePdf({ invoice: document }),
      [{ filename, contentType: 'application/pdf', content }],
    );
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: report(requestId, messageId, delivered),
      context: systemContext('link-delivery', field(payload, 'cause'), requestId),
      read: loaded.read,
    });
  }
}

function report(requestId: string, messageId: string, delivered: Delivered): InvoiceCommand {
  if (delivered.outcome === 'sent') {
    return { type: 'RecordInvoicePdfSent', requestId, messageId, providerId: delivered.providerId };
  }
  const { code, reason } = delivered;
  return { type: 'RecordInvoicePdfSendFailed', requestId, code, reason };
}
