import { Injectable } from '@nestjs/common';
import type { InvoiceCommand } from '../../domain/invoice/commands.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { JsonObject } from '../../domain/json.js';
import { wordingFor } from '../branch/wording.js';
import { systemContext } from '../command-context.js';
import { MessageTemplates } from '../documents.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { loadInvoice } from '../invoice/invoice-view.js';
import { LinkUrls } from '../link-urls.js';
import { receiptDocument } from '../pay/get-receipt.js';
import { CardProcessor } from '../ports.js';
import { field, JobHandler } from './job-handler.js';
import { EMAIL_RECEIPT } from './job-names.js';
import { MessageDelivery, type Delivered } from './message-delivery.js';

/** Mails a receipt to the address that was typed in on the paid page. */
@Injectable()
export class EmailReceiptJob extends JobHandler {
  override readonly name = EMAIL_RECEIPT;

  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly urls: LinkUrls,
    private readonly messages: MessageDelivery,
    private readonly processor: CardProcessor,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const invoiceId = field(payload, 'invoiceId');
    const requestId = field(payload, 'requestId');
    const loaded = await loadInvoice(this.executor, invoiceId);
    const request = loaded.invoice.receiptEmails.get(requestId);
    if (request?.send !== 'owed') return;
    const { receiptId } = loaded.invoice.payments.get(request.paymentId)!.receipt!;
    const receipt = await receiptDocument(this.executor, loaded, request.paymentId, this.processor.testMode);
    const rendered = this.templates.receipt({
      receipt,
      message: wordingFor(loaded.branch, 'receipt', receipt.locale, this.templates),
      url: this.urls.receipt(receiptId),
    });
    const messageId = `receipt-email.${requestId}@${this.urls.host}`;
    const delivery = { messageId, to: request.recipient, branch: loaded.branch.details };
    const delivered = await this.messages.email(delivery, rendered.email);
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: report(requestId, messageId, delivered),
      context: systemContext('receipts', field(payload, 'cause'), requestId),
      read: loaded.read,
    });
  }
}

function report(requestId: string, messageId: string, delivered: Delivered): InvoiceCommand {
  if (delivered.outcome === 'sent') {
    return { type: 'RecordReceiptEmailSent', requestId, messageId, providerId: delivered.providerId };
  }
  return { type: 'RecordReceiptEmailFailed', requestId, code: delivered.code, reason: delivered.reason };
}
