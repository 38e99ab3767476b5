import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stripe } from 'stripe';
import {
  answerThreeDSecure,
  PUBLISHABLE_KEY,
  rejection,
  startStripeServer,
  type StripeServer,
  typeCard,
} from './stripe-server.js';

let server: StripeServer;
let stripe: Stripe;

beforeAll(async () => {
  server = await startStripeServer();
  stripe = server.client();
});
afterAll(() => server.stop());

const newIntent = (amount = 41_811): Promise<Stripe.Response<Stripe.PaymentIntent>> =>
  stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    description: 'Invoice INV-1001',
    metadata: { invoice: 'INV-1001' },
  });
const tokenOf = (name: string): Promise<Stripe.Response<Stripe.ConfirmationToken>> =>
  stripe.testHelpers.confirmationTokens.create({ payment_method: name });

describe('a card form', () => {
  it.each([
    ['4242424242424242', 'visa', 'credit', 'US', '4242'],
    ['4000 0566 5566 5556', 'visa', 'debit', 'US', '5556'],
    ['5105105105105100', 'mastercard', 'prepaid', 'US', '5100'],
    ['378282246310005', 'amex', 'credit', 'US', '0005'],
    ['4000002760003184', 'visa', 'credit', 'DE', '3184'],
  ])('makes a token of %s that tells brand, funding, country and last four', async (number, ...told) => {
    const made = await typeCard(server.origin, number, {
      'payment_method_data[billing_details][address][country]': 'US',
      'payment_method_data[billing_details][address][postal_code]': '10001',
    });
    const token = await stripe.confirmationTokens.retrieve(made.id);
    const card = token.payment_method_preview?.card;
    expect([card?.brand, card?.funding, card?.country, card?.last4]).toEqual(told);
    expect(token.payment_method_preview?.billing_details.address).toMatchObject({
      country: 'US',
      postal_code: '10001',
    });
    expect(token).toMatchObject({ payment_intent: null, livemode: false, use_stripe_sdk: true });
    expect(token.expires_at).toBe(token.created + 12 * 3600);
  });

  it.each([
    ['4242424242424241', {}, 'incorrect_number', 'number'],
    ['4539578763621486', {}, 'card_declined', null],
    ['4242424242424242', { 'payment_method_data[card][exp_month]': '13' }, 'invalid_expiry_month', 'exp_month'],
    ['4242424242424242', { 'payment_method_data[card][exp_year]': '2020' }, 'invalid_expiry_year', 'exp_year'],
    ['4242424242424242', { 'payment_method_data[card][cvc]': '12' }, 'invalid_cvc', 'cvc'],
  ])('is told what is wrong with %s and %o', async (number, more, code, param) => {
    await expect(typeCard(server.origin, number, more)).rejects.toMatchObject({
      status: 402,
      code,
      ...(param === null ? {} : { param }),
    });
  });

  it('leaves no whole card number anywhere in the database', async () => {
    await typeCard(server.origin, '5555555555554444');
    const dump = await server.pool.query<{ row: string }>(
      'select o::text as row from stripe_stand_in.object o union all select i::text from stripe_stand_in.idempotency i',
    );
    expect(dump.rows.length).toBeGreaterThan(0);
    expect(dump.rows.filter(({ row }) => /5555555555554444|4242424242424242/.test(row))).toEqual([]);
  });
});

