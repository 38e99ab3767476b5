import { Injectable } from '@nestjs/common';
import {
  MessageTemplates,
  type InvoiceDocument,
  type ReceiptDocument,
  type RenderedMessage,
} from '../../application/documents.js';
import type { BranchDetails, InvoiceLinkMessage } from '../../domain/branch/events.js';
import { formatMoney } from '../../domain/money.js';
import { cardName } from './card-name.js';
import { formatInstant, formatPlainDate } from './dates.js';
import { renderEmail, type Paragraph } from './email-layout.js';
import { DEFAULT_INVOICE_LINK, keptInvoiceLinkWording, readInvoiceLinkWording } from './invoice-link-wording.js';
import { toWords } from './paragraphs.js';
import { plainTypography, smsSegments } from './sms-segments.js';
import { fill, type Placeholder } from './wording-template.js';

const OPT_OUT = 'Reply STOP to opt out, HELP for help';
/** Subjects longer than this are cut off everywhere, and a header line holds 998 bytes. */
const MAX_SUBJECT = 200;

/** Messages to customers. The layout is ours and compiled once; words of a branch are parsed and never compiled. */
@Injectable()
export class HandlebarsMessageTemplates extends MessageTemplates {
  override check(message: InvoiceLinkMessage): void {
    readInvoiceLinkWording(message);
  }

  override defaultInvoiceLink(_language: string): InvoiceLinkMessage {
    return DEFAULT_INVOICE_LINK;
  }

  override invoiceLink(input: {
    invoice: InvoiceDocument;
    message: InvoiceLinkMessage;
    url: string;
    feeNotice: string | undefined;
    firstTextToNumber: boolean;
  }): RenderedMessage {
    const { invoice, url, feeNotice } = input;
    const { branch } = invoice;
    const wording = keptInvoiceLinkWording(input.message);
    const values = valuesOf(invoice, url);
    const text = fill(wording.smsBody, values);
    return {
      email: renderEmail({
        branch,
        subject: subjectLine(fill(wording.subject, values)),
        preheader: `${values.amountDue} due ${values.dueDate}`,
        note: undefined,
        ...toWords(wording.emailBody, values),
        panel: amountPanel(invoice, feeNotice),
        button: { label: 'View and pay invoice', url },
        footer: footer(branch, `because it has an invoice for ${values.customerName}`),
      }),
      sms: sms(input.firstTextToNumber ? `${text.trimEnd()}\n${OPT_OUT}` : text),
    };
  }

  override receipt({ receipt, url }: { receipt: ReceiptDocument; url: string }): RenderedMessage {
    const { branch, locale, currency, receiptNumber, invoiceNumber } = receipt;
    const money = (amount: number) => formatMoney({ amount, currency }, locale);
    const total = money(receipt.totalMinor);
    const fee = receipt.feeMinor === 0 ? [] : [`${receipt.feeLabel}: ${money(receipt.feeMinor)}`];
    const test = receipt.testMode ? 'Test: no money moved' : undefined;
    return {
      email: renderEmail({
        branch,
        subject: subjectLine(`Receipt ${receiptNumber} from ${branch.name}: ${total}`),
        preheader: `${total} paid, ${cardName(receipt.card)}`,
        note: test,
        before: [words(`Hello ${oneLine(receipt.customerName)},`), words('Thank you for your payment.')],
        panel: {
          label: 'Paid',
          amount: total,
          details: [
            `Invoice ${invoiceNumber}: ${money(receipt.amountMinor)}`,
            ...fee,
            `${cardName(receipt.card)}, ${formatInstant(receipt.capturedAt, locale, branch.timeZone)}`,
          ].map(oneLine),
          quiet: undefined,
        },
        button: { label: 'View and download receipt', url },
        after: [],
        footer: footer(branch, `because invoice ${invoiceNumber} was paid`),
      }),
      sms: sms(`${test ? `${test}. ` : ''}Receipt ${receiptNumber} from ${branch.name}: ${total} paid. ${url}`),
    };
  }

  override invoicePdf({ invoice }: { invoice: InvoiceDocument }): RenderedMessage['email'] {
    const { branch, number } = invoice;
    const values = valuesOf(invoice, '');
    const ways = branch.otherWaysToPay ? [words(oneLine(branch.otherWaysToPay))] : [];
    return renderEmail({
      branch,
      subject: subjectLine(`Invoice ${number} from ${branch.name}: ${values.amountDue}`),
      preheader: `${values.amountDue} due ${values.dueDate}, as a PDF`,
      note: undefined,
      before: [
        words(`Hello ${values.customerName},`),
        words(`Invoice ${values.invoiceNumber} from ${values.branchName} is attached as a PDF.`),
      ],
      panel: amountPanel(invoice, undefined),
      button: undefined,
      after: [words('You cannot pay from this email or from the PDF.'), ...ways],
      footer: footer(branch, `because it has an invoice for ${values.customerName}`),
    });
  }
}

function valuesOf(invoice: InvoiceDocument, url: string): Readonly<Record<Placeholder, string>> {
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

function amountPanel(invoice: InvoiceDocument, feeNotice: string | undefined) {
  const { amountDue, dueDate } = valuesOf(invoice, '');
  return { label: 'Amount due', amount: amountDue, details: [`Due ${dueDate}`], quiet: feeNotice };
}

/** Who sent this and why, and whom to ask. */
function footer(branch: BranchDetails, reason: string): readonly string[] {
  const reach = [branch.telephone, branch.replyTo].filter((part) => part !== undefined && part !== '').join(' or ');
  return [
    `${branch.name} sent you this email ${reason}.`,
    ...(reach === '' ? [] : [`Questions? ${reach}`]),
    ...(branch.address && branch.address.length > 0 ? [[branch.name, ...branch.address].join(', ')] : []),
  ].map(oneLine);
}

function words(text: string): Paragraph {
  return [{ text, br: false, url: undefined }];
}

function sms(text: string): RenderedMessage['sms'] {
  const body = plainTypography(text);
  return { body, segments: smsSegments(body) };
}

/** Line breaks and control characters in a value would let it end a header or pass for the branch's own lines. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, (run) => (/^[\u00a0\u202f]+$/.test(run) ? run : ' ')).trim();
}

function subjectLine(text: string): string {
  const characters = [...oneLine(text)];
  return characters.length <= MAX_SUBJECT ? characters.join('') : `${characters.slice(0, MAX_SUBJECT - 1).join('')}…`;
}
