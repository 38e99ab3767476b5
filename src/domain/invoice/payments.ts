/**
 * Decides the way of a payment: at most one open attempt per payable version, what is charged is what was accepted, and whoever
 * learns an outcome first appends it, once.
 */
import { DomainError } from '../errors.js';
import type { IssueReceipt, RecordPaymentCaptured, StartPayment } from './commands.js';
import type { RecordReceiptSendFailed, RecordReceiptSent } from './commands.js';
import type { InvoiceEvent } from './events.js';
import type { PaymentFailed, PaymentReleased } from './payment-events.js';
import type { Invoice, Link } from './state.js';

/**
 * `LinkOpened` (where it is missing), `FeeAccepted` (where there is a fee) and `PaymentStarted`, in one write. The processor is
 * asked to charge only after it. A repeat of the same attempt is quiet.
 */
export function decideStart(command: StartPayment, state: Invoice, link: Link): readonly InvoiceEvent[] {
  const { payment, consent, browser } = command;
  const { registered } = state;
  if (state.attempts.has(payment.attemptId)) return [];
  if (state.status === 'void') throw new DomainError('invoice_void');
  if (state.status === 'paid') throw new DomainError('invoice_paid');
  if (link.revoked) throw new DomainError('link_revoked');
  if (command.now > link.expiresAt) throw new DomainError('link_expired');
  if (state.openAttempt) {
    throw new DomainError('payment_in_progress', { sameLink: state.openAttempt.started.linkId === link.linkId });
  }
  if (payment.payableVersion !== String(state.payableVersion)) throw new DomainError('quote_changed');
  if (payment.amountMinor !== state.balanceMinor) throw new DomainError('quote_changed');
  if (payment.feeMinor > 0 && !consent) throw new DomainError('consent_missing', { feeMinor: payment.feeMinor });
  const { amountMinor, feeMinor, attemptId } = payment;
  const totalMinor = amountMinor + feeMinor;
  const { customerId, currency, branchId } = registered;
  const { linkId } = link;
  const events: InvoiceEvent[] = [];
  if (!link.opened) events.push({ type: 'LinkOpened', data: { linkId, customerId, evidence: 'pay', browser } });
  if (consent && feeMinor > 0) {
    events.push({
      type: 'FeeAccepted',
      data: { attemptId, linkId, ...consent, amountMinor, feeMinor, totalMinor, currency, customerId, browser },
    });
  }
  events.push({
    type: 'PaymentStarted',
    data: { ...payment, branchId, processor: 'stripe', totalMinor, currency },
  });
  return events;
}

/** A failure or a release ends the open attempt, once; an attempt that has an outcome keeps it. */
export function decideEnd(state: Invoice, event: PaymentFailed | PaymentReleased): readonly InvoiceEvent[] {
  const attempt = attemptOf(state, event.data.attemptId, event.data.paymentIntentId);
  return attempt.outcome === 'open' ? [event] : [];
}

/**
 * A capture is a fact: it is recorded once for its attempt, even where the attempt had been given up before the news came.
 * What was charged must be what was accepted, to the minor unit.
 */
export function decideCapture(command: RecordPaymentCaptured, state: Invoice): readonly InvoiceEvent[] {
  const { attemptId, paymentIntentId, chargeId, card, capturedAt } = command;
  const attempt = attemptOf(state, attemptId, paymentIntentId);
  if (attempt.outcome === 'captured') return [];
  const { started } = attempt;
  if (command.chargedMinor !== started.totalMinor || command.chargedCurrency !== started.currency) {
    throw new DomainError('total_mismatch', { expected: started.totalMinor, actual: command.chargedMinor });
  }
  const { linkId, branchId, processor, amountMinor, feeMinor, totalMinor, currency } = started;
  return [
    {
      type: 'PaymentCaptured',
      data: {
        paymentId: attemptId,
        attemptId,
        linkId,
        branchId,
        processor,
        paymentIntentId,
        chargeId,
        amountMinor,
        feeMinor,
        totalMinor,
        currency,
        card,
        capturedAt,
      },
    },
  ];
}

export function decideReceipt(command: IssueReceipt, state: Invoice): readonly InvoiceEvent[] {
  const { paymentId, receiptId, number } = command;
  const payment = state.payments.get(paymentId);
  if (!payment) throw new DomainError('payment_not_found', { paymentId });
  return payment.receipt ? [] : [{ type: 'ReceiptIssued', data: { paymentId, receiptId, number } }];
}

export function decideReceiptSent({ sent }: RecordReceiptSent, state: Invoice): readonly InvoiceEvent[] {
  const payment = state.payments.get(sent.paymentId);
  if (!payment?.receipt) throw new DomainError('receipt_not_found', { paymentId: sent.paymentId });
  if (payment.receiptSend === 'sent') return [];
  return [{ type: 'ReceiptSent', data: { ...sent, receiptId: payment.receipt.receiptId } }];
}

export function decideReceiptSendFailed(
  { paymentId, code, reason }: RecordReceiptSendFailed,
  state: Invoice,
): readonly InvoiceEvent[] {
  if (state.payments.get(paymentId)?.receiptSend !== 'owed') return [];
  return [{ type: 'ReceiptSendFailed', data: { paymentId, code, reason } }];
}

function attemptOf(state: Invoice, attemptId: string, paymentIntentId: string) {
  const attempt = state.attempts.get(attemptId);
  if (attempt?.started.paymentIntentId !== paymentIntentId) {
    throw new DomainError('payment_unknown', { paymentIntentId });
  }
  return attempt;
}
