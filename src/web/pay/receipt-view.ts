import type { ReceiptDocument } from '../../application/documents.js';
import type { Words } from '../../application/words/words.js';
import { cardWords, Formats } from './formats.js';
import { brandView, contactView, type BrandView, type ContactView } from './page-frame.js';
import { GOOD, type MarkView } from './panel-view.js';

export interface ReceiptPageView {
  readonly mark: MarkView;
  readonly brand: BrandView;
  readonly contact: ContactView | undefined;
  readonly total: string;
  readonly sums: readonly { readonly term: string; readonly value: string; readonly total: boolean }[];
  readonly pdf: string;
}

/** A receipt as its page shows it: what went to the invoice and what was fee, as two lines. Pure. */
export function receiptView(receipt: ReceiptDocument, text: Words, base: string): ReceiptPageView {
  const formats = new Formats(receipt.locale, receipt.currency, receipt.branch.timeZone);
  const line = (term: string, value: string, total = false) => ({ term, value, total });
  const total = formats.money(receipt.totalMinor);
  return {
    mark: GOOD,
    brand: brandView(receipt.branch, `${base}/logo`),
    contact: contactView(receipt.branch, text),
    total,
    sums: [
      line(text.receipt.amount, formats.money(receipt.amountMinor)),
      ...(receipt.feeMinor === 0 ? [] : [line(receipt.feeLabel, formats.money(receipt.feeMinor))]),
      line(text.receipt.total, total, true),
      line(text.receipt.number, receipt.receiptNumber),
      line(text.receipt.invoice, receipt.invoiceNumber),
      line(text.receipt.customer, receipt.customerName),
      line(text.receipt.when, formats.instant(receipt.capturedAt)),
      line(text.receipt.card, cardWords(receipt.card, text)),
    ],
    pdf: `${base}/receipt.pdf`,
  };
}
