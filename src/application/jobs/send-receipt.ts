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
import { SEND_RECEIPT } from './job-names.js';
import { MessageDelivery, type Delivered } from './message-delivery.js';

/** Sends the receipt by the channel and to the recipient of the link that was paid by. */
@Injectable()
export class SendReceiptJob extends JobHandler {
  override readonly name = SEND_RECEIPT;

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
    const paymentId = field(payload, 'paymentId');
    const loaded = await loadInvoice(this.executor, invoiceId);
    const { invoice, branch } = loaded;
    const payment = invoice.payments.get(paymentId);
    const link = payment && invoice.links.get(payment.captured.linkId);
    if (!payment?.receipt || payment.receiptSend !== 'owed' || !link || link.channel === 'none') return;
    const { receiptId } = payment.receipt;
    const receipt = await receiptDocument(this.executor, loaded, paymentId, this.processor.testMode);
    const rendered = this.templates.receipt({
      receipt,
      message: wordingFor(branch, 'receipt', receipt.locale, this.templates),
      url: this.urls.receipt(receiptId),
    });
    const { capturedAt } = payment.captured;
    const messageId = `receipt.${receiptId}@${this.urls.host}`;
    const delivery = { messageId, to: link.recipient!, branch: branch.details };
    const delivered =
      link.channel === 'sms'
        ? await this.messages.text({
            ...rendered.sms,
            to: delivery.to,
            reference: receiptId,
            sentSince: new Date(capturedAt),
            branch: branch.details,
          })
        : await this.messages.email(delivery, rendered.email);
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: report(paymentId, link.channel, messageId, delivered),
      context: systemContext('receipts', field(payload, 'cause'), paymentId),
      read: loaded.read,
    });
  }
}

function report(paymentId: string, channel: 'email' | 'sms', messageId: string, delivered: Delivered): InvoiceCommand {
  if (delivered.outcome === 'sent') {
    const { providerId } = delivered;
    return { type: 'RecordReceiptSent', sent: { paymentId, channel, messageId, providerId } };
  }
  const { code, reason } = delivered;
  return { type: 'RecordReceiptSendFailed', paymentId, code, reason };
}
