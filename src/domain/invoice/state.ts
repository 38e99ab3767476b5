/** An invoice as its events leave it, and how each event changes it. */
import { assertNever } from '../decider.js';
import type { Channel, InvoiceEvent, InvoiceRegistered, PaymentCaptured, PaymentStarted } from './events.js';

export interface Link {
  readonly linkId: string;
  readonly channel: Channel;
  readonly recipient: string | undefined;
  readonly expiresAt: string;
  readonly sent: boolean;
  readonly failed: { readonly code: string; readonly reason: string } | undefined;
  readonly opened: boolean;
  readonly revoked: boolean;
}

export interface Attempt {
  readonly started: PaymentStarted['data'];
  readonly outcome: 'open' | 'captured' | 'failed' | 'released';
  /** Why it failed, so that whoever asks later hears what the first one heard. */
  readonly failure?: { readonly code: string; readonly declineCode: string | undefined };
}

export interface PdfRequest {
  readonly recipient: string;
  readonly send: 'owed' | 'sent' | 'failed';
}

export interface Payment {
  readonly captured: PaymentCaptured['data'];
  readonly receipt: { readonly receiptId: string; readonly number: string } | undefined;
  /** Taken by a provider, or refused by it for good: nothing is to be sent any more. */
  readonly receiptSend: 'owed' | 'sent' | 'failed';
}

export interface Invoice {
  readonly status: 'open' | 'partially_paid' | 'paid' | 'void';
  /** Revision of the last event folded in. */
  readonly revision: bigint;
  readonly registered: InvoiceRegistered['data'];
  readonly paidMinor: number;
  /** What is still owed; never below zero. */
  readonly balanceMinor: number;
  /** Revision of the last event that changed what is payable. Quotes and attempts name it. */
  readonly payableVersion: bigint;
  readonly links: ReadonlyMap<string, Link>;
  readonly attempts: ReadonlyMap<string, Attempt>;
  /** The attempt that was started and has no outcome. */
  readonly openAttempt: Attempt | undefined;
  readonly payments: ReadonlyMap<string, Payment>;
  /** Requests for the PDF by mail. */
  readonly pdfRequests: ReadonlyMap<string, PdfRequest>;
}

export type InvoiceState = { readonly status: 'absent' } | Invoice;

export const NO_INVOICE: InvoiceState = { status: 'absent' };

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
    pdfRequests: new Map(),
  };
}

function change(state: Invoice, event: InvoiceEvent, revision: bigint): Invoice {
  switch (event.type) {
    case 'InvoiceRegistered':
      throw new Error('InvoiceRegistered twice in one stream');
    case 'InvoiceVoided':
      return { ...state, status: 'void', balanceMinor: 0, payableVersion: revision };
    case 'InvoicePdfRequested':
      return withPdfRequest(state, event.data.requestId, { recipient: event.data.recipient, send: 'owed' });
    case 'InvoicePdfSent':
      return endPdfRequest(state, event.data.requestId, 'sent');
    case 'InvoicePdfSendFailed':
      return endPdfRequest(state, event.data.requestId, 'failed');
    case 'LinkIssued':
      return withLink(state, {
        linkId: event.data.linkId,
        channel: event.data.channel,
        recipient: event.data.recipient,
        expiresAt: event.data.expiresAt,
        sent: false,
        failed: undefined,
        opened: false,
        revoked: false,
      });
    case 'LinkSent':
      return changeLink(state, event.data.linkId, { sent: true, failed: undefined });
    case 'LinkSendFailed':
      return changeLink(state, event.data.linkId, { failed: { code: event.data.code, reason: event.data.reason } });
    case 'LinkOpened':
      return changeLink(state, event.data.linkId, { opened: true });
    case 'LinkRevoked':
      return changeLink(state, event.data.linkId, { revoked: true });
    case 'FeeAccepted':
      // Evidence only: the fee belongs to the attempt, which PaymentStarted of the same write opens.
      return state;
    case 'PaymentStarted':
      return withAttempt(state, { started: event.data, outcome: 'open' });
    case 'PaymentFailed':
      return endAttempt(state, event.data.attemptId, {
        outcome: 'failed',
        failure: { code: event.data.code, declineCode: event.data.declineCode },
      });
    case 'PaymentReleased':
      return endAttempt(state, event.data.attemptId, { outcome: 'released' });
    case 'PaymentCaptured':
      return capture(state, event.data, revision);
    case 'ReceiptIssued':
      return changePayment(state, event.data.paymentId, {
        receipt: { receiptId: event.data.receiptId, number: event.data.number },
      });
    case 'ReceiptSent':
      return changePayment(state, event.data.paymentId, { receiptSend: 'sent' });
    case 'ReceiptSendFailed':
      return changePayment(state, event.data.paymentId, { receiptSend: 'failed' });
    default:
      return assertNever(event);
  }
}

function capture(state: Invoice, data: PaymentCaptured['data'], revision: bigint): Invoice {
  const ended = endAttempt(state, data.attemptId, { outcome: 'captured' });
  const paidMinor = state.paidMinor + data.amountMinor;
  const balanceMinor = Math.max(0, state.registered.totalMinor - paidMinor);
  return {
    ...ended,
    status: balanceMinor === 0 ? 'paid' : 'partially_paid',
    paidMinor,
    balanceMinor,
    payableVersion: revision,
    payments: new Map(state.payments).set(data.paymentId, { captured: data, receipt: undefined, receiptSend: 'owed' }),
  };
}

function withPdfRequest(state: Invoice, id: string, request: PdfRequest): Invoice {
  return { ...state, pdfRequests: new Map(state.pdfRequests).set(id, request) };
}

function endPdfRequest(state: Invoice, id: string, send: 'sent' | 'failed'): Invoice {
  const request = state.pdfRequests.get(id);
  return request ? withPdfRequest(state, id, { ...request, send }) : state;
}

function withLink(state: Invoice, link: Link): Invoice {
  return { ...state, links: new Map(state.links).set(link.linkId, link) };
}

function changeLink(state: Invoice, linkId: string, changes: Partial<Link>): Invoice {
  const link = state.links.get(linkId);
  return link ? withLink(state, { ...link, ...changes }) : state;
}

function withAttempt(state: Invoice, attempt: Attempt): Invoice {
  return {
    ...state,
    attempts: new Map(state.attempts).set(attempt.started.attemptId, attempt),
    openAttempt: attempt.outcome === 'open' ? attempt : state.openAttempt,
  };
}

function endAttempt(state: Invoice, attemptId: string, ended: Omit<Attempt, 'started'>): Invoice {
  const attempt = state.attempts.get(attemptId);
  if (!attempt) return state;
  const open = state.openAttempt?.started.attemptId === attemptId ? undefined : state.openAttempt;
  return { ...withAttempt(state, { started: attempt.started, ...ended }), openAttempt: open };
}

function changePayment(state: Invoice, paymentId: string, changes: Partial<Payment>): Invoice {
  const payment = state.payments.get(paymentId);
  if (!payment) return state;
  return { ...state, payments: new Map(state.payments).set(paymentId, { ...payment, ...changes }) };
}
