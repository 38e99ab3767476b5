import { describe, expect, it } from '@jest/globals';
import { SetFeePolicy } from '../../src/application/branch/set-fee-policy.js';
import { RevokeLink } from '../../src/application/invoice/revoke-link.js';
import { VoidInvoice } from '../../src/application/invoice/void-invoice.js';
import { SETTLE_PAYMENT } from '../../src/application/jobs/job-names.js';
import { ReleaseOpenPayment } from '../../src/application/pay/release-open-payment.js';
import { SettleIntent } from '../../src/application/pay/settle-intent.js';
import { SettleOpenPayment } from '../../src/application/pay/settle-open-payment.js';
import { ViewPayPage } from '../../src/application/pay/view-pay-page.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { AMOUNT, FEE, Journey } from './journey.js';

const STARTED = ['LinkOpened', 'FeeAccepted', 'PaymentStarted'];
const MINUTE_MS = 60_000;

const release = (journey: Journey, linkId = journey.linkId) =>
  journey.app.ask(new ReleaseOpenPayment({ linkId }, journey.customer(linkId)));
const settle = (journey: Journey, linkId = journey.linkId) =>
  journey.app.ask(new SettleOpenPayment({ linkId }, journey.customer(linkId)));
const pageState = async (journey: Journey, linkId = journey.linkId) =>
  (await journey.app.ask(new ViewPayPage({ linkId }))).state;
const webhook = (journey: Journey, paymentIntentId: string) =>
  journey.app.ask(new SettleIntent({ paymentIntentId }, by('system:webhook')));
const settleJob = (journey: Journey) =>
  journey.app.runJob({
    name: SETTLE_PAYMENT,
    id: 'x',
    payload: { invoiceId: journey.invoiceId, cause: 'x' },
    delayMs: 0,
  });

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
    expect(await pageState(journey)).toBe('not_set_up');
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
    expect(await pageState(journey)).toBe('paid');
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
      expect(await pageState(journey)).toBe('payable');
      expect(await journey.pay(CARDS.debit)).toMatchObject({ outcome: 'captured' });
      expect(journey.charges()).toMatchObject([{ amountMinor: AMOUNT }]);
    },
  );

  it('that is slow is being checked, and settled when the processor knows', async () => {
    const journey = await Journey.begin();
    expect(await journey.pay(CARDS.slow)).toEqual({ outcome: 'checking' });
    expect(await pageState(journey)).toBe('checking');
    expect(await release(journey)).toEqual({ outcome: 'checking' });
    journey.world.processor.finishSlow(journey.world.processor.all()[0]!.paymentIntentId);
    expect(await settle(journey)).toMatchObject({ outcome: 'captured' });
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
    await before(journey);
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

describe('the bank’s step', () => {
  it('waits for the customer, survives a reload, and captures when the bank agrees', async () => {
    const journey = await Journey.begin();
    const waiting = await journey.pay(CARDS.threeDSecure);
    expect(waiting).toEqual({ outcome: 'requires_action', clientSecret: expect.stringContaining('pi_') });
    const page = await journey.app.ask(new ViewPayPage({ linkId: journey.linkId }));
    expect(page).toMatchObject({ state: 'bank_step', clientSecret: expect.stringContaining('pi_') });
    journey.world.processor.authenticate(journey.world.processor.all()[0]!.paymentIntentId, 'complete');
    expect(await settle(journey)).toMatchObject({ outcome: 'captured' });
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
  });

  it('that the customer fails says so to whoever asks, also when the webhook was first', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    const { paymentIntentId } = journey.world.processor.all()[0]!;
    journey.world.processor.authenticate(paymentIntentId, 'fail');
    await webhook(journey, paymentIntentId);
    expect(await settle(journey)).toEqual({
      outcome: 'failed',
      code: 'payment_intent_authentication_failure',
      declineCode: undefined,
    });
    expect(journey.types()).toEqual([...STARTED, 'PaymentFailed']);
  });

  it('can be left for another card', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    expect(await release(journey)).toEqual({ outcome: 'released' });
    expect(await release(journey)).toEqual({ outcome: 'released' });
    expect(await journey.pay(CARDS.credit)).toMatchObject({ outcome: 'captured' });
    expect(journey.types()).toEqual([
      ...STARTED,
      'PaymentReleased',
      'FeeAccepted',
      'PaymentStarted',
      'PaymentCaptured',
    ]);
    expect(journey.charges()).toHaveLength(1);
  });

  it.each(['before anybody heard of it', 'after the webhook told'])(
    'that was faster wins over another card: %s',
    async (when) => {
      const journey = await Journey.begin();
      await journey.pay(CARDS.threeDSecure);
      const { paymentIntentId } = journey.world.processor.all()[0]!;
      journey.world.processor.authenticate(paymentIntentId, 'complete');
      if (when === 'after the webhook told') await webhook(journey, paymentIntentId);
      expect(await release(journey)).toMatchObject({ outcome: 'captured' });
      expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
    },
  );

  it('is given up after an hour, by the sweep', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    journey.world.clock.advance(59 * MINUTE_MS);
    await settleJob(journey);
    expect(journey.types()).toEqual(STARTED);
    journey.world.clock.advance(MINUTE_MS);
    await settleJob(journey);
    expect(journey.types()).toEqual([...STARTED, 'PaymentReleased']);
    expect(journey.world.processor.all()[0]!.status).toBe('canceled');
  });

  it('is not for the holder of another link', async () => {
    const journey = await Journey.begin();
    const other = await journey.anotherLink();
    await journey.pay(CARDS.threeDSecure);
    const page = await journey.app.ask(new ViewPayPage({ linkId: other }));
    expect(page).toMatchObject({ state: 'in_progress_elsewhere', clientSecret: undefined });
    expect(await settle(journey, other)).toEqual({ outcome: 'checking' });
    await expect(release(journey, other)).rejects.toMatchObject({ code: 'payment_in_progress' });
    const quote = await journey.quote(CARDS.debit, other);
    await expect(journey.submit(quote, { linkId: other })).rejects.toMatchObject({
      code: 'payment_in_progress',
      details: { sameLink: false },
    });
    journey.world.processor.authenticate(journey.world.processor.all()[0]!.paymentIntentId, 'fail');
    expect(await settle(journey, other)).toEqual({ outcome: 'released' });
    expect(await settle(journey)).toMatchObject({ outcome: 'failed' });
  });

  it('keeps staff from voiding the invoice', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    const voiding = journey.app.ask(new VoidInvoice({ invoiceId: journey.invoiceId, reason: 'x' }, by('staff:1')));
    await expect(voiding).rejects.toMatchObject({ code: 'payment_in_progress' });
  });
});

