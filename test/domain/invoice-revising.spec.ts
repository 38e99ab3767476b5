import { describe, it } from '@jest/globals';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import { given, nothing, refused } from '../support/given.js';
import {
  BROWSER,
  invoiceRegistered,
  invoiceRevised,
  invoiceVoided,
  LINK_ID,
  linkIssued,
  OTHER_ATTEMPT_ID,
  paymentFailed,
  paymentRecorded,
  paymentStarted,
  PAYING,
} from '../support/given-invoice.js';

const invoice = (...events: readonly InvoiceEvent[]) => given(invoiceDecider, events);
const revise = (changes: Parameters<typeof invoiceRevised>[0] = {}, seenRevision?: bigint) => ({
  type: 'ReviseInvoice' as const,
  data: invoiceRevised(changes).data,
  seenRevision,
});
const asRegistered = () => {
  const { issuedOn, dueOn, customerId, customer, lines, taxMinor, totalMinor } = invoiceRegistered().data;
  return { issuedOn, dueOn, customerId, customer, lines, taxMinor, totalMinor };
};

describe('revising an invoice', () => {
  it('replaces what it says', () => invoice(invoiceRegistered()).when(revise()).then([invoiceRevised()]));

  it('finds nothing to do where nothing changes, also while somebody pays', () => {
    invoice(invoiceRegistered()).when(revise(asRegistered())).then(nothing);
    invoice(invoiceRegistered(), invoiceRevised()).when(revise()).then(nothing);
    invoice(...PAYING)
      .when(revise(asRegistered()))
      .then(nothing);
  });

  it.each([
    { issuedOn: '2026-11-02' },
    { externalId: 'erp-7' },
    { locale: 'es-US' },
    { customer: { name: 'Ada Byron', email: 'ada@example.net' } },
    { customer: { name: 'Ada Byron', email: 'ada@example.com', address: ['1 Main Street'] } },
    { lines: [{ description: 'Monthly service', quantity: '1', unitPriceMinor: 38_000, amountMinor: 38_000 }] },
  ])('sees that %j is a change', (changes) => {
    invoice(invoiceRegistered(), invoiceRevised())
      .when(revise(changes))
      .then([invoiceRevised(changes)]);
  });

  it('takes away what the revision leaves out', () => {
    const before = invoiceRevised({ externalId: 'erp-7', locale: 'es-US' });
    invoice(invoiceRegistered(), before).when(revise()).then([invoiceRevised()]);
    invoice(invoiceRegistered(), before, invoiceRevised()).when(revise()).then(nothing);
  });

  it('refuses what a new invoice would be refused for', () => {
    const registered = invoice(invoiceRegistered());
    registered.when(revise({ totalMinor: 1 })).then(refused('total_mismatch', { expected: 1, actual: 38_000 }));
    registered.when(revise({ dueOn: '2026-10-31' })).then(refused('invalid_due_date'));
    const lines = [{ description: 'x', quantity: '1', unitPriceMinor: -1, amountMinor: -1 }];
    registered.when(revise({ lines, totalMinor: -1 })).then(refused('amount_out_of_range'));
    invoice().when(revise()).then(refused('invoice_not_found'));
  });

  it('keeps the customer', () => {
    invoice(invoiceRegistered())
      .when(revise({ customerId: 'somebody-else' }))
      .then(refused('customer_differs', { customerId: invoiceRegistered().data.customerId }));
  });

  it('is refused while somebody pays, and on a void invoice', () => {
    invoice(...PAYING)
      .when(revise())
      .then(refused('payment_in_progress'));
    invoice(...PAYING, paymentFailed())
      .when(revise())
      .then([invoiceRevised()]);
    invoice(invoiceRegistered(), invoiceVoided()).when(revise()).then(refused('invoice_void'));
  });

  it('is refused below what was paid, and makes paid what was paid in full', () => {
    const paid = invoice(invoiceRegistered(), paymentRecorded({ amountMinor: 38_000 }));
    const lines = [{ description: 'x', quantity: '1', unitPriceMinor: 37_999, amountMinor: 37_999 }];
    paid.when(revise({ lines, totalMinor: 37_999 })).then(refused('total_below_paid', { total: 37_999, paid: 38_000 }));
    paid.when(revise()).then([invoiceRevised()]);
    invoice(invoiceRegistered(), paymentRecorded({ amountMinor: 38_000 }), invoiceRevised())
      .when({ type: 'IssueLink', link: { linkId: LINK_ID, channel: 'none', expiresAt: '2026-12-31T00:00:00.000Z' } })
      .then(refused('invoice_paid'));
  });

  it('holds If-Match against the payable version', () => {
    invoice(invoiceRegistered(), linkIssued()).when(revise({}, 0n)).then([invoiceRevised()]);
    invoice(invoiceRegistered(), paymentRecorded()).when(revise({}, 0n)).then(refused('version_changed'));
    invoice(invoiceRegistered()).when(revise({}, 7n)).then(refused('version_changed'));
  });

  it('ends quotes that were made before', () => {
    const {
      currency: _c,
      totalMinor: _t,
      branchId: _b,
      processor: _p,
      ...payment
    } = paymentStarted({
      attemptId: OTHER_ATTEMPT_ID,
      payableVersion: '0',
      feeMinor: 0,
    }).data;
    invoice(invoiceRegistered(), linkIssued(), invoiceRevised())
      .when({ type: 'StartPayment', payment, consent: undefined, browser: BROWSER, now: '2026-11-20T12:00:00.000Z' })
      .then(refused('quote_changed'));
  });
});
