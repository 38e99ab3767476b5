/** How the events of its payments and receipts change an invoice. */
import { assertNever } from '../decider.js';
import { owing } from './owing.js';
import type { PaymentCaptured, PaymentEvent } from './payment-events.js';
import type { Attempt, Invoice, Payment, ReceiptEmail, RecordedPayment } from './state.js';

export function changeOfPayments(state: Invoice, event: PaymentEvent, revision: bigint): Invoice {
  switch (event.type) {
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
    case 'PaymentRecorded':
      return withRecorded(state, { recorded: event.data, reversed: false }, event.data.amountMinor, revision);
    case 'PaymentRecordReversed': {
      const payment = state.recorded.get(event.data.paymentId);
      if (!payment) return state;
      return withRecorded(state, { ...payment, reversed: true }, -payment.recorded.amountMinor, revision);
    }
    case 'ReceiptEmailRequested': {
      const { requestId, paymentId, recipient } = event.data;
      return withReceiptEmail(state, requestId, { paymentId, recipient, send: 'owed' });
    }
    case 'ReceiptEmailSent':
      return endReceiptEmail(state, event.data.requestId, 'sent');
    case 'ReceiptEmailFailed':
      return endReceiptEmail(state, event.data.requestId, 'failed');
    default:
      return assertNever(event);
  }
}

function capture(state: Invoice, data: PaymentCaptured['data'], revision: bigint): Invoice {
  const ended = endAttempt(state, data.attemptId, { outcome: 'captured' });
  const payment: Payment = { captured: data, receipt: undefined, receiptSend: 'owed' };
  const payments = new Map(state.payments).set(data.paymentId, payment);
  return owing({ ...ended, payments, paidMinor: state.paidMinor + data.amountMinor }, revision);
}

function withRecorded(state: Invoice, payment: RecordedPayment, byMinor: number, revision: bigint): Invoice {
  const recorded = new Map(state.recorded).set(payment.recorded.paymentId, payment);
  return owing({ ...state, recorded, paidMinor: state.paidMinor + byMinor }, revision);
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

function withReceiptEmail(state: Invoice, id: string, request: ReceiptEmail): Invoice {
  return { ...state, receiptEmails: new Map(state.receiptEmails).set(id, request) };
}

function endReceiptEmail(state: Invoice, id: string, send: 'sent' | 'failed'): Invoice {
  const request = state.receiptEmails.get(id);
  return request ? withReceiptEmail(state, id, { ...request, send }) : state;
}
