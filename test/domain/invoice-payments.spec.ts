import { describe, it, expect } from '@jest/globals';
import { fold } from '../../src/domain/decider.js';
import type { InvoiceCommand, StartPayment } from '../../src/domain/invoice/commands.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import { given, nothing, refused } from '../support/given.js';
import {
  ATTEMPT_ID,
  BROWSER,
  feeAccepted,
  invoiceRegistered,
  invoiceVoided,
  linkIssued,
  linkOpened,
  linkRevoked,
  linkSent,
  OTHER_ATTEMPT_ID,
  OTHER_LINK_ID,
  PAID,
  paymentCaptured,
  paymentFailed,
  paymentReleased,
  paymentStarted,
  PAYING,
} from '../support/given-invoice.js';

const invoice = (...events: readonly InvoiceEvent[]) => given(invoiceDecider, events);

const SENT = [invoiceRegistered(), linkIssued(), linkSent()] as const;
const OPENED = [...SENT, linkOpened()] as const;
const consent: StartPayment['consent'] = {
  quoteId: feeAccepted().data.quoteId,
  quoteHash: feeAccepted().data.quoteHash,
  policyVersion: feeAccepted().data.policyVersion,
  consentText: feeAccepted().data.consentText,
  disclosureText: feeAccepted().data.disclosureText,
  termsHash: feeAccepted().data.termsHash,
  acceptedAt: feeAccepted().data.acceptedAt,
};

function start(changes: Partial<StartPayment['payment']> = {}, command: Partial<StartPayment> = {}): StartPayment {
  const { attemptId, linkId, account, paymentIntentId, confirmationTokenId } = paymentStarted().data;
  const { amountMinor, feeMinor, payableVersion, startedAt } = paymentStarted().data;
  const payment = {
    attemptId,
    linkId,
    account,
    paymentIntentId,
    confirmationTokenId,
    amountMinor,
    feeMinor,
    payableVersion,
    startedAt,
  };
  return {
    type: 'StartPayment',
    payment: { ...payment, ...changes },
    consent,
    browser: BROWSER,
    now: '2026-11-20T12:00:00.000Z',
    ...command,
  };
}

describe('starting a payment', () => {
  it('records consent and start in one write', () => {
    invoice(...OPENED)
      .when(start())
      .then([feeAccepted(), paymentStarted()]);
  });

  it('records the opening before the consent where nobody saw it', () => {
    invoice(...SENT)
      .when(start())
      .then([linkOpened({ evidence: 'pay' }), feeAccepted(), paymentStarted()]);
  });

  it('needs no consent without a fee, and keeps none', () => {
    const free = [paymentStarted({ feeMinor: 0, totalMinor: 40_594 })];
    invoice(...OPENED)
      .when(start({ feeMinor: 0 }, { consent: undefined }))
      .then(free);
    invoice(...OPENED)
      .when(start({ feeMinor: 0 }))
      .then(free);
  });

  it('is refused with a fee that nobody agreed to', () => {
    invoice(...OPENED)
      .when(start({}, { consent: undefined }))
      .then(refused('consent_missing', { feeMinor: 1_217 }));
  });

  it('is quiet for an attempt that is there, whatever became of it', () => {
    invoice(...PAYING)
      .when(start())
      .then(nothing);
    invoice(...PAYING, paymentFailed())
      .when(start())
      .then(nothing);
    invoice(...PAYING, paymentReleased())
      .when(start())
      .then(nothing);
    invoice(...PAID)
      .when(start())
      .then(nothing);
  });

  it('is refused while another attempt is open, and says whether it came by the same link', () => {
    const other = { attemptId: OTHER_ATTEMPT_ID };
    invoice(...PAYING)
      .when(start(other))
      .then(refused('payment_in_progress', { sameLink: true }));
    invoice(...PAYING, linkIssued({ linkId: OTHER_LINK_ID }))
      .when(start({ ...other, linkId: OTHER_LINK_ID }))
      .then(refused('payment_in_progress', { sameLink: false }));
  });

  it.each([paymentFailed(), paymentReleased()])('is possible again after $type', (ended) => {
    const other = { attemptId: OTHER_ATTEMPT_ID };
    invoice(...PAYING, ended)
      .when(start(other))
      .then([feeAccepted(other), paymentStarted(other)]);
  });

  it('is refused for another version or amount than is payable', () => {
    invoice(...OPENED)
      .when(start({ payableVersion: '1' }))
      .then(refused('quote_changed'));
    invoice(...OPENED)
      .when(start({ amountMinor: 40_593 }))
      .then(refused('quote_changed'));
  });

  it('is refused for an invoice that is paid or void', () => {
    const other = { attemptId: OTHER_ATTEMPT_ID };
    invoice(...PAID)
      .when(start(other))
      .then(refused('invoice_paid'));
    invoice(...OPENED, invoiceVoided())
      .when(start(other))
      .then(refused('invoice_void'));
  });

  it('is refused by a link that is revoked, expired or not of this invoice', () => {
    invoice(...OPENED, linkRevoked())
      .when(start())
      .then(refused('link_revoked'));
    invoice(...OPENED)
      .when(start({ linkId: OTHER_LINK_ID }))
      .then(refused('link_not_found'));
    const { expiresAt } = linkIssued().data;
    invoice(...OPENED)
      .when(start({}, { now: expiresAt }))
      .then([feeAccepted(), paymentStarted()]);
    invoice(...OPENED)
      .when(start({}, { now: '2027-01-01T00:00:00.000Z' }))
      .then(refused('link_expired'));
  });
});

