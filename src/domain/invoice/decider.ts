/** Decides what may happen to an invoice and its links. Payments and receipts: `payments.ts`. */
import { assertNever, type Decider } from '../decider.js';
import { DomainError } from '../errors.js';
import type { InvoiceCommand, IssueLink, OpenLink, VoidInvoice } from './commands.js';
import { decideBounced, decideDelivered, decideLinkSendFailed, decideLinkSent, decideReply } from './deliveries.js';
import type { InvoiceEvent } from './events.js';
import {
  decideCapture,
  decideEnd,
  decideReceipt,
  decideReceiptSendFailed,
  decideReceiptSent,
  decideStart,
} from './payments.js';
import { decideRecordPayment, decideReverse, hasPayments } from './recorded-payments.js';
import { assertSeen, decideRegister, decideRevise } from './revising.js';
import { decideReceiptEmail, decideReminder, decideRenewal } from './further-messages.js';
import { evolve } from './evolve.js';
import { NO_INVOICE, type Invoice, type InvoiceState, type Link } from './state.js';

export const invoiceDecider: Decider<InvoiceState, InvoiceCommand, InvoiceEvent> = {
  initialState: NO_INVOICE,
  decide,
  evolve,
};

function decide(command: InvoiceCommand, state: InvoiceState): readonly InvoiceEvent[] {
  if (command.type === 'RegisterInvoice') return decideRegister(command, state);
  if (state.status === 'absent') throw new DomainError('invoice_not_found');
  switch (command.type) {
    case 'ReviseInvoice':
      return decideRevise(command, state);
    case 'VoidInvoice':
      return decideVoid(command, state);
    case 'RecordPayment':
      return decideRecordPayment(command, state);
    case 'ReversePaymentRecord':
      return decideReverse(command, state);
    case 'RequestInvoicePdf': {
      if (state.pdfRequests.has(command.requestId)) return [];
      const { requestId, recipient } = command;
      return [{ type: 'InvoicePdfRequested', data: { requestId, customerId: state.registered.customerId, recipient } }];
    }
    case 'RecordInvoicePdfSent': {
      const { requestId, messageId, providerId } = command;
      if (state.pdfRequests.get(requestId)?.send !== 'owed') return [];
      return [{ type: 'InvoicePdfSent', data: { requestId, messageId, providerId } }];
    }
    case 'RecordInvoicePdfSendFailed': {
      const { requestId, code, reason } = command;
      if (state.pdfRequests.get(requestId)?.send !== 'owed') return [];
      return [{ type: 'InvoicePdfSendFailed', data: { requestId, code, reason } }];
    }
    case 'IssueLink':
      return decideIssueLink(command, state);
    case 'RecordLinkSent':
      return decideLinkSent(command, linkOf(state, command.linkId));
    case 'RecordLinkSendFailed':
      return decideLinkSendFailed(command, linkOf(state, command.linkId));
    case 'RecordLinkDelivered':
      return decideDelivered(command, linkOf(state, command.linkId));
    case 'RecordLinkBounced':
      return decideBounced(command, linkOf(state, command.linkId));
    case 'RecordCustomerReply':
      return decideReply(command, state);
    case 'OpenLink':
      return decideOpenLink(command, state);
    case 'RevokeLink':
      return linkOf(state, command.linkId).revoked ? [] : [{ type: 'LinkRevoked', data: { linkId: command.linkId } }];
    case 'StartPayment':
      return decideStart(command, state, linkOf(state, command.payment.linkId));
    case 'RecordPaymentFailed':
      return decideEnd(state, { type: 'PaymentFailed', data: command.failure });
    case 'RecordPaymentReleased':
      return decideEnd(state, { type: 'PaymentReleased', data: command.release });
    case 'RecordPaymentCaptured':
      return decideCapture(command, state);
    case 'IssueReceipt':
      return decideReceipt(command, state);
    case 'RecordReceiptSent':
      return decideReceiptSent(command, state);
    case 'RenewLink':
      return decideRenewal(command, state, linkOf(state, command.linkId));
    case 'ScheduleReminder':
      return decideReminder(command, state);
    case 'RequestReceiptEmail':
      return decideReceiptEmail(command, state);
    case 'RecordReceiptEmailSent': {
      const { requestId, messageId, providerId } = command;
      if (state.receiptEmails.get(requestId)?.send !== 'owed') return [];
      return [{ type: 'ReceiptEmailSent', data: { requestId, messageId, providerId } }];
    }
    case 'RecordReceiptEmailFailed': {
      const { requestId, code, reason } = command;
      if (state.receiptEmails.get(requestId)?.send !== 'owed') return [];
      return [{ type: 'ReceiptEmailFailed', data: { requestId, code, reason } }];
    }
    case 'RecordReceiptSendFailed':
      return decideReceiptSendFailed(command, state);
    default:
      return assertNever(command);
  }
}

function decideVoid(command: VoidInvoice, state: Invoice): readonly InvoiceEvent[] {
  assertSeen(command.seenRevision, state);
  if (state.status === 'void') throw new DomainError('invoice_void');
  if (hasPayments(state)) throw new DomainError('invoice_has_payments');
  if (state.openAttempt) throw new DomainError('payment_in_progress');
  return [{ type: 'InvoiceVoided', data: { reason: command.reason } }];
}

function decideIssueLink({ link }: IssueLink, state: Invoice): readonly InvoiceEvent[] {
  if (state.links.has(link.linkId)) return [];
  if (state.status === 'void') throw new DomainError('invoice_void');
  if (state.status === 'paid') throw new DomainError('invoice_paid');
  if (link.channel !== 'none' && link.recipient === undefined) {
    throw new DomainError('recipient_missing', { channel: link.channel });
  }
  return [{ type: 'LinkIssued', data: { ...link, customerId: state.registered.customerId } }];
}

function decideOpenLink(command: OpenLink, state: Invoice): readonly InvoiceEvent[] {
  const link = linkOf(state, command.linkId);
  return link.opened || link.revoked ? [] : [openedEvent(command, state)];
}

function openedEvent({ linkId, evidence, browser }: OpenLink, state: Invoice): InvoiceEvent {
  return { type: 'LinkOpened', data: { linkId, customerId: state.registered.customerId, evidence, browser } };
}

function linkOf(state: Invoice, linkId: string): Link {
  const link = state.links.get(linkId);
  if (!link) throw new DomainError('link_not_found', { linkId });
  return link;
}
