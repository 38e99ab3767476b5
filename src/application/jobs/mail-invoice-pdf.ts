import { Injectable } from '@nestjs/common';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { JsonObject } from '../../domain/json.js';
import { systemContext } from '../command-context.js';
import { Documents, MessageTemplates } from '../documents.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { pdfFilename } from '../invoice/get-invoice-pdf.js';
import { invoiceDocument, loadInvoice } from '../invoice/invoice-view.js';
import { LinkUrls } from '../link-urls.js';
import { Mailer, RetryLater } from '../ports.js';
import { field, JobHandler } from './job-handler.js';
import { MAIL_INVOICE_PDF } from './job-names.js';

/** Mails the invoice as a PDF, without a link. */
@Injectable()
export class MailInvoicePdfJob extends JobHandler {
  override readonly name = MAIL_INVOICE_PDF;

  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly documents: Documents,
    private readonly urls: LinkUrls,
    private readonly mailer: Mailer,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const invoiceId = field(payload, 'invoiceId');
    const requestId = field(payload, 'requestId');
    const { invoice, branch } = await loadInvoice(this.executor, invoiceId);
    const request = invoice.pdfRequests.get(requestId);
    if (!request || request.sent) return;
    const document = invoiceDocument(invoice, branch);
    const content = await this.documents.invoicePdf(document);
    const messageId = `pdf.${requestId}@${this.urls.host}`;
    const outcome = await this.mailer.send({
      messageId,
      to: request.recipient,
      fromName: branch.details.name,
      replyTo: branch.details.replyTo,
      ...this.templates.invoicePdf({ invoice: document }),
      attachments: [
        { filename: pdfFilename('invoice', invoice.registered.number), contentType: 'application/pdf', content },
      ],
    });
    if (outcome.outcome !== 'sent') throw new RetryLater(outcome.reason);
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: { type: 'RecordInvoicePdfSent', requestId, messageId, providerId: outcome.providerId },
      context: systemContext('link-delivery', field(payload, 'cause'), requestId),
    });
  }
}