const failed: InvoiceCommand = { type: 'RecordPaymentFailed', failure: paymentFailed().data };
const released: InvoiceCommand = { type: 'RecordPaymentReleased', release: paymentReleased().data };
const captured: InvoiceCommand = {
  type: 'RecordPaymentCaptured',
  attemptId: ATTEMPT_ID,
  paymentIntentId: 'pi_1',
  chargeId: 'ch_1',
  chargedMinor: 41_811,
  chargedCurrency: 'USD',
  card: paymentCaptured().data.card,
  capturedAt: paymentCaptured().data.capturedAt,
};

describe('the outcome of an attempt', () => {
  it('is recorded', () => {
    invoice(...PAYING)
      .when(failed)
      .then([paymentFailed()]);
    invoice(...PAYING)
      .when(released)
      .then([paymentReleased()]);
    invoice(...PAYING)
      .when(captured)
      .then([paymentCaptured()]);
  });

  it.each([paymentFailed(), paymentReleased(), paymentCaptured()])(
    'is not replaced by an end, after $type',
    (ended) => {
      invoice(...PAYING, ended)
        .when(failed)
        .then(nothing);
      invoice(...PAYING, ended)
        .when(released)
        .then(nothing);
    },
  );

  it.each([paymentFailed(), paymentReleased()])('is captured although the attempt was given up: $type', (ended) => {
    invoice(...PAYING, ended)
      .when(captured)
      .then([paymentCaptured()]);
  });

  it('is captured once', () =>
    invoice(...PAID)
      .when(captured)
      .then(nothing));

  it('is refused where something else was charged than was accepted', () => {
    invoice(...PAYING)
      .when({ ...captured, chargedMinor: 41_810 })
      .then(refused('total_mismatch', { expected: 41_811, actual: 41_810 }));
    invoice(...PAYING)
      .when({ ...captured, chargedCurrency: 'CAD' })
      .then(refused('total_mismatch'));
  });

  it('is refused for an intent that no attempt names', () => {
    const of = { paymentIntentId: 'pi_2' };
    invoice(...PAYING)
      .when({ ...captured, ...of })
      .then(refused('payment_unknown', of));
    invoice(...PAYING)
      .when({ type: 'RecordPaymentFailed', failure: { ...paymentFailed().data, ...of } })
      .then(refused('payment_unknown', of));
    invoice(...OPENED)
      .when(released)
      .then(refused('payment_unknown'));
  });

  it('leaves the fee out of what the invoice was paid with', () => {
    const state = stateAfter(...PAID);
    expect(state).toMatchObject({ status: 'paid', paidMinor: 40_594, balanceMinor: 0, openAttempt: undefined });
  });

  it('keeps why an attempt failed, and owes as before', () => {
    const state = stateAfter(...PAYING, paymentFailed());
    expect(state).toMatchObject({ status: 'open', balanceMinor: 40_594, openAttempt: undefined });
    expect(state.status !== 'absent' && state.attempts.get(ATTEMPT_ID)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'card_declined', declineCode: 'generic_decline' },
    });
  });

  it('ends its own attempt and not the one that is open now', () => {
    const other = paymentStarted({ attemptId: OTHER_ATTEMPT_ID, paymentIntentId: 'pi_2' });
    const state = stateAfter(...PAYING, paymentReleased(), other, paymentCaptured());
    expect(state.status !== 'absent' && state.openAttempt?.started.attemptId).toBe(OTHER_ATTEMPT_ID);
  });
});

function stateAfter(...events: readonly InvoiceEvent[]) {
  return fold(
    invoiceDecider,
    events.map((event, index) => ({ event, revision: BigInt(index) })),
  );
}
