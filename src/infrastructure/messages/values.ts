/** What is put in place of the placeholders, each in one line. */
import type { MESSAGE_PLACEHOLDERS } from '../../application/branch/placeholders.js';
import type { InvoiceDocument, ReceiptDocument } from '../../application/documents.js';
import { wordsFor, type Words } from '../../application/words/words.js';
import { formatMoney } from '../../domain/money.js';
import { daysBetween } from '../../domain/zoned-time.js';
import { cardName } from './card-name.js';
import { formatInstant, formatPlainDate } from './dates.js';

type ValuesOf<Kind extends keyof typeof MESSAGE_PLACEHOLDERS> = Readonly<
  Record<keyof (typeof MESSAGE_PLACEHOLDERS)[Kind], string>
>;

export function invoiceValues(invoice: InvoiceDocument, url: string): ValuesOf<'invoice-link'> {
  const { branch, customer, number, balanceMinor, currency, locale, dueOn } = invoice;
  return {
    branchName: oneLine(branch.name),
    branchTelephone: oneLine(branch.telephone ?? ''),
    customerName: oneLine(customer.name),
    invoiceNumber: oneLine(number),
    amountDue: formatMoney({ amount: balanceMinor, currency }, locale),
    dueDate: formatPlainDate(dueOn, locale),
    link: url,
  };
}

export function reminderValues(invoice: InvoiceDocument, url: string, today: string): ValuesOf<'reminder'> {
  const days = daysBetween(today, invoice.dueOn);
  return { ...invoiceValues(invoice, url), dueStatus: dueStatus(days, wordsFor(invoice.locale)) };
}

export function receiptValues(receipt: ReceiptDocument, url: string): ValuesOf<'receipt'> {
  const { branch, customerName, invoiceNumber, receiptNumber, totalMinor, currency, locale, capturedAt } = receipt;
  return {
    branchName: oneLine(branch.name),
    branchTelephone: oneLine(branch.telephone ?? ''),
    customerName: oneLine(customerName),
    invoiceNumber: oneLine(invoiceNumber),
    receiptNumber: oneLine(receiptNumber),
    amountPaid: formatMoney({ amount: totalMinor, currency }, locale),
    paidOn: formatInstant(capturedAt, locale, branch.timeZone),
    card: oneLine(cardName(receipt.card, wordsFor(locale))),
    link: url,
  };
}

function dueStatus(days: number, { dueStatus: words }: Words): string {
  if (days === 0) return words.today;
  return days > 0 ? words.inDays({ days }) : words.overdueDays({ days: -days });
}

/** Line breaks and control characters in a value would let it end a header or pass for the branch's own lines. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, (run) => (/^[\u00a0\u202f]+$/.test(run) ? run : ' ')).trim();
}
