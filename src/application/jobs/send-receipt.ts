import { Injectable } from '@nestjs/common';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { Link } from '../../domain/invoice/state.js';
import type { JsonObject } from '../../domain/json.js';
import { systemContext } from '../command-context.js';
import { MessageTemplates, type RenderedMessage } from '../documents.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { loadInvoice } from '../invoice/invoice-view.js';
import { LinkUrls } from '../link-urls.js';
import { receiptDocument } from '../pay/get-receipt.js';
import { CardProcessor, Mailer, RetryLater, type DeliveryOutcome } from '../ports.js';
import { field, JobHandler } from './job-handler.js';
import { SEND_RECEIPT } from './job-names.js';
import { TextDelivery } from './text-delivery.js';

/** Sends the receipt by the channel and to the recipient of the link that was paid by. */
@Injectable()
export class SendReceiptJob extends JobHandler {
  override readonly name = SEND_RECEIPT;

  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly urls: LinkUrls,
    private readonly mailer: Mailer,
    private readonly texts: TextDelivery,
    private readonly processor: CardProcessor,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const invoiceId = field(payload, 'invoiceId');
    const paymentId = field(payload, 'paymentId');
    const { invoice, branch } = await loadInvoice(this.executor, invoiceId);
    const payment = invoice.payments.get(paymentId);
    const link = payment && invoice.links.get(payment.captured.linkId);
    if (!payment?.receipt || payment.receiptSent || !link || link.channel === 'none') return;
    const { receiptId } = payment.receipt;
    const rendered = this.templates.receipt({
      receipt: receiptDocument(invoice, branch, payment, this.processor.testMode),
      url: this.urls.receipt(receiptId),
      channel: link.channel,
    });
    const messageId = `receipt.${receiptId}@${this.urls.host}`;
    const { name: fromName, replyTo } = branch.details;
    const outcome = await this.deliver(
      rendered,
      link,
      messageId,
      receiptId,
      fromName,
      replyTo,
      payment.captured.capturedAt,
    );
    if (outcome.outcome !== 'sent') throw new RetryLater(outcome.reason);
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: {
        type: 'RecordReceiptSent',
        sent: { paymentId, channel: link.channel, messageId, providerId: outcome.providerId },
      },
      context: systemContext('receipts', field(payload, 'cause'), paymentId),
    });
  }

  private deliver(
    rendered: RenderedMessage,
    link: Link,
    messageId: string,
    reference: string,
    fromName: string,
    replyTo: string | undefined,
    capturedAt: string,
  ): Promise<DeliveryOutcome> {
    const to = link.recipient!;
    return link.channel === 'sms'
      ? this.texts.send({ to, body: rendered.sms.body, reference, sentSince: new Date(capturedAt) })
      : this.mailer.send({ messageId, to, fromName, replyTo, ...rendered.email, attachments: [] });
  }
}
