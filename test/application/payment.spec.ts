import { describe, expect, it } from '@jest/globals';
import { SetFeePolicy } from '../../src/application/branch/set-fee-policy.js';
import { RevokeLink } from '../../src/application/invoice/revoke-link.js';
import { VoidInvoice } from '../../src/application/invoice/void-invoice.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { AMOUNT, FEE, Journey, MINUTE_MS, STARTED } from './journey.js';

describe('a quote', () => {
  it('is exact, names the words of the consent, and records nothing', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    expect(quote).toMatchObject({
      amountMinor: AMOUNT,
      feeMinor: FEE,
      totalMinor: AMOUNT + FEE,
      currency: 'USD',
      consentText: 'I agree to the processing fee of $12.17',
      disclosureText: expect.stringContaining('$12.17'),
      expiresAt: '2026-11-20T12:15:00.000Z',
    });
    expect(journey.types()).toEqual([]);
  });

  it.each([CARDS.debit, CARDS.prepaid, CARDS.unknownFunding])('has no fee and no box for %j', async (card) => {
    const quote = await (await Journey.begin()).quote(card);
    expect(quote).toMatchObject({ feeMinor: 0, totalMinor: AMOUNT, consentText: undefined, disclosureText: undefined });
  });

  it.each([
    ['a ZIP of Connecticut', { country: 'US', postalCode: '06320' }, 0],
    ['a ZIP that contradicts the state', { country: 'US', postalCode: '06320', state: 'TX' }, 0],
    ['a state without a ZIP', { country: 'US', state: 'MA' }, 0],
    ['Colorado', { country: 'US', postalCode: '80202' }, 811],
    ['another country', { country: 'CA' }, 0],
  ])('follows the billing address: %s', async (_name, billing, fee) => {
    expect((await (await Journey.begin()).quote({ ...CARDS.credit, billing })).feeMinor).toBe(fee);
  });

  it('ends with its token where that is sooner', async () => {
    const quote = await (await Journey.begin()).quote({ ...CARDS.credit, expiresInMs: MINUTE_MS });
    expect(quote.expiresAt).toBe('2026-11-20T12:01:00.000Z');
  });

  it('is refused where nothing can be paid', async () => {
    const journey = await Journey.begin({ cards: false });
    await expect(journey.quote(CARDS.credit)).rejects.toMatchObject({ code: 'card_processing_not_set_up' });
    expect(await journey.pageState()).toBe('not_set_up');
    await expect(journey.quote(CARDS.credit, 'DDDDDDDDDDDDDDDD')).rejects.toMatchObject({ code: 'link_not_found' });
  });
});

