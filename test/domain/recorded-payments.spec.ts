import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '../../src/domain/decider.js';
import { DomainError } from '../../src/domain/errors.js';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import { moneyMoves, playMoves } from '../support/money-moves.js';
import { given, nothing, refused } from '../support/given.js';
import {
  ATTEMPT_ID,
  invoiceRegistered,
  invoiceVoided,
  PAID,
  PAYING,
  PAYMENT_ID,
  paymentRecorded,
  paymentRecordReversed,
} from '../support/given-invoice.js';

const invoice = (...events: readonly InvoiceEvent[]) => given(invoiceDecider, events);
const OTHER = '4f0c8f9a-6b8d-5a5e-8f8b-7a0f8f1f6a04';

const record = (changes: Partial<ReturnType<typeof paymentRecorded>['data']> = {}, seenRevision?: bigint) => {
  const { branchId: _branch, currency: _currency, ...payment } = paymentRecorded(changes).data;
  return { type: 'RecordPayment' as const, payment, today: '2026-11-20', seenRevision };
};
const reverse = (paymentId = PAYMENT_ID, seenRevision?: bigint): InvoiceCommand => ({
  type: 'ReversePaymentRecord',
  paymentId,
  reason: paymentRecordReversed().data.reason,
  seenRevision,
});

describe('recording a payment', () => {
  it('says what came in, and when', () => invoice(invoiceRegistered()).when(record()).then([paymentRecorded()]));

  it('finds the same payment recorded already', () => {
    invoice(invoiceRegistered(), paymentRecorded()).when(record()).then(nothing);
    invoice(invoiceRegistered(), paymentRecorded(), paymentRecordReversed()).when(record()).then(nothing);
  });

  it('takes the balance, and not a cent more', () => {
    const partly = invoice(invoiceRegistered(), paymentRecorded());
    const rest = { paymentId: OTHER, amountMinor: 30_594 };
    partly.when(record(rest)).then([paymentRecorded(rest)]);
    partly
      .when(record({ ...rest, amountMinor: 30_595 }))
      .then(refused('amount_above_balance', { amount: 30_595, balance: 30_594 }));
  });

  it.each([0, -1, 1.5])('refuses an amount of %d', (amountMinor) => {
    invoice(invoiceRegistered())
      .when(record({ amountMinor }))
      .then(refused('amount_out_of_range', { least: 1 }));
  });

  it('refuses what was received tomorrow, where the branch is', () => {
    invoice(invoiceRegistered())
      .when(record({ receivedOn: '2026-11-21' }))
      .then(refused('received_in_future', { receivedOn: '2026-11-21', today: '2026-11-20' }));
  });

  it('is refused while somebody pays, and where nothing is owed', () => {
    invoice(...PAYING)
      .when(record())
      .then(refused('payment_in_progress'));
    invoice(...PAID)
      .when(record())
      .then(refused('invoice_paid'));
    invoice(invoiceRegistered(), invoiceVoided()).when(record()).then(refused('invoice_void'));
    invoice().when(record()).then(refused('invoice_not_found'));
  });

  it('holds If-Match against the payable version', () => {
    const another = { paymentId: OTHER };
    invoice(invoiceRegistered(), paymentRecorded()).when(record(another, 0n)).then(refused('version_changed'));
    invoice(invoiceRegistered(), paymentRecorded())
      .when(record(another, 1n))
      .then([paymentRecorded(another)]);
  });
});

describe('reversing a recorded payment', () => {
  const recorded = [invoiceRegistered(), paymentRecorded()];

  it('is done once', () => {
    invoice(...recorded)
      .when(reverse())
      .then([paymentRecordReversed()]);
    invoice(...recorded, paymentRecordReversed())
      .when(reverse())
      .then(nothing);
  });

  it('makes the amount owed again', () => {
    const paid = paymentRecorded({ amountMinor: 40_594 });
    const state = fold(
      invoiceDecider,
      [invoiceRegistered(), paid, paymentRecordReversed()].map((event, index) => ({ event, revision: BigInt(index) })),
    );
    expect(state).toMatchObject({ status: 'open', paidMinor: 0, balanceMinor: 40_594, payableVersion: 2n });
  });

  it('is refused for what is no recorded payment, and while somebody pays', () => {
    invoice(...recorded)
      .when(reverse(OTHER))
      .then(refused('payment_not_found', { paymentId: OTHER }));
    invoice(...PAID)
      .when(reverse(ATTEMPT_ID))
      .then(refused('payment_not_recorded', { paymentId: ATTEMPT_ID }));
    invoice(...recorded, ...PAYING.slice(1))
      .when(reverse())
      .then(refused('payment_in_progress'));
    invoice(...recorded)
      .when(reverse(PAYMENT_ID, 0n))
      .then(refused('version_changed'));
  });

  it('lets an invoice be voided again, once nothing stands on it', () => {
    const voiding: InvoiceCommand = { type: 'VoidInvoice', reason: 'Sent twice', seenRevision: undefined };
    invoice(...recorded)
      .when(voiding)
      .then(refused('invoice_has_payments'));
    invoice(...recorded, paymentRecordReversed())
      .when(voiding)
      .then([invoiceVoided()]);
  });
});

describe('any mixture of cards, recordings, reversals and revisions', () => {
  it('leaves a balance of total less paid, never below zero, and refusals without a trace', () => {
    fc.assert(
      fc.property(moneyMoves, (moves) => {
        for (const { state, refusal, paidMinor, totalMinor } of playMoves(moves)) {
          if (refusal !== undefined) expect(refusal).toBeInstanceOf(DomainError);
          expect(state.paidMinor).toBe(paidMinor);
          expect(state.registered.totalMinor).toBe(totalMinor);
          expect(state.balanceMinor).toBe(totalMinor - paidMinor);
          expect(state.balanceMinor).toBeGreaterThanOrEqual(0);
          const status = state.balanceMinor === 0 ? 'paid' : paidMinor > 0 ? 'partially_paid' : 'open';
          expect(state.status).toBe(status);
        }
      }),
      { numRuns: 300 },
    );
  });
});
