import { Injectable } from '@nestjs/common';
import {
  MessageTemplates,
  type InvoiceDocument,
  type RenderedMessage,
  type WordingChoice,
} from '../../application/documents.js';
import { defaultWording } from '../../application/words/wordings.js';
import { wordsFor, type Words } from '../../application/words/words.js';
import type { BranchDetails, MessageKind, MessageWording } from '../../domain/branch/events.js';
import { formatMoney, sumMinor } from '../../domain/money.js';
import { cardName } from './card-name.js';
import { formatInstant } from './dates.js';
import { renderEmail, type Paragraph } from './email-layout.js';
import { keptWording, readWording } from './message-wording.js';
import { toWords } from './paragraphs.js';
import { plainTypography, smsSegments } from './sms-segments.js';
import { invoiceValues, oneLine, receiptValues, reminderValues } from './values.js';
import { fill, type Values } from './wording-template.js';

/** Subjects longer than this are cut off everywhere, and a header line holds 998 bytes. */
const MAX_SUBJECT = 200;

type InvoiceMessage = Parameters<MessageTemplates['invoiceLink']>[0];

/** Messages to customers. The layout is ours and compiled once; words of a branch are parsed and never compiled. */
@Injectable()
export class HandlebarsMessageTemplates extends MessageTemplates {
  override check(kind: MessageKind, message: MessageWording): void {
    readWording(kind, message);
  }

  override defaultWording({ kind, language, takesCards }: WordingChoice): MessageWording {
    return defaultWording(kind, language, takesCards);
  }

  override invoiceLink(input: InvoiceMessage): RenderedMessage {
    return invoiceMessage('invoice-link', input, invoiceValues(input.invoice, input.url));
  }

  override reminder(input: Parameters<MessageTemplates['reminder']>[0]): RenderedMessage {
    return invoiceMessage('reminder', input, reminderValues(input.invoice, input.url, input.today));
  }

  override invoiceLinks({ items }: Parameters<MessageTemplates['invoiceLinks']>[0]): RenderedMessage['email'] {
    const [first] = items;
    if (!first) throw new RangeError('An email about invoices needs one at least.');
    const { branch, currency, locale, customer } = first.invoice;
    const words = wordsFor(locale);
    const owed = sumMinor(items.map(({ invoice }) => invoice.balanceMinor));
    const total = formatMoney({ amount: owed, currency }, locale);
    const lead = first.takesCards === false ? words.mail.severalLeadNoCards : words.mail.severalLead;
    const counted = { count: items.length, total };
    return renderEmail({
      words,
      branch,
      subject: subjectLine(words.mail.severalSubject({ ...counted, branch: branch.name })),
      preheader: words.mail.severalPreheader(counted),
      note: undefined,
      before: [
        plain(words.mail.greeting({ name: oneLine(customer.name) })),
        plain(lead({ branch: oneLine(branch.name) })),
      ],
      panel: { label: words.mail.totalDue, amount: total, details: [], quiet: undefined },
      button: undefined,
      items: items.map(({ invoice, url, feeNotice, takesCards = true }) => ({
        ...amountPanel(invoice, feeNotice),
        label: words.mail.invoice({ number: oneLine(invoice.number) }),
        button: {
          label: (takesCards ? words.mail.viewAndPayNumber : words.mail.viewNumber)({
            number: oneLine(invoice.number),
          }),
          url,
        },
      })),
      after: [],
      footer: footer(branch, words, words.mail.becauseInvoices({ branch: branch.name, customer: customer.name })),
    });
  }

  override receipt(input: Parameters<MessageTemplates['receipt']>[0]): RenderedMessage {
    const { receipt, message, url, isTest = false } = input;
    const { branch, locale, currency, invoiceNumber } = receipt;
    const words = wordsFor(locale);
    const wording = keptWording('receipt', message);
    const values = receiptValues(receipt, url);
    const money = (amount: number) => formatMoney({ amount, currency }, locale);
    const card = cardName(receipt.card, words);
    const fee =
      receipt.feeMinor === 0 ? [] : [`${words.mail.lead({ label: receipt.feeLabel })} ${money(receipt.feeMinor)}`];
    const noMoney = receipt.testMode ? words.mail.noMoneyMoved : undefined;
    const text = fill(wording.smsBody, values);
    return {
      email: renderEmail({
        words,
        branch,
        subject: subjectLine(marked(fill(wording.subject, values), isTest, words)),
        preheader: words.mail.receiptPreheader({ total: values.amountPaid, card }),
        note: [noMoney, isTest ? words.mail.testMessage : undefined].filter(Boolean).join('. ') || undefined,
        ...toWords(wording.emailBody, values),
        panel: {
          label: words.mail.paid,
          amount: values.amountPaid,
          details: [
            words.mail.invoiceAmount({ number: invoiceNumber, amount: money(receipt.amountMinor) }),
            ...fee,
            `${card}, ${formatInstant(receipt.capturedAt, locale, branch.timeZone)}`,
          ].map(oneLine),
          quiet: undefined,
        },
        button: { label: words.mail.viewReceipt, url },
        items: [],
        footer: footer(branch, words, words.mail.becausePaid({ branch: branch.name, number: invoiceNumber })),
      }),
      sms: sms(isTest || noMoney === undefined ? marked(text, isTest, words) : `${noMoney}. ${text}`),
    };
  }