describe('a payment', () => {
  it('moves no money before it is confirmed, and then exactly what was said', async () => {
    const intent = await newIntent();
    expect(intent).toMatchObject({ status: 'requires_payment_method', amount_received: 0, latest_charge: null });
    const token = await tokenOf('pm_card_visa');
    const confirmed = await stripe.paymentIntents.confirm(intent.id, {
      confirmation_token: token.id,
      amount_to_confirm: 41_811,
      expand: ['latest_charge.balance_transaction'],
    });
    expect(confirmed).toMatchObject({
      status: 'succeeded',
      amount_received: 41_811,
      metadata: { invoice: 'INV-1001' },
    });
    const charge = confirmed.latest_charge as Stripe.Charge;
    expect(charge).toMatchObject({ amount: 41_811, paid: true, captured: true, payment_intent: intent.id });
    expect(charge.payment_method_details?.card).toMatchObject({ brand: 'visa', last4: '4242', funding: 'credit' });
    expect(charge.balance_transaction).toMatchObject({ amount: 41_811, fee: 1243, net: 40_568 });
    const again = await stripe.paymentIntents.retrieve(intent.id);
    expect(again.latest_charge).toBe(charge.id);
    expect((await stripe.confirmationTokens.retrieve(token.id)).payment_intent).toBe(intent.id);
    expect((await stripe.charges.list({ payment_intent: intent.id })).data.map(({ id }) => id)).toEqual([charge.id]);
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])('with %s is declined as %s (%s), and another card can pay', async (name, code, declineCode) => {
    const intent = await newIntent();
    const declined = await rejection(
      stripe.paymentIntents.confirm(intent.id, { confirmation_token: (await tokenOf(name)).id }),
    );
    expect(declined).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, decline_code: declineCode });
    expect(declined.payment_intent).toMatchObject({ id: intent.id, status: 'requires_payment_method' });
    const after = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
    expect(after.last_payment_error).toMatchObject({ code, decline_code: declineCode });
    expect(after.latest_charge).toMatchObject({ status: 'failed', failure_code: code });
    const paid = await stripe.paymentIntents.confirm(intent.id, {
      confirmation_token: (await tokenOf('pm_card_visa_debit')).id,
    });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  it('by a card that asks for 3-D Secure waits for it, then succeeds', async () => {
    const intent = await newIntent();
    const token = await typeCard(server.origin, '4000002760003184');
    const waiting = await stripe.paymentIntents.confirm(intent.id, { confirmation_token: token.id });
    expect(waiting).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
    expect((await stripe.charges.list({ payment_intent: intent.id })).data).toEqual([]);
    await answerThreeDSecure(server.origin, waiting, 'complete');
    await answerThreeDSecure(server.origin, waiting, 'fail');
    const paid = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
    expect(paid).toMatchObject({ status: 'succeeded', next_action: null });
    const card = (paid.latest_charge as Stripe.Charge).payment_method_details?.card;
    expect(card?.three_d_secure).toMatchObject({ result: 'authenticated' });
  });

  it('that fails 3-D Secure takes no money and says why', async () => {
    const intent = await newIntent();
    const token = await tokenOf('pm_card_authenticationRequired');
    const waiting = await stripe.paymentIntents.confirm(intent.id, {
      confirmation_token: token.id,
      return_url: 'http://127.0.0.1/back',
    });
    expect(waiting.next_action?.redirect_to_url).toMatchObject({ return_url: 'http://127.0.0.1/back' });
    await answerThreeDSecure(server.origin, waiting, 'fail');
    const failed = await stripe.paymentIntents.retrieve(intent.id);
    expect(failed).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  it('refuses the bank step to whoever does not know the client secret', async () => {
    const intent = await newIntent();
    const guess = { ...intent, client_secret: `${intent.id}_secret_guess` };
    expect((await answerThreeDSecure(server.origin, guess, 'complete')).status).toBe(404);
  });

  it('of two confirmations at once makes one charge', async () => {
    const intent = await newIntent();
    const tokens = await Promise.all([tokenOf('pm_card_visa'), tokenOf('pm_card_visa')]);
    const outcomes = await Promise.allSettled(
      tokens.map((token) => stripe.paymentIntents.confirm(intent.id, { confirmation_token: token.id })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await stripe.charges.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });

  it('of a confirmation and a cancellation at once keeps exactly one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const intent = await newIntent();
      const token = await tokenOf('pm_card_visa');
      const outcomes = await Promise.allSettled([
        stripe.paymentIntents.confirm(intent.id, { confirmation_token: token.id }),
        stripe.paymentIntents.cancel(intent.id),
      ]);
      const [confirmed, cancelled] = outcomes.map(({ status }) => status === 'fulfilled');
      expect(confirmed).toBe(!cancelled);
      const { status } = await stripe.paymentIntents.retrieve(intent.id);
      expect(status).toBe(confirmed === true ? 'succeeded' : 'canceled');
    }
  });
});

describe('what is refused', () => {
  it('another amount than the intent has', async () => {
    const intent = await newIntent();
    const token = await tokenOf('pm_card_visa');
    const params = { confirmation_token: token.id, amount_to_confirm: 1 };
    const refused = await rejection(stripe.paymentIntents.confirm(intent.id, params));
    expect(refused).toMatchObject({ type: 'StripeInvalidRequestError', param: 'amount_to_confirm' });
    const confirmed = await stripe.paymentIntents.confirm(intent.id, { confirmation_token: token.id });
    expect(confirmed.status).toBe('succeeded');
  });

  it('a token twice, an expired one, an unknown one', async () => {
    const used = await tokenOf('pm_card_visa');
    await stripe.paymentIntents.confirm((await newIntent()).id, { confirmation_token: used.id });
    const intent = await newIntent();
    const confirm = (token: string): Promise<Stripe.errors.StripeError> =>
      rejection(stripe.paymentIntents.confirm(intent.id, { confirmation_token: token }));
    expect(await confirm(used.id)).toMatchObject({ code: 'token_already_used' });
    expect(await confirm('ctoken_unknown')).toMatchObject({ code: 'resource_missing', statusCode: 404 });
    const old = await tokenOf('pm_card_visa');
    server.advance(12 * 3_600_000 + 1000);
    expect((await confirm(old.id)).message).toMatch(/expired/);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_payment_method');
  });

  it('confirming what succeeded or was cancelled, cancelling what succeeded', async () => {
    const paid = await newIntent();
    await stripe.paymentIntents.confirm(paid.id, { confirmation_token: (await tokenOf('pm_card_visa')).id });
    const cancelled = await newIntent();
    expect(await stripe.paymentIntents.cancel(cancelled.id)).toMatchObject({ status: 'canceled' });
    const token = await tokenOf('pm_card_visa');
    const unexpected = { code: 'payment_intent_unexpected_state', statusCode: 400 };
    for (const id of [paid.id, cancelled.id]) {
      const refused = await rejection(stripe.paymentIntents.confirm(id, { confirmation_token: token.id }));
      expect(refused).toMatchObject(unexpected);
    }
    expect(await rejection(stripe.paymentIntents.cancel(paid.id))).toMatchObject({
      ...unexpected,
      payment_intent: { status: 'succeeded' },
    });
  });

  it.each([
    ['no key', {}, 401],
    ['a live key', { authorization: 'Bearer sk_live_abcdefgh' }, 401],
    ['a publishable key', { authorization: `Bearer ${PUBLISHABLE_KEY}` }, 401],
  ])('%s on the server API', async (_name, headers, status) => {
    const response = await fetch(`${server.origin}/v1/account`, { headers });
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'invalid_request_error' } });
    expect(text).not.toContain('abcdefgh');
  });

  it('unknown addresses, parameters, amounts and currencies, each by name', async () => {
    const path = await rejection(stripe.refunds.create({ charge: 'ch_1' }));
    expect(path).toMatchObject({ statusCode: 404 });
    expect(path.message).toMatch(/Unrecognized request URL \(POST: \/v1\/refunds\)/);
    const create = (more: object): Promise<Stripe.errors.StripeError> =>
      rejection(stripe.paymentIntents.create({ amount: 100, currency: 'usd', ...more }));
    expect(await create({ colour: 'red' })).toMatchObject({ code: 'parameter_unknown', param: 'colour' });
    expect(await create({ amount: 49 })).toMatchObject({ code: 'amount_too_small' });
    expect(await create({ amount: 100_000_000 })).toMatchObject({ code: 'amount_too_large' });
    expect(await create({ amount: 1.5 })).toMatchObject({ code: 'parameter_invalid_integer', param: 'amount' });
    expect(await create({ currency: 'zzz' })).toMatchObject({ param: 'currency' });
    expect(await create({ description: 'a\0b' })).toMatchObject({ statusCode: 400 });
    expect(await create({ metadata: { long: 'x'.repeat(501) } })).toMatchObject({ param: 'metadata[long]' });
    expect((await fetch(`${server.origin}/endive/other.js`)).status).toBe(404);
  });
});

describe('lists', () => {
  it('go through every intent once, newest first, however small the pages', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await newIntent()).id);
    const listed: string[] = [];
    for await (const intent of stripe.paymentIntents.list({ limit: 2 })) {
      listed.push(intent.id);
      if (listed.length === made.length) break;
    }
    expect(listed).toEqual(made);
    const page = await stripe.paymentIntents.list({ created: { gte: Math.floor(Date.now() / 1000) + 10 * 86_400 } });
    expect(page.data).toEqual([]);
  });

  it('of events tell what happened to a payment', async () => {
    const intent = await newIntent();
    await stripe.paymentIntents.confirm(intent.id, { confirmation_token: (await tokenOf('pm_card_visa')).id });
    const { data } = await stripe.events.list({ limit: 3 });
    expect(data.map(({ type }) => type)).toEqual([
      'payment_intent.succeeded',
      'charge.succeeded',
      'payment_intent.created',
    ]);
    expect(await stripe.events.retrieve(data[0]?.id ?? '')).toMatchObject({ data: { object: { id: intent.id } } });
    expect(await stripe.accounts.retrieveCurrent()).toMatchObject({ charges_enabled: true });
  });
});
