import { describe, expect, it } from '@jest/globals';
import { RevokeLink } from '../../src/application/invoice/revoke-link.js';
import { VoidInvoice } from '../../src/application/invoice/void-invoice.js';
import { ViewPayPage } from '../../src/application/pay/view-pay-page.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { Journey, MINUTE_MS, STARTED } from './journey.js';

describe('the bank’s step', () => {
  it('waits for the customer, survives a reload, and captures when the bank agrees', async () => {
    const journey = await Journey.begin();
    const waiting = await journey.pay(CARDS.threeDSecure);
    expect(waiting).toEqual({ outcome: 'requires_action', clientSecret: expect.stringContaining('pi_') });
    const page = await journey.app.ask(new ViewPayPage({ linkId: journey.linkId }));
    expect(page).toMatchObject({ state: 'bank_step', clientSecret: expect.stringContaining('pi_') });
    journey.world.processor.authenticate(journey.world.processor.all()[0]!.paymentIntentId, 'complete');
    expect(await journey.settle()).toMatchObject({ outcome: 'captured' });
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
  });

  it('goes on for whoever is paying when staff revoke the link meanwhile, and for nobody else', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    const { invoiceId, linkId } = journey;
    await journey.app.ask(new RevokeLink({ invoiceId, linkId }, by('staff:1')));
    expect(await journey.pageState()).toBe('bank_step');
    journey.world.processor.authenticate(journey.world.processor.all()[0]!.paymentIntentId, 'complete');
    await journey.settle();
    expect(await journey.pageState()).toBe('paid');
    const unpaid = await Journey.begin();
    await unpaid.app.ask(new RevokeLink({ invoiceId: unpaid.invoiceId, linkId: unpaid.linkId }, by('staff:1')));
    expect(await unpaid.pageState()).toBe('revoked');
  });

  it('that the customer fails says so to whoever asks, also when the webhook was first', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    const { paymentIntentId } = journey.world.processor.all()[0]!;
    journey.world.processor.authenticate(paymentIntentId, 'fail');
    await journey.webhook(paymentIntentId);
    expect(await journey.settle()).toEqual({
      outcome: 'failed',
      code: 'payment_intent_authentication_failure',
      declineCode: undefined,
    });
    expect(journey.types()).toEqual([...STARTED, 'PaymentFailed']);
  });

  it('can be left for another card', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    expect(await journey.release()).toEqual({ outcome: 'released' });
    expect(await journey.release()).toEqual({ outcome: 'released' });
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
      if (when === 'after the webhook told') await journey.webhook(paymentIntentId);
      expect(await journey.release()).toMatchObject({ outcome: 'captured' });
      expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
    },
  );

  it('is given up after an hour, by the sweep', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    journey.world.clock.advance(59 * MINUTE_MS);
    await journey.settleJob();
    expect(journey.types()).toEqual(STARTED);
    journey.world.clock.advance(MINUTE_MS);
    await journey.settleJob();
    expect(journey.types()).toEqual([...STARTED, 'PaymentReleased']);
    expect(journey.world.processor.all()[0]!.status).toBe('canceled');
  });

  it('is not for the holder of another link', async () => {
    const journey = await Journey.begin();
    const other = await journey.anotherLink();
    await journey.pay(CARDS.threeDSecure);
    const page = await journey.app.ask(new ViewPayPage({ linkId: other }));
    expect(page).toMatchObject({ state: 'in_progress_elsewhere', clientSecret: undefined });
    expect(await journey.settle(other)).toEqual({ outcome: 'checking' });
    await expect(journey.release(other)).rejects.toMatchObject({ code: 'payment_in_progress' });
    const quote = await journey.quote(CARDS.debit, other);
    await expect(journey.submit(quote, { linkId: other })).rejects.toMatchObject({
      code: 'payment_in_progress',
      details: { sameLink: false },
    });
    journey.world.processor.authenticate(journey.world.processor.all()[0]!.paymentIntentId, 'fail');
    expect(await journey.settle(other)).toEqual({ outcome: 'released' });
    expect(await journey.settle()).toMatchObject({ outcome: 'failed' });
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
    await journey.release();
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
      journey.webhook(paymentIntentId),
      journey.settle(),
      journey.settleJob(),
      journey.webhook(paymentIntentId),
    ]);
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
    expect(await journey.settle()).toMatchObject({ outcome: 'captured' });
  });

  it('refused, with the webhook of the cancellation in between, is recorded as refused', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.threeDSecure);
    const { processor } = journey.world;
    const { paymentIntentId } = processor.all()[0]!;
    processor.authenticate(paymentIntentId, 'fail');
    await processor.cancelIntent({ mode: 'platform' }, paymentIntentId);
    await journey.webhook(paymentIntentId);
    expect(journey.types()).toEqual([...STARTED, 'PaymentFailed']);
  });

  it('is recorded also where the attempt was given up before the news came', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.credit);
    await journey.webhook(journey.charges()[0]!.paymentIntentId);
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
  });

  it('is no business of ours where the intent names no invoice or an attempt that is not there', async () => {
    const journey = await Journey.begin();
    const make = (metadata: Record<string, string>) =>
      journey.world.processor.createIntent(
        { mode: 'platform' },
        { amountMinor: 1, currency: 'USD', metadata, description: '', idempotencyKey: JSON.stringify(metadata) },
      );
    await journey.webhook((await make({})).paymentIntentId);
    await journey.webhook((await make({ invoiceId: journey.invoiceId, attemptId: 'x' })).paymentIntentId);
    await journey.webhook((await make({ invoiceId: 'x', attemptId: 'x' })).paymentIntentId);
    expect(journey.types()).toEqual([]);
  });
});
