/** How an invoice's page shows it. */
import type { InvoiceView, LinkView } from '../../../application/invoice/invoice-view.js';
import { invoicePill, linkPill } from '../pills.js';
import { dateWords, moment, moneyWords } from '../portal-formats.js';

const CHANNEL_WORDS = { email: 'Email', sms: 'Text', none: 'Copied link' } as const;
/** A link that ended already has nothing to revoke. */
const ENDED = new Set(['revoked', 'expired', 'failed']);

interface InvoicePageInput {
  readonly invoice: InvoiceView;
  readonly branch: { readonly name: string; readonly timeZone: string };
  /** The link that was made by the form that led here. */
  readonly sentLinkId: string | undefined;
  readonly mayVoid: boolean;
  readonly csrf: string;
  readonly newCause: () => string;
  readonly now: Date;
}

export function invoicePageView(input: InvoicePageInput): object {
  const { invoice, branch, sentLinkId, mayVoid, csrf, newCause } = input;
  const money = (amountMinor: number) => moneyWords(amountMinor, invoice.currency);
  const { name, email, phone, address = [] } = invoice.customer;
  const owes = invoice.status === 'open' || invoice.status === 'partially_paid';
  const sent = invoice.links.find(({ linkId }) => linkId === sentLinkId);
  return {
    path: `/staff/invoices/${invoice.invoiceId}`,
    number: invoice.number,
    pill: invoicePill(invoice.status, invoice.overdue),
    said: sent && `Queued: the link goes to ${sent.recipient ?? 'nobody in particular'}.`,
    facts: [
      { term: 'Customer', value: name },
      { term: 'Email', value: email ?? 'None' },
      { term: 'Phone', value: phone ?? 'None' },
      ...(address.length > 0 ? [{ term: 'Address', value: address.join(', ') }] : []),
      { term: 'Branch', value: branch.name },
      { term: 'Issued', value: dateWords(invoice.issuedOn) },
      { term: 'Due', value: dateWords(invoice.dueOn) },
    ],
    lines: invoice.lines.map(({ description, quantity, unitPriceMinor, amountMinor }) => ({
      description,
      quantity,
      price: money(unitPriceMinor),
      amount: money(amountMinor),
    })),
    sums: [
      { term: 'Tax', value: money(invoice.taxMinor), isTotal: false },
      { term: 'Total', value: money(invoice.totalMinor), isTotal: false },
      { term: 'Paid', value: money(invoice.paidMinor), isTotal: false },
      { term: 'Balance', value: money(invoice.balanceMinor), isTotal: true },
    ],
    links: [...invoice.links].reverse().map((link) => linkView(link, input)),
    canSend: owes,
    canVoid: mayVoid && invoice.status === 'open',
    csrf,
    cause: newCause(),
  };
}

function linkView(link: LinkView, { invoice, branch, csrf, newCause, now }: InvoicePageInput): object {
  const last = link.history.at(-1);
  return {
    channel: CHANNEL_WORDS[link.channel],
    recipient: link.recipient ?? 'Nobody in particular',
    pill: linkPill(link.status),
    issued: moment(link.issuedAt, branch.timeZone, now),
    last: last && moment(last.at, branch.timeZone, now),
    revoke: ENDED.has(link.status)
      ? undefined
      : { path: `/staff/invoices/${invoice.invoiceId}/links/${link.linkId}/revoke`, csrf, cause: newCause() },
  };
}
