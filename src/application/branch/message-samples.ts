/** Messages as they would arrive, for looking at them and for sending them to oneself: by the very templates that customers get. */
import { Injectable } from '@nestjs/common';
import type { Branch } from '../../domain/branch/decider.js';
import type { MessageKind, MessageWording } from '../../domain/branch/events.js';
import { DomainError } from '../../domain/errors.js';
import { localDate } from '../../domain/zoned-time.js';
import { MessageTemplates, type InvoiceDocument, type ReceiptDocument, type RenderedMessage } from '../documents.js';
import { Execute } from '../execute.js';
import { feeNotice } from '../fee-notice.js';
import { invoiceDocument, loadInvoice } from '../invoice/invoice-view.js';
import { receiptDocument } from '../pay/get-receipt.js';
import { CardProcessor, Clock } from '../ports.js';
import { localeIn } from '../words/words.js';
import { exampleInvoice, exampleReceipt } from './sample-documents.js';
import { takesCards, wordingFor } from './wording.js';

export interface Sample {
  readonly branch: Branch;
  readonly kind: MessageKind;
  /** Absent: the language of the invoice's customer, or of the branch. */
  readonly language?: string | undefined;
  /** A real invoice of the branch; absent: an example. */
  readonly invoiceId?: string | undefined;
  /** Parts that are perhaps not saved yet; those that are absent are the ones in use. */
  readonly message?: Partial<MessageWording> | undefined;
  readonly url: string;
  readonly isTest: boolean;
}

interface Subject {
  readonly invoice: InvoiceDocument;
  readonly notice: string | undefined;
  readonly receipt: ReceiptDocument;
}

@Injectable()
export class MessageSamples {
  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly processor: CardProcessor,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `invoice_not_found` for an invoice that is another branch's, `template_invalid` */
  async render(sample: Sample): Promise<RenderedMessage> {
    const { branch, kind, url, isTest } = sample;
    const { invoice, receipt, notice } = await this.subject(sample);
    const message = { ...wordingFor(branch, kind, invoice.locale, this.templates), ...sample.message };
    this.templates.check(kind, message);
    const { templates } = this;
    const about = {
      ...{ invoice, message, url, isTest },
      feeNotice: notice,
      firstTextToNumber: true,
      takesCards: takesCards(branch),
    };
    switch (kind) {
      case 'invoice-link':
        return templates.invoiceLink(about);
      case 'reminder':
        return templates.reminder({ ...about, today: localDate(this.clock.now(), branch.details.timeZone) });
      case 'receipt':
        return templates.receipt({ receipt, message, url, isTest });
      default:
        return kind satisfies never;
    }
  }

  private async subject({ branch, invoiceId, language }: Sample): Promise<Subject> {
    const now = this.clock.now();
    const { testMode } = this.processor;
    if (invoiceId === undefined) {
      const invoice = exampleInvoice(branch, localeIn(language, branch.details.locale), now);
      return { invoice, notice: undefined, receipt: exampleReceipt(invoice, branch, now, testMode) };
    }
    const loaded = await loadInvoice(this.executor, invoiceId);
    if (loaded.branch.branchId !== branch.branchId) throw new DomainError('invoice_not_found', { invoiceId });
    const document = invoiceDocument({ ...loaded, branch });
    const invoice = { ...document, locale: localeIn(language, document.locale) };
    const paid = [...loaded.invoice.payments.values()].findLast((payment) => payment.receipt !== undefined);
    const receipt = paid
      ? await receiptDocument(this.executor, loaded, paid.captured.paymentId, testMode)
      : exampleReceipt(invoice, branch, now, testMode);
    return {
      invoice,
      notice: feeNotice(loaded.invoice, branch, invoice.locale, now),
      receipt: { ...receipt, locale: invoice.locale },
    };
  }
}
