/** Decides about money that came in by other ways than by card: cash, a check, a transfer. */
import { DomainError } from '../errors.js';
import type { RecordPayment, ReversePaymentRecord } from './commands.js';
import type { InvoiceEvent } from './events.js';
import { assertSeen } from './revising.js';
import type { Invoice } from './state.js';

/**
 * Lowers what is owed, and never below zero: what is more than the balance is refused, with the balance in the refusal. Refused
 * too while somebody pays by card, who would otherwise pay what is no longer owed. A repeat of the same payment is quiet.
 */
export function decideRecordPayment(command: RecordPayment, state: Invoice): readonly InvoiceEvent[] {
  const { payment, today, seenRevision } = command;
  if (state.recorded.has(payment.paymentId)) return [];
  assertSeen(seenRevision, state);
  if (state.status === 'void') throw new DomainError('invoice_void');
  if (state.openAttempt) throw new DomainError('payment_in_progress');
  if (state.status === 'paid') throw new DomainError('invoice_paid');
  const { balanceMinor, registered } = state;
  if (!Number.isSafeInteger(payment.amountMinor) || payment.amountMinor < 1) {
    const { amountMinor: amount } = payment;
    throw new DomainError('amount_out_of_range', { field: 'amount', amount, least: 1, most: balanceMinor });
  }
  if (payment.amountMinor > balanceMinor) {
    throw new DomainError('amount_above_balance', { amount: payment.amountMinor, balance: balanceMinor });
  }
  if (payment.receivedOn > today) {
    throw new DomainError('received_in_future', { receivedOn: payment.receivedOn, today });
  }
  const { branchId, currency } = registered;
  return [{ type: 'PaymentRecorded', data: { ...payment, branchId, currency } }];
}

/** What was recorded is owed again. Once; a repeat is quiet. A payment by card is refunded, never reversed. */
export function decideReverse(command: ReversePaymentRecord, state: Invoice): readonly InvoiceEvent[] {
  const { paymentId, reason, seenRevision } = command;
  const payment = state.recorded.get(paymentId);
  if (!payment) {
    throw new DomainError(state.payments.has(paymentId) ? 'payment_not_recorded' : 'payment_not_found', { paymentId });
  }
  if (payment.reversed) return [];
  assertSeen(seenRevision, state);
  if (state.openAttempt) throw new DomainError('payment_in_progress');
  return [{ type: 'PaymentRecordReversed', data: { paymentId, reason } }];
}

/** Whether any money stands on the invoice, by whatever way it came. */
export function hasPayments(state: Invoice): boolean {
  return state.payments.size > 0 || [...state.recorded.values()].some(({ reversed }) => !reversed);
}