  override invoicePdf({ invoice }: { invoice: InvoiceDocument }): RenderedMessage['email'] {
    const { branch, locale } = invoice;
    const words = wordsFor(locale);
    const values = invoiceValues(invoice, '');
    const { amountDue: amount, dueDate: date, customerName: customer, invoiceNumber: number } = values;
    const ways = branch.otherWaysToPay ? [plain(oneLine(branch.otherWaysToPay))] : [];
    return renderEmail({
      words,
      branch,
      subject: subjectLine(words.mail.pdfSubject({ number, branch: branch.name, amount })),
      preheader: words.mail.preheaderPdf({ amount, date }),
      note: undefined,
      before: [
        plain(words.mail.greeting({ name: customer })),
        plain(words.mail.pdfAttached({ number, branch: values.branchName })),
      ],
      panel: amountPanel(invoice, undefined),
      button: undefined,
      items: [],
      after: [plain(words.mail.pdfCannotPay), ...ways],
      footer: footer(branch, words, words.mail.becauseInvoice({ branch: branch.name, customer })),
    });
  }
}

/** A message about one invoice, with the one button that leads to it. */
function invoiceMessage(
  kind: 'invoice-link' | 'reminder',
  { invoice, message, url, feeNotice, firstTextToNumber, isTest = false, takesCards = true }: InvoiceMessage,
  values: ReturnType<typeof invoiceValues> & Values,
): RenderedMessage {
  const { branch } = invoice;
  const words = wordsFor(invoice.locale);
  const wording = keptWording(kind, message);
  const text = fill(wording.smsBody, values);
  return {
    email: renderEmail({
      words,
      branch,
      subject: subjectLine(marked(fill(wording.subject, values), isTest, words)),
      preheader: words.mail.preheader({ amount: values.amountDue, date: values.dueDate }),
      note: isTest ? words.mail.testMessage : undefined,
      ...toWords(wording.emailBody, values),
      panel: amountPanel(invoice, feeNotice),
      button: { label: takesCards ? words.mail.viewAndPay : words.mail.view, url },
      items: [],
      footer: footer(branch, words, words.mail.becauseInvoice({ branch: branch.name, customer: values.customerName })),
    }),
    sms: sms(marked(firstTextToNumber ? `${text.trimEnd()}\n${words.mail.optOut}` : text, isTest, words)),
  };
}

/** What staff send to themselves says so where it is seen first. */
function marked(text: string, isTest: boolean, words: Words): string {
  return isTest ? words.mail.testText({ text }) : text;
}

function amountPanel(invoice: InvoiceDocument, feeNotice: string | undefined) {
  const { mail } = wordsFor(invoice.locale);
  const { amountDue, dueDate } = invoiceValues(invoice, '');
  return { label: mail.amountDue, amount: amountDue, details: [mail.due({ date: dueDate })], quiet: feeNotice };
}

/** Who sent this and why, and whom to ask. */
function footer(branch: BranchDetails, { mail }: Words, reason: string): readonly string[] {
  const { telephone = '', replyTo: email = '' } = branch;
  const reach = telephone !== '' && email !== '' ? mail.reachBoth({ telephone, email }) : telephone + email;
  return [
    reason,
    ...(reach === '' ? [] : [mail.questions({ reach })]),
    ...(branch.address && branch.address.length > 0 ? [[branch.name, ...branch.address].join(', ')] : []),
  ].map(oneLine);
}

function plain(text: string): Paragraph {
  return [{ text, br: false, url: undefined }];
}

function sms(text: string): RenderedMessage['sms'] {
  const body = plainTypography(text);
  return { body, segments: smsSegments(body) };
}

function subjectLine(text: string): string {
  const characters = [...oneLine(text)];
  return characters.length <= MAX_SUBJECT ? characters.join('') : `${characters.slice(0, MAX_SUBJECT - 1).join('')}…`;
}