describe('a payment', () => {
  it('records consent and start before the charge, then the capture', async () => {
    const journey = await Journey.begin();
    const outcome = await journey.pay(CARDS.credit);
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
    const [charge] = journey.charges();
    expect(charge).toMatchObject({ amountMinor: AMOUNT + FEE, currency: 'USD' });
    const captured = journey.events().at(-1)!.data;
    expect(captured).toMatchObject({ amountMinor: AMOUNT, feeMinor: FEE, totalMinor: AMOUNT + FEE });
    expect(outcome).toEqual({ outcome: 'captured', paymentId: captured['paymentId'] });
    expect(await journey.pageState()).toBe('paid');
  });

  it('without a fee records no consent', async () => {
    const journey = await Journey.begin();
    expect(await journey.submit(await journey.quote(CARDS.debit), { accepted: false })).toMatchObject({
      outcome: 'captured',
    });
    expect(journey.types()).toEqual(['LinkOpened', 'PaymentStarted', 'PaymentCaptured']);
  });

  it('keeps as evidence the very words that were shown', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    await journey.submit(quote);
    const accepted = journey.events().find(({ type }) => type === 'FeeAccepted')!.data;
    const { quoteId, quoteHash, consentText, disclosureText } = quote;
    expect(accepted).toMatchObject({
      quoteId,
      quoteHash,
      consentText,
      disclosureText,
      feeMinor: FEE,
      policyVersion: '2',
    });
  });

  it.each([
    ['declined', 'card_declined', 'generic_decline'],
    ['insufficientFunds', 'card_declined', 'insufficient_funds'],
    ['expired', 'expired_card', 'expired_card'],
    ['incorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
  ] as const)(
    'that is refused (%s) leaves an intent that can charge no more, and no fee',
    async (card, code, declineCode) => {
      const journey = await Journey.begin();
      expect(await journey.pay(CARDS[card])).toEqual({ outcome: 'failed', code, declineCode });
      expect(journey.types()).toEqual([...STARTED, 'PaymentFailed']);
      expect(journey.world.processor.all().map(({ status }) => status)).toEqual(['canceled']);
      expect(await journey.pageState()).toBe('payable');
      expect(await journey.pay(CARDS.debit)).toMatchObject({ outcome: 'captured' });
      expect(journey.charges()).toMatchObject([{ amountMinor: AMOUNT }]);
    },
  );

  it('that is slow is being checked, and settled when the processor knows', async () => {
    const journey = await Journey.begin();
    expect(await journey.pay(CARDS.slow)).toEqual({ outcome: 'checking' });
    expect(await journey.pageState()).toBe('checking');
    expect(await journey.release()).toEqual({ outcome: 'checking' });
    journey.world.processor.finishSlow(journey.world.processor.all()[0]!.paymentIntentId);
    expect(await journey.settle()).toMatchObject({ outcome: 'captured' });
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
  });
});

describe('a submit is refused and leaves no trace', () => {
  it.each([
    ['without the box', 'consent_missing', (j: Journey) => j, { accepted: false }],
    [
      'after the quote ended',
      'quote_expired',
      (j: Journey) => {
        j.world.clock.advance(15 * MINUTE_MS + 1);
      },
      {},
    ],
    [
      'after the fee policy changed',
      'quote_changed',
      (j: Journey) =>
        j.app.ask(new SetFeePolicy({ branchId: j.branchId, policy: { enabled: true, rateBps: 100 } }, by('staff:1'))),
      {},
    ],
    [
      'after the invoice was voided',
      'invoice_void',
      (j: Journey) => j.app.ask(new VoidInvoice({ invoiceId: j.invoiceId, reason: 'x' }, by('staff:1'))),
      {},
    ],
    [
      'after the link was revoked',
      'link_revoked',
      (j: Journey) => j.app.ask(new RevokeLink({ invoiceId: j.invoiceId, linkId: j.linkId }, by('staff:1'))),
      {},
    ],
    [
      'after the link ended',
      'link_expired',
      (j: Journey) => {
        j.world.clock.advance(200 * 24 * 60 * MINUTE_MS);
      },
      {},
    ],
  ])('%s: %s', async (_name, code, before, submit) => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    await Promise.resolve(before(journey));
    await expect(journey.submit(quote, submit)).rejects.toMatchObject({ code });
    expect(journey.types()).not.toContain('PaymentStarted');
    expect(journey.world.processor.all()).toEqual([]);
  });

  it('with a quote of another link, another hash, or none', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    const other = await journey.anotherLink();
    const changed = { code: 'quote_changed' };
    await expect(journey.submit(quote, { linkId: other })).rejects.toMatchObject(changed);
    await expect(journey.submit({ ...quote, quoteHash: 'aa' })).rejects.toMatchObject(changed);
    await expect(journey.submit({ ...quote, quoteId: 'none' })).rejects.toMatchObject(changed);
    expect(journey.types()).toEqual([]);
  });

  it('of a paid invoice, by a quote that is older than the payment', async () => {
    const journey = await Journey.begin();
    const old = await journey.quote(CARDS.credit);
    await journey.pay(CARDS.debit);
    await expect(journey.submit(old)).rejects.toMatchObject({ code: 'invoice_paid' });
    expect(journey.charges()).toHaveLength(1);
  });
});
