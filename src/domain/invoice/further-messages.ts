/** Decides messages beside those that staff send: fresh links, reminders, receipts by email. */
import { DomainError } from '../errors.js';
import type { RenewLink, RequestReceiptEmail, ScheduleReminder } from './commands.js';
import type { InvoiceEvent } from './events.js';
import type { Invoice, Link } from './state.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Whoever holds an expired link may ask for so many fresh ones within 24 hours; of one invoice no more go out, however many links expired. */
const RENEWALS_A_DAY = 3;
/** A receipt may be mailed to so many addresses: nobody should use the page to write to strangers. */
export const EMAILS_A_RECEIPT = 3;

/**
 * A fresh link for the recipient of an expired one. Where that must not be sent, the wish itself is kept: staff see it.
 * @throws DomainError `link_not_expired`, `renewals_exhausted`, `invoice_void`, `invoice_paid`
 */
export function decideRenewal(command: RenewLink, state: Invoice, link: Link): readonly InvoiceEvent[] {
  const { now, fresh, contactChanged } = command;
  if (state.links.has(fresh.linkId)) return [];
  if (state.status === 'void') throw new DomainError('invoice_void');
  if (state.status === 'paid') throw new DomainError('invoice_paid');
  if (!link.revoked && now <= link.expiresAt) throw new DomainError('link_not_expired');
  const since = new Date(Date.parse(now) - DAY_MS).toISOString();
  const recent = state.renewals.filter(({ requestedAt }) => requestedAt > since);
  // A wish that sent nothing counts for its own link only: a stranger with a revoked one uses up nobody else's.
  const ofLink = recent.filter(({ linkId: asker }) => asker === link.linkId);
  const ofInvoice = recent.filter(({ issued }) => issued);
  if (Math.max(ofLink.length, ofInvoice.length) >= RENEWALS_A_DAY)
    throw new DomainError('renewals_exhausted', { mostADay: RENEWALS_A_DAY });
  const { linkId, channel, recipient } = link;
  const asked = (outcome: 'revoked' | 'no_recipient' | 'contact_changed'): readonly InvoiceEvent[] => [
    { type: 'LinkRenewalRequested', data: { linkId, requestedAt: now, outcome } },
  ];
  if (link.revoked) return asked('revoked');
  if (recipient === undefined) return asked('no_recipient');
  if (contactChanged) return asked('contact_changed');
  const { customerId } = state.registered;
  return [
    { type: 'LinkIssued', data: { ...fresh, channel, recipient, customerId, purpose: 'renewal' } },
    {
      type: 'LinkRenewalRequested',
      data: { linkId, requestedAt: now, outcome: 'issued', newLinkId: fresh.linkId },
    },
  ];
}

/** A reminder and the link in it, in one write. Quiet where nothing is owed or something went out for this day already. */
export function decideReminder({ link, reminder }: ScheduleReminder, state: Invoice): readonly InvoiceEvent[] {
  if (state.status === 'void' || state.status === 'paid' || state.openAttempt) return [];
  if (state.links.has(link.linkId) || state.reminders.some(({ on }) => on === reminder.on)) return [];
  const { customerId } = state.registered;
  return [
    { type: 'LinkIssued', data: { ...link, customerId, purpose: 'reminder' } },
    { type: 'ReminderScheduled', data: { linkId: link.linkId, ...reminder } },
  ];
}

/** @throws DomainError `receipt_not_found`, `receipt_emails_exhausted` */
export function decideReceiptEmail(command: RequestReceiptEmail, state: Invoice): readonly InvoiceEvent[] {
  const { requestId, paymentId, recipient } = command;
  if (!state.payments.get(paymentId)?.receipt) throw new DomainError('receipt_not_found', { paymentId });
  const former = [...state.receiptEmails.values()].filter((one) => one.paymentId === paymentId);
  // Who presses twice wants one email.
  if (former.some((one) => one.recipient === recipient && one.send !== 'failed')) return [];
  if (former.length >= EMAILS_A_RECEIPT) throw new DomainError('receipt_emails_exhausted', { most: EMAILS_A_RECEIPT });
  const { customerId } = state.registered;
  return [{ type: 'ReceiptEmailRequested', data: { requestId, paymentId, customerId, recipient } }];
}
