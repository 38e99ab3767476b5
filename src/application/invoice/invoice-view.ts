/** An invoice as its stream says now, for answers and documents. */
import type { Branch } from '../../domain/branch/decider.js';
import type { RecordedEvent } from '../../domain/decider.js';
import { customerDecider } from '../../domain/customer/decider.js';
import type { CustomerEvent } from '../../domain/customer/events.js';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { InvoiceCustomer, InvoiceEvent, InvoiceLine } from '../../domain/invoice/events.js';
import type { Channel } from '../../domain/invoice/link-events.js';
import { sendingTime } from '../../domain/invoice/schedule.js';
import type { Invoice, InvoiceState, Link } from '../../domain/invoice/state.js';
import { localDate } from '../../domain/zoned-time.js';
import { loadBranch } from '../branch/branch-view.js';
import { presentCustomer, type PresentCustomer } from '../customer/present-customer.js';
import type { InvoiceDocument, InvoiceStatus } from '../documents.js';
import type { Execute, WrittenEvent } from '../execute.js';
import { customerStream, invoiceStream } from '../ids.js';
import type { Head } from '../kept-states.js';
import { readerLocale } from '../words/words.js';
import { recordedPaymentViews, type RecordedPaymentView } from './recorded-payment-view.js';

export type LinkStatus =
  'scheduled' | 'queued' | 'sent' | 'delivered' | 'opened' | 'failed' | 'bounced' | 'revoked' | 'expired';

export interface LinkView {
  readonly linkId: string;
  readonly channel: Channel;
  readonly recipient: string | undefined;
  readonly status: LinkStatus;
  readonly issuedAt: string;
  readonly sentAt: string | undefined;
  readonly openedAt: string | undefined;
  /** When the message of a scheduled link goes out. */
  readonly sendAt: string | undefined;
  readonly expiresAt: string;
  readonly history: readonly { readonly status: LinkStatus; readonly at: string }[];
}

export interface InvoiceView {
  readonly invoiceId: string;
  readonly branchId: string;
  readonly number: string;
  readonly externalId: string | undefined;
  readonly revision: bigint;
  readonly payableVersion: bigint;
  readonly status: InvoiceStatus;
  readonly overdue: boolean;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly currency: string;
  readonly customerId: string;
  /** As the document names them. */
  readonly customer: InvoiceCustomer;
  /** Where messages go that name no other recipient: the addresses that the customer has now. */
  readonly contact: Pick<PresentCustomer, 'email' | 'phone'>;
  readonly locale: string | undefined;
  readonly lines: readonly InvoiceLine[];
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly paidMinor: number;
  readonly balanceMinor: number;
  readonly links: readonly LinkView[];
  readonly recordedPayments: readonly RecordedPaymentView[];
}

/** An invoice with its history, the branch it belongs to, and its customer as they are now. */
export interface LoadedInvoice {
  readonly invoice: Invoice;
  readonly branch: Branch;
  readonly events: readonly RecordedEvent<InvoiceEvent>[];
  readonly customer: PresentCustomer;
  readonly customerEvents: readonly RecordedEvent<CustomerEvent>[];
  readonly position: bigint;
  /** For a command on the invoice as it was read. */
  readonly read: Head<InvoiceState>;
}

/** @throws DomainError `invoice_not_found`. */
export async function loadInvoice(execute: Execute, invoiceId: string): Promise<LoadedInvoice> {
  const { events, ...read } = await execute.load(invoiceDecider, invoiceStream(invoiceId));
  const { state, position } = read;
  if (state.status === 'absent') throw new DomainError('invoice_not_found', { invoiceId });
  const { branchId, customerId } = state.registered;
  const [branch, { events: customerEvents }] = await Promise.all([
    loadBranch(execute, branchId),
    execute.load(customerDecider, customerStream(customerId)),
  ]);
  const customer = presentCustomer(events, customerEvents);
  return { invoice: state, branch, events, customer, customerEvents, position, read };
}

/** How the customer was reached just before an event of the log. */
export function customerBefore({ events, customerEvents }: LoadedInvoice, position: bigint): PresentCustomer {
  const isBefore = (event: { readonly position: bigint }) => event.position < position;
  return presentCustomer(events.filter(isBefore), customerEvents.filter(isBefore));
}

/** Overdue from the first day after the due date in the branch's zone, while something is owed. */
function isOverdue(invoice: Invoice, branch: Branch, now: Date): boolean {
  return (
    (invoice.status === 'open' || invoice.status === 'partially_paid') &&
    localDate(now, branch.details.timeZone) > invoice.registered.dueOn
  );
}

