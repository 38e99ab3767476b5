import { BranchMail, type InvoiceDocument, type RenderedMessage } from '../../application/documents.js';
import { wordsFor } from '../../application/words/words.js';
import { formatMoney } from '../../domain/money.js';
import { renderEmail, type Paragraph } from './email-layout.js';
import { oneLine } from './values.js';

/** What the branch has to know or to do, in the layout of all emails. To staff, whose portal is in English too. */
export class PortalBranchMail extends BranchMail {
  /** @param publicUrl without a slash at its end: below it is the portal, where the invoice's timeline is */
  constructor(private readonly publicUrl: string) {
    super();
  }

  override customerReply({ invoice, text }: Parameters<BranchMail['customerReply']>[0]): RenderedMessage['email'] {
    const { customer, number } = invoice;
    const name = oneLine(customer.name);
    return this.mail(invoice, {
      subject: `${name} answered your text about invoice ${number}`,
      preheader: text,
      before: [plain(`${name} answered your text about invoice ${oneLine(number)}:`), quoted(text)],
      quiet: 'Answering this email does not reach the customer.',
    });
  }

  override freshLinkAsked({ invoice, why }: Parameters<BranchMail['freshLinkAsked']>[0]): RenderedMessage['email'] {
    const { number } = invoice;
    return this.mail(invoice, {
      subject: `A fresh link to invoice ${number} was asked for`,
      preheader: WHY_NONE_WAS_SENT[why],
      before: [
        plain(`Somebody opened an old link to invoice ${oneLine(number)} and asked for a fresh one.`),
        plain(`None was sent: ${WHY_NONE_WAS_SENT[why]} Please look at it, and send a link to whom it belongs to.`),
      ],
      quiet: undefined,
    });
  }

  private mail(
    invoice: InvoiceDocument,
    content: { subject: string; preheader: string; before: readonly Paragraph[]; quiet: string | undefined },
  ): RenderedMessage['email'] {
    const { branch, customer, number, balanceMinor, currency, invoiceId } = invoice;
    return renderEmail({
      words: wordsFor('en'),
      branch,
      subject: oneLine(content.subject).slice(0, 200),
      preheader: oneLine(content.preheader).slice(0, 100),
      note: undefined,
      before: content.before,
      panel: {
        label: `Invoice ${oneLine(number)}: amount due`,
        amount: formatMoney({ amount: balanceMinor, currency }, branch.locale),
        details: customer.phone === undefined ? [] : [`Telephone ${customer.phone}`],
        quiet: content.quiet,
      },
      button: { label: 'Show the invoice', url: `${this.publicUrl}/staff/invoices/${invoiceId}` },
      items: [],
      after: [],
      footer: [`Sent to the reply address of ${oneLine(branch.name)}.`],
    });
  }
}

const WHY_NONE_WAS_SENT = {
  contact_changed: 'the link had gone to an address that is no longer the customer’s.',
  revoked: 'staff had revoked the link, perhaps since it had reached the wrong person.',
  no_recipient: 'the link had been copied, so that nobody knows who opened it.',
} as const;

const plain = (text: string): Paragraph => [{ text, br: false, url: undefined }];

/** As it was typed, line by line. */
function quoted(text: string): Paragraph {
  const lines = text.split(/\r\n|\r|\n/).map(oneLine);
  return lines.map((line, index) => ({ text: line, br: index > 0, url: undefined }));
}
