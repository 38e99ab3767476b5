/** Any way in which money comes to an invoice and goes again, played on its decider; the sums are kept beside it. */
import fc from 'fast-check';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import type { Invoice, InvoiceState } from '../../src/domain/invoice/state.js';
import { BROWSER, invoiceRegistered, invoiceRevised, LINK_ID, linkIssued } from './given-invoice.js';

const NOW = '2026-11-20T12:00:00.000Z';
const METHODS = ['cash', 'check', 'transfer', 'other'] as const;

type Move =
  | { readonly kind: 'record'; readonly amountMinor: number; readonly method: (typeof METHODS)[number] }
  | { readonly kind: 'reverse'; readonly which: number }
  | { readonly kind: 'revise'; readonly totalMinor: number }
  | { readonly kind: 'start' | 'capture' | 'fail' };

const amount = fc.integer({ min: 1, max: 60_000 });

export const moneyMoves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('record' as const), amountMinor: amount, method: fc.constantFrom(...METHODS) }),
    fc.record({ kind: fc.constant('reverse' as const), which: fc.nat({ max: 5 }) }),
    fc.record({ kind: fc.constant('revise' as const), totalMinor: amount }),
    fc.record({ kind: fc.constantFrom('start' as const, 'capture' as const, 'fail' as const) }),
  ),
  { maxLength: 25 },
);

export interface Played {
  readonly state: Invoice;
  readonly events: readonly InvoiceEvent[];
  readonly refusal: unknown;
  readonly paidMinor: number;
  readonly totalMinor: number;
}

/** What stands after each move. `name` keeps the payments of two plays apart. */
export function playMoves(moves: readonly Move[], name = 'play'): readonly Played[] {
  const first = [invoiceRegistered(), linkIssued()];
  let state = first.reduce<InvoiceState>(
    (folded, event, index) => invoiceDecider.evolve(folded, event, BigInt(index)),
    invoiceDecider.initialState,
  ) as Invoice;
  let revision = BigInt(first.length) - 1n;
  const played: Played[] = [{ state, events: first, refusal: undefined, paidMinor: 0, totalMinor: 40_594 }];
  moves.forEach((move, index) => {
    let { paidMinor, totalMinor } = played.at(-1)!;
    const command = commandOf(move, state, idOf(name, index));
    let events: readonly InvoiceEvent[] = [];
    let refusal: unknown;
    try {
      events = command ? invoiceDecider.decide(command, state) : [];
    } catch (error) {
      refusal = error;
    }
    for (const event of events) {
      if (event.type === 'PaymentRecorded' || event.type === 'PaymentCaptured') paidMinor += event.data.amountMinor;
      if (event.type === 'PaymentRecordReversed') {
        paidMinor -= state.recorded.get(event.data.paymentId)!.recorded.amountMinor;
      }
      if (event.type === 'InvoiceRevised') totalMinor = event.data.totalMinor;
      revision += 1n;
      state = invoiceDecider.evolve(state, event, revision) as Invoice;
    }
    played.push({ state, events, refusal, paidMinor, totalMinor });
  });
  return played;
}

function commandOf(move: Move, state: Invoice, id: string): InvoiceCommand | undefined {
  switch (move.kind) {
    case 'record': {
      const { amountMinor, method } = move;
      const payment = { paymentId: id, method, amountMinor, receivedOn: '2026-11-20' };
      return { type: 'RecordPayment', payment, today: '2026-11-20', seenRevision: undefined };
    }
    case 'reverse': {
      const ids = [...state.recorded.keys()];
      const paymentId = ids[move.which % Math.max(1, ids.length)] ?? id;
      return { type: 'ReversePaymentRecord', paymentId, reason: 'It came back', seenRevision: undefined };
    }
    case 'revise': {
      const { totalMinor } = move;
      const lines = [{ description: 'x', quantity: '1', unitPriceMinor: totalMinor, amountMinor: totalMinor }];
      return { type: 'ReviseInvoice', data: invoiceRevised({ lines, totalMinor }).data, seenRevision: undefined };
    }
    case 'start':
      return start(state, id);
    case 'capture':
    case 'fail':
      return end(state, move.kind);
  }
}

function start(state: Invoice, attemptId: string): InvoiceCommand {
  return {
    type: 'StartPayment',
    payment: {
      ...{ attemptId, linkId: LINK_ID, paymentIntentId: `pi_${attemptId}`, confirmationTokenId: 'ct', feeMinor: 0 },
      ...{ amountMinor: state.balanceMinor, payableVersion: String(state.payableVersion), startedAt: NOW },
      account: { mode: 'platform' },
    },
    consent: undefined,
    browser: BROWSER,
    now: NOW,
  };
}

/** An attempt ends as the processor says; without one there is nothing to end. */
function end({ openAttempt }: Invoice, how: 'capture' | 'fail'): InvoiceCommand | undefined {
  if (!openAttempt) return undefined;
  const { attemptId, paymentIntentId, totalMinor, currency } = openAttempt.started;
  if (how === 'fail') {
    return { type: 'RecordPaymentFailed', failure: { attemptId, paymentIntentId, code: 'card_declined' } };
  }
  return {
    type: 'RecordPaymentCaptured',
    ...{ attemptId, paymentIntentId, chargeId: `ch_${attemptId}`, capturedAt: NOW },
    ...{ chargedMinor: totalMinor, chargedCurrency: currency },
    card: { brand: 'visa', last4: '4242', funding: 'debit' },
  };
}

function idOf(name: string, index: number): string {
  const digits = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffffff, 7);
  return `${digits.toString(16).padStart(8, '0')}-0000-5000-8000-${String(index).padStart(12, '0')}`;
}