describe('the same payment from several sides', () => {
  it('submitted twice at once by one quote is one attempt and one charge', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    const outcomes = await Promise.all([journey.submit(quote), journey.submit(quote)]);
    expect(outcomes.map(({ outcome }) => outcome)).toContain('captured');
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
    expect(journey.charges()).toHaveLength(1);
    expect(await journey.submit(quote)).toMatchObject({ outcome: 'captured' });
  });

  it('submitted again after a refusal hears the refusal again', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.declined);
    const first = await journey.submit(quote);
    expect(await journey.submit(quote)).toEqual(first);
    expect(journey.types()).toEqual([...STARTED, 'PaymentFailed']);
  });

  it('submitted again after a release stays released', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.threeDSecure);
    await journey.submit(quote);
    expect(await journey.submit(quote)).toMatchObject({ outcome: 'requires_action' });
    await release(journey);
    expect(await journey.submit(quote)).toEqual({ outcome: 'released' });
  });

  it.each(['one link', 'two links'])('in two tabs by %s charges once', async (links) => {
    const journey = await Journey.begin();
    const second = links === 'one link' ? journey.linkId : await journey.anotherLink();
    const quotes = [await journey.quote(CARDS.credit), await journey.quote(CARDS.debit, second)] as const;
    const outcomes = await Promise.allSettled([
      journey.submit(quotes[0]),
      journey.submit(quotes[1], { linkId: second }),
    ]);
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(1);
    expect(['payment_in_progress', 'invoice_paid', 'quote_changed']).toContain(
      (refused[0]!.reason as { code: string }).code,
    );
    expect(journey.charges()).toHaveLength(1);
    expect(journey.types().filter((type) => type === 'PaymentCaptured')).toHaveLength(1);
    const left = journey.world.processor.all().map(({ status }) => status);
    expect(left.sort()).toEqual(['canceled', 'succeeded']);
  });

  it('reported by webhook, return and sweep at once is one event', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    const { paymentIntentId } = journey.world.processor.all()[0]!;
    journey.world.processor.authenticate(paymentIntentId, 'complete');
    await Promise.all([
      webhook(journey, paymentIntentId),
      settle(journey),
      settleJob(journey),
      webhook(journey, paymentIntentId),
    ]);
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
    expect(await settle(journey)).toMatchObject({ outcome: 'captured' });
  });

  it('refused, with the webhook of the cancellation in between, is recorded as refused', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    const { processor } = journey.world;
    const { paymentIntentId } = processor.all()[0]!;
    processor.authenticate(paymentIntentId, 'fail');
    await processor.cancelIntent({ mode: 'platform' }, paymentIntentId);
    await webhook(journey, paymentIntentId);
    expect(journey.types()).toEqual([...STARTED, 'PaymentFailed']);
  });

  it('is recorded also where the attempt was given up before the news came', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.credit);
    await webhook(journey, journey.charges()[0]!.paymentIntentId);
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
  });

  it('is no business of ours where the intent names no invoice or an attempt that is not there', async () => {
    const journey = await Journey.begin();
    const make = (metadata: Record<string, string>) =>
      journey.world.processor.createIntent(
        { mode: 'platform' },
        { amountMinor: 1, currency: 'USD', metadata, description: '', idempotencyKey: JSON.stringify(metadata) },
      );
    await webhook(journey, (await make({})).paymentIntentId);
    await webhook(journey, (await make({ invoiceId: journey.invoiceId, attemptId: 'x' })).paymentIntentId);
    await webhook(journey, (await make({ invoiceId: 'x', attemptId: 'x' })).paymentIntentId);
    expect(journey.types()).toEqual([]);
  });
});
