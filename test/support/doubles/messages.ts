import {
  Documents,
  MessageTemplates,
  type InvoiceDocument,
  type ReceiptDocument,
  type RenderedMessage,
} from '../../../src/application/documents.js';
import { Logos } from '../../../src/application/branch/logos.js';
import { PhoneNumbers, type PhoneNumber } from '../../../src/application/phone-numbers.js';
import { Mailer, Texter, type Clock, type DeliveryOutcome, type EmailMessage } from '../../../src/application/ports.js';
import type { MessageKind, MessageWording } from '../../../src/domain/branch/events.js';
import { DomainError } from '../../../src/domain/errors.js';

/** A mailbox that shows one message for one Message-ID, as mail programs do, and keeps how often each was taken. */
export class FakeMailer extends Mailer {
  readonly taken: EmailMessage[] = [];
  /** What the next messages meet instead of being taken. */
  readonly moods: DeliveryOutcome[] = [];

  override async send(message: EmailMessage): Promise<DeliveryOutcome> {
    await Promise.resolve();
    const mood = this.moods.shift();
    if (mood !== undefined && mood.outcome !== 'unknown') return mood;
    this.taken.push(message);
    return mood ?? { outcome: 'sent', providerId: `250-${this.taken.length}` };
  }

  shown(): readonly EmailMessage[] {
    return [...new Map(this.taken.map((message) => [message.messageId, message])).values()];
  }
}

/** Telephones: every text that is taken rings, also a second time. */
export class FakeTexter extends Texter {
  readonly taken: { to: string; body: string; at: Date; providerId: string }[] = [];
  readonly moods: DeliveryOutcome[] = [];

  constructor(private readonly clock: Clock) {
    super();
  }

  override async send({ to, body }: { to: string; body: string }): Promise<DeliveryOutcome> {
    await Promise.resolve();
    const mood = this.moods.shift();
    if (mood !== undefined && mood.outcome !== 'unknown') return mood;
    const providerId = `SM${this.taken.length + 1}`;
    this.taken.push({ to, body, at: this.clock.now(), providerId });
    return mood ?? { outcome: 'sent', providerId };
  }

  override async find(query: { to: string; sentSince: Date; reference: string }): Promise<string | undefined> {
    await Promise.resolve();
    return this.taken.find(
      ({ to, body, at }) => to === query.to && at >= query.sentSince && body.includes(query.reference),
    )?.providerId;
  }
}

/** Bare words instead of layouts: what a message must contain, and nothing else. */
export class PlainTemplates extends MessageTemplates {
  override check(_kind: MessageKind, message: MessageWording): void {
    if (!message.email.body.includes('{{link}}') || !message.sms.body.includes('{{link}}')) {
      throw new DomainError('template_invalid', { part: 'email.body', reason: 'no link', line: 1 });
    }
  }

  override defaultWording(): MessageWording {
    return { email: { subject: '{{invoiceNumber}}', body: '{{link}}' }, sms: { body: '{{link}}' } };
  }

  override invoiceLink({ invoice, message, url, feeNotice }: Parameters<MessageTemplates['invoiceLink']>[0]) {
    const text = [message.email.body.replace('{{link}}', url), feeNotice].filter(Boolean).join('\n');
    return rendered(`Invoice ${invoice.number}`, text, url);
  }

  override reminder(input: Parameters<MessageTemplates['reminder']>[0]): RenderedMessage {
    const { email } = this.invoiceLink(input);
    return rendered(`Reminder ${email.subject}`, email.text, input.url);
  }

  override invoiceLinks({ items }: Parameters<MessageTemplates['invoiceLinks']>[0]): RenderedMessage['email'] {
    const text = items.map(({ invoice, url }) => `${invoice.number} ${url}`).join('\n');
    return rendered(`${items.length} invoices`, text, '').email;
  }

  override receipt({ receipt, url }: Parameters<MessageTemplates['receipt']>[0]): RenderedMessage {
    return rendered(`Receipt ${receipt.receiptNumber}`, `${receipt.totalMinor} ${receipt.currency} ${url}`, url);
  }

  override invoicePdf({ invoice }: { invoice: InvoiceDocument }): RenderedMessage['email'] {
    return rendered(`Invoice ${invoice.number}`, 'See the attached file.', '').email;
  }
}

function rendered(subject: string, text: string, url: string): RenderedMessage {
  return { email: { subject, text, html: `<p>${text}</p>` }, sms: { body: `${subject} ${url}`, segments: 1 } };
}

/** The document's own data stands for its pages. */
export class PlainDocuments extends Documents {
  override invoicePdf(invoice: InvoiceDocument): Promise<Buffer> {
    return Promise.resolve(Buffer.from(JSON.stringify(invoice)));
  }

  override receiptPdf(receipt: ReceiptDocument): Promise<Buffer> {
    return Promise.resolve(Buffer.from(JSON.stringify(receipt)));
  }
}

/** Takes E.164 as it stands and refuses everything else. */
export class PlainPhoneNumbers extends PhoneNumbers {
  override read(text: string): PhoneNumber {
    return this.parse(text);
  }

  override parse(text: string): PhoneNumber {
    const e164 = text.replace(/[ ()-]/g, '');
    if (!/^\+[1-9]\d{6,14}$/.test(e164))
      throw new DomainError('invalid_recipient', { channel: 'sms', reason: 'Not E.164.' });
    return { e164, country: 'US', type: 'fixed_line_or_mobile' };
  }
}

/** Takes every picture as it is. */
export class PlainLogos extends Logos {
  override make(file: Buffer): Promise<string> {
    return Promise.resolve(`data:image/png;base64,${file.toString('base64')}`);
  }
}
