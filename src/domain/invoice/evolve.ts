/** How each event changes an invoice. Links: `evolve-links.ts`; payments and receipts: `evolve-payments.ts`. */
import { assertNever } from '../decider.js';
import type { InvoiceEvent, InvoiceRegistered } from './events.js';
import { changeOfLinks } from './evolve-links.js';
import { changeOfPayments } from './evolve-payments.js';
import { owing } from './owing.js';
import type { Invoice, InvoiceState, PdfRequest } from './state.js';

/** Folds one event in. A history that does not begin with `InvoiceRegistered` is a broken one, and is said so. */
export function evolve(state: InvoiceState, event: InvoiceEvent, revision: bigint): InvoiceState {
  if (state.status === 'absent') {
    if (event.type !== 'InvoiceRegistered') throw new Error(`${event.type} before InvoiceRegistered`);
    return register(event.data, revision);
  }
  return { ...change(state, event, revision), revision };
}

function register(data: InvoiceRegistered['data'], revision: bigint): Invoice {
  return {
    status: data.totalMinor === 0 ? 'paid' : 'open',
    revision,
    registered: data,
    paidMinor: 0,
    balanceMinor: data.totalMinor,
    payableVersion: revision,
    links: new Map(),
    attempts: new Map(),
    openAttempt: undefined,
    payments: new Map(),
    recorded: new Map(),
    pdfRequests: new Map(),
    receiptEmails: new Map(),
    reminders: [],
    renewals: [],
    replies: new Set(),
  };
}

function change(state: Invoice, event: InvoiceEvent, revision: bigint): Invoice {
  switch (event.type) {
    case 'InvoiceRegistered':
      throw new Error('InvoiceRegistered twice in one stream');
    case 'InvoiceRevised':
      return owing({ ...state, registered: { ...withoutOptional(state.registered), ...event.data } }, revision);
    case 'InvoiceVoided':
      return { ...state, status: 'void', balanceMinor: 0, payableVersion: revision };
    case 'InvoicePdfRequested':
      return withPdfRequest(state, event.data.requestId, { recipient: event.data.recipient, send: 'owed' });
    case 'InvoicePdfSent':
      return endPdfRequest(state, event.data.requestId, 'sent');
    case 'InvoicePdfSendFailed':
      return endPdfRequest(state, event.data.requestId, 'failed');
    case 'LinkIssued':
    case 'LinkSent':
    case 'LinkSendFailed':
    case 'LinkDelivered':
    case 'LinkBounced':
    case 'LinkOpened':
    case 'LinkRevoked':
    case 'CustomerReplied':
    case 'ReminderScheduled':
    case 'LinkRenewalRequested':
      return changeOfLinks(state, event);
    case 'FeeAccepted':
    case 'PaymentStarted':
    case 'PaymentFailed':
    case 'PaymentReleased':
    case 'PaymentCaptured':
    case 'ReceiptIssued':
    case 'ReceiptSent':
    case 'ReceiptSendFailed':
    case 'PaymentRecorded':
    case 'PaymentRecordReversed':
    case 'ReceiptEmailRequested':
    case 'ReceiptEmailSent':
    case 'ReceiptEmailFailed':
      return changeOfPayments(state, event, revision);
    default:
      return assertNever(event);
  }
}

/** A revision names the whole document: what it leaves out is gone. */
function withoutOptional(data: InvoiceRegistered['data']): InvoiceRegistered['data'] {
  const { externalId: _externalId, locale: _locale, ...rest } = data;
  return rest;
}

function withPdfRequest(state: Invoice, id: string, request: PdfRequest): Invoice {
  return { ...state, pdfRequests: new Map(state.pdfRequests).set(id, request) };
}

function endPdfRequest(state: Invoice, id: string, send: 'sent' | 'failed'): Invoice {
  const request = state.pdfRequests.get(id);
  return request ? withPdfRequest(state, id, { ...request, send }) : state;
}
