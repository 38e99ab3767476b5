import type { InvoiceDocument, RenderedMessage } from '../../application/documents.js';
import { ReplyMail } from '../../application/texts/text-notices.js';
import { wordsFor } from '../../application/words/words.js';
import { formatMoney } from '../../domain/money.js';
import { renderEmail, type Paragraph } from './email-layout.js';
import { oneLine } from './values.js';

/** What a customer texted back, to the branch, in the layout of all emails. */
export class CustomerReplyMail extends ReplyMail {
  /** @param publicUrl without a slash at its end: below it is the portal, where the invoice's timeline is */
  constructor(private readonly publicUrl: string) {
    super();
  }

  override compose({ invoice, text }: { invoice: InvoiceDocument; text: string }): RenderedMessage['email'] {
    const { branch, customer, number, balanceMinor, currency } = invoice;
    const name = oneLine(customer.name);
    const subject = oneLine(`${name} answered your text about invoice ${number}`).slice(0, 200);
    return renderEmail({
      // To staff, whose portal is in this language too.
      words: wordsFor('en'),
      branch,
      subject,
      preheader: oneLine(text).slice(0, 100),
      note: undefined,
      before: [plain(`${name} answered your text about invoice ${oneLine(number)}:`), quoted(text)],
      panel: {
        label: `Invoice ${oneLine(number)}: amount due`,
        amount: formatMoney({ amount: balanceMinor, currency }, branch.locale),
        details: customer.phone === undefined ? [] : [`Telephone ${customer.phone}`],
        quiet: 'Answering this email does not reach the customer.',
      },
      button: { label: 'Show the invoice', url: `${this.publicUrl}/staff/invoices/${invoice.invoiceId}` },
      items: [],
      after: [],
      footer: [`Sent to the reply address of ${oneLine(branch.name)}.`],
    });
  }
}

const plain = (text: string): Paragraph => [{ text, br: false, url: undefined }];

/** As it was typed, line by line. */
function quoted(text: string): Paragraph {
  const lines = text.split(/\r\n|\r|\n/).map(oneLine);
  return lines.map((line, index) => ({ text: line, br: index > 0, url: undefined }));
}