export function invoiceView({ invoice, branch, events, customer }: LoadedInvoice, now: Date): InvoiceView {
  const { registered } = invoice;
  return {
    invoiceId: registered.invoiceId,
    branchId: registered.branchId,
    number: registered.number,
    externalId: registered.externalId,
    revision: invoice.revision,
    payableVersion: invoice.payableVersion,
    status: invoice.status,
    overdue: isOverdue(invoice, branch, now),
    issuedOn: registered.issuedOn,
    dueOn: registered.dueOn,
    currency: registered.currency,
    customerId: registered.customerId,
    customer: registered.customer,
    contact: { email: customer.email, phone: customer.phone },
    locale: registered.locale,
    lines: registered.lines,
    taxMinor: registered.taxMinor,
    totalMinor: registered.totalMinor,
    paidMinor: invoice.paidMinor,
    balanceMinor: invoice.balanceMinor,
    links: linkViews(invoice, events, now),
    recordedPayments: recordedPaymentViews(events),
  };
}

const LINK_STEPS: Readonly<Partial<Record<InvoiceEvent['type'], LinkStatus>>> = {
  LinkIssued: 'queued',
  LinkSent: 'sent',
  LinkSendFailed: 'failed',
  LinkDelivered: 'delivered',
  LinkBounced: 'bounced',
  LinkOpened: 'opened',
  LinkRevoked: 'revoked',
};

/** The links of an invoice in the order they were asked for, each with what became of it. */
export function linkViews(
  invoice: Invoice,
  events: readonly WrittenEvent<InvoiceEvent>[],
  now: Date,
): readonly LinkView[] {
  const histories = new Map<string, { status: LinkStatus; at: string }[]>();
  for (const { event, metadata } of events) {
    const status =
      event.type === 'LinkIssued' && event.data.sendAt !== undefined ? 'scheduled' : LINK_STEPS[event.type];
    if (status === undefined || !('linkId' in event.data)) continue;
    const steps = histories.get(event.data.linkId) ?? [];
    steps.push({ status, at: metadata.occurredAt });
    histories.set(event.data.linkId, steps);
  }
  return [...invoice.links.values()].map((link) => linkView(link, invoice, histories.get(link.linkId) ?? [], now));
}

function linkView(
  link: Link,
  invoice: Invoice,
  history: readonly { status: LinkStatus; at: string }[],
  now: Date,
): LinkView {
  const at = (status: LinkStatus) => history.find((step) => step.status === status)?.at;
  return {
    linkId: link.linkId,
    channel: link.channel,
    recipient: link.recipient,
    status: linkStatus(link, invoice, now),
    issuedAt: at('queued') ?? at('scheduled') ?? link.expiresAt,
    sentAt: at('sent'),
    openedAt: at('opened'),
    sendAt: link.sendAt,
    expiresAt: link.expiresAt,
    history,
  };
}

/** What one word says of a link: what ended it first, else how far it got. */
function linkStatus(link: Link, invoice: Invoice, now: Date): LinkStatus {
  if (link.revoked) return 'revoked';
  if (link.opened) return 'opened';
  if (invoice.status !== 'paid' && now.toISOString() > link.expiresAt) return 'expired';
  if (link.bounced) return 'bounced';
  if (link.delivered) return 'delivered';
  if (link.failed && !link.sent) return 'failed';
  if (link.sent) return 'sent';
  return (sendingTime(link) ?? now) > now ? 'scheduled' : 'queued';
}

/** The locale that a customer reads: theirs, else the branch's, as far as there are words in its language. */
export function localeOf({ customer, branch }: Pick<LoadedInvoice, 'customer' | 'branch'>): string {
  return readerLocale(customer.locale, branch.details.locale);
}

export function invoiceDocument(loaded: Pick<LoadedInvoice, 'invoice' | 'branch' | 'customer'>): InvoiceDocument {
  const { invoice, branch } = loaded;
  const { invoiceId, number, issuedOn, dueOn, currency, customer, lines, taxMinor, totalMinor } = invoice.registered;
  return {
    branch: branch.details,
    invoiceId,
    number,
    issuedOn,
    dueOn,
    currency,
    locale: localeOf(loaded),
    customer,
    lines,
    taxMinor,
    totalMinor,
    paidMinor: invoice.paidMinor,
    balanceMinor: invoice.balanceMinor,
    status: invoice.status,
  };
}
