/** How an invoice's page shows it. */
import type { CapturedPaymentView, InvoiceTimeline } from '../../../application/invoice/get-invoice-timeline.js';
import type { LinkView } from '../../../application/invoice/invoice-view.js';
import type { RecordedPaymentView } from '../../../application/invoice/recorded-payment-view.js';
import { wordsFor } from '../../../application/words/words.js';
import { cardWords } from '../../pay/formats.js';
import { invoicePill, linkPill, paymentPill } from '../pills.js';
import { dateWords, moment, momentAhead, moneyWords, type MomentView } from '../portal-formats.js';
import { METHOD_WORDS } from '../record-payment/record-payment-form.js';
import { isEdited } from '../send/send-view.js';
import { timelineView } from './timeline-view.js';

const CHANNEL_WORDS = { email: 'Email', sms: 'Text', none: 'Copied link' } as const;
/** A link that ended already has nothing to revoke. */
const ENDED = new Set(['revoked', 'expired', 'failed']);

export interface InvoicePageInput {
  readonly timeline: InvoiceTimeline;
  readonly nameOf: (actor: string) => string;
  /** The link that was made by the form that led here, and what is said of it. */
  readonly sent: { readonly link: LinkView; readonly said: string } | undefined;
  readonly mayVoid: boolean;
  readonly csrf: string;
  readonly newCause: () => string;
  readonly now: Date;
}

export function invoicePageView(input: InvoicePageInput): object {
  const { timeline, nameOf, sent, mayVoid, csrf, newCause, now } = input;
  const { invoice, version } = timeline;
  const path = `/staff/invoices/${invoice.invoiceId}`;
  const owes = invoice.status === 'open' || invoice.status === 'partially_paid';
  const links = [...invoice.links].reverse();
  return {
    path,
    id: invoice.invoiceId,
    version,
    number: invoice.number,
    pill: invoicePill(invoice.status, invoice.overdue),
    said: sent?.said,
    // Where scripts run, the toast after the sending offers it.
    saveToCustomer:
      sent && isEdited(sent.link, invoice) ? `${path}/links/${sent.link.linkId}/save-to-customer` : undefined,
    customerPath: `/staff/customers/${invoice.customerId}`,
    ...documentView(timeline),
    links: links.map((link) => linkView(link, owes, input)),
    // Of texts the provider tells whether they arrived; of emails nobody does.
    hasEmails: links.some(({ channel }) => channel === 'email'),
    payments: paymentViews(timeline, path, now),
    timeline: timelineView(timeline, nameOf, now),
    canSend: owes,
    canRecord: owes,
    canVoid: mayVoid && invoice.status === 'open',
    csrf,
    cause: newCause(),
  };
}

function documentView({ invoice, branch }: InvoiceTimeline): object {
  const money = (amountMinor: number) => moneyWords(amountMinor, invoice.currency);
  const { name, email, phone, address = [] } = invoice.customer;
  const sum = (term: string, amountMinor: number, isTotal = false) => ({ term, value: money(amountMinor), isTotal });
  return {
    balance: money(invoice.balanceMinor),
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
      sum('Tax', invoice.taxMinor),
      sum('Total', invoice.totalMinor),
      sum('Paid', invoice.paidMinor),
      sum('Balance', invoice.balanceMinor, true),
    ],
  };
}

function linkView(link: LinkView, owes: boolean, { timeline, csrf, newCause, now }: InvoicePageInput): object {
  const { invoice, branch } = timeline;
  const last = link.history.at(-1);
  const path = `/staff/invoices/${invoice.invoiceId}`;
  const when = (iso: string) => moment(iso, branch.timeZone, now);
  const waits = link.status === 'scheduled' && link.sendAt !== undefined;
  return {
    key: `link-${link.linkId}`,
    channel: CHANNEL_WORDS[link.channel],
    recipient: link.recipient ?? 'nobody in particular',
    pill: linkPill(link.status, link.channel),
    last: last && when(last.at),
    ahead: waits ? momentAhead(link.sendAt, branch.timeZone, now) : undefined,
    expiry: `${link.status === 'expired' ? 'Expired' : 'Expires'} ${when(link.expiresAt).exact}`,
    resend: owes && link.recipient !== undefined ? `${path}/send?again=${link.linkId}` : undefined,
    revoke: ENDED.has(link.status)
      ? undefined
      : { path: `${path}/links/${link.linkId}/revoke`, csrf, cause: newCause() },
  };
}

interface PaymentView {
  readonly key: string;
  readonly what: string;
  readonly amount: string;
  readonly detail: string | undefined;
  readonly pill: object;
  readonly when: MomentView;
  readonly receipt: { readonly number: string; readonly href: string; readonly pdf: string } | undefined;
  readonly reverse: string | undefined;
}

/** The latest first, by card and by other ways. */
function paymentViews(timeline: InvoiceTimeline, path: string, now: Date): readonly PaymentView[] {
  const views = [
    ...timeline.payments.map((payment) => capturedView(payment, timeline, now)),
    ...timeline.invoice.recordedPayments.map((payment) => recordedView(payment, timeline, path, now)),
  ];
  return views.sort((one, other) => Date.parse(other.when.iso) - Date.parse(one.when.iso));
}

function capturedView(payment: CapturedPaymentView, { invoice, branch }: InvoiceTimeline, now: Date): PaymentView {
  const { paymentId, amountMinor, feeMinor, totalMinor, card, capturedAt, receipt } = payment;
  const money = (minor: number) => moneyWords(minor, invoice.currency);
  return {
    key: `payment-${paymentId}`,
    what: cardWords(card, wordsFor('en')),
    amount: money(totalMinor),
    detail: feeMinor === 0 ? undefined : `${money(amountMinor)} towards the invoice and a fee of ${money(feeMinor)}`,
    pill: paymentPill('captured'),
    when: moment(capturedAt, branch.timeZone, now),
    receipt: receipt && { number: receipt.number, href: receipt.url, pdf: `${receipt.url}/receipt.pdf` },
    reverse: undefined,
  };
}

function recordedView(
  payment: RecordedPaymentView,
  { invoice, branch }: InvoiceTimeline,
  path: string,
  now: Date,
): PaymentView {
  const { paymentId, method, amountMinor, receivedOn, reference, status, recordedAt } = payment;
  return {
    key: `payment-${paymentId}`,
    what: METHOD_WORDS[method],
    amount: moneyWords(amountMinor, invoice.currency),
    detail: `Received on ${dateWords(receivedOn)}${reference === undefined ? '' : `, reference ${reference}`}`,
    pill: paymentPill(status),
    when: moment(recordedAt, branch.timeZone, now),
    receipt: undefined,
    reverse: status === 'recorded' ? `${path}/recorded-payments/${paymentId}/reverse` : undefined,
  };
}
