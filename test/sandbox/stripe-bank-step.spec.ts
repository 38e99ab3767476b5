import type { Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Stripe } from 'stripe';
import { launchBrowser } from '../support/browser.js';
import { Customer, startPayPage } from './stripe-page.js';
import { startStripeServer, type StripeServer } from './stripe-server.js';

let server: StripeServer;
let pay: { server: Server; url: string };
let browser: Browser;
let customer: Customer;

beforeAll(async () => {
  server = await startStripeServer();
  pay = await startPayPage(server.origin);
  browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
  await browser.close();
  pay.server.close();
  await server.stop();
});
beforeEach(async () => {
  customer = await Customer.at(pay.url, browser);
});
afterEach(() => customer.page.close());

/** Confirms as the service does, and lets the page go through the bank's step. */
async function payWithBankStep(token: string, button: 'Complete' | 'Fail') {
  const intent = await server
    .client()
    .paymentIntents.create({ amount: 41_811, currency: 'usd', description: 'Invoice INV-1001' });
  const waiting = await server.client().paymentIntents.confirm(intent.id, { confirmation_token: token });
  await customer.page.evaluate(
    `void stripe.handleNextAction({ clientSecret: ${JSON.stringify(waiting.client_secret)} }).then((settled) => (seen.settled = settled))`,
  );
  const bank = customer.page.frameLocator('iframe[title="Confirmation by your bank"]');
  await bank.getByText('$418.11').waitFor();
  await customer.picture(`bank-${button}`);
  await bank.getByRole('button', { name: button, exact: true }).click();
  await customer.until('window.seen.settled !== undefined');
  const settled = await customer.page.evaluate<{ paymentIntent?: Stripe.PaymentIntent; error?: { code: string } }>(
    'seen.settled',
  );
  return { settled, intent: await server.client().paymentIntents.retrieve(intent.id) };
}

describe('the bank’s step', () => {
  const token = async (): Promise<string> => {
    await customer.open();
    await customer.fill('4000002760003184');
    return (await customer.pressContinue()).confirmationToken?.id ?? '';
  };

  it('completed, ends in a payment, and the page goes on where it was', async () => {
    const { settled, intent } = await payWithBankStep(await token(), 'Complete');
    expect(settled.paymentIntent).toMatchObject({ id: intent.id, status: 'succeeded' });
    expect(settled.paymentIntent?.metadata).toBeUndefined();
    expect(intent.status).toBe('succeeded');
    expect(await customer.page.locator('dialog').count()).toBe(0);
    expect((await customer.seen()).violations).toEqual([]);
  });

  it('failed, ends in an error, and another card can be tried', async () => {
    const made = await token();
    await customer.page.emulateMedia({ colorScheme: 'dark' });
    const { settled, intent } = await payWithBankStep(made, 'Fail');
    expect(settled.error?.code).toBe('payment_intent_authentication_failure');
    expect(intent.status).toBe('requires_payment_method');
  });

  it('is not shown for a payment that waits for nothing', async () => {
    await customer.open();
    const intent = await server.client().paymentIntents.create({ amount: 41_811, currency: 'usd' });
    const secret = JSON.stringify(intent.client_secret);
    const answer = await customer.page.evaluate<object>(`stripe.handleNextAction({ clientSecret: ${secret} })`);
    expect(answer).toMatchObject({ paymentIntent: { status: 'requires_payment_method' } });
    const guess = await customer.page.evaluate<object>(`stripe.retrievePaymentIntent(${secret} + 'x')`);
    expect(guess).toMatchObject({ error: { type: 'invalid_request_error', code: 'resource_missing' } });
  });

  it('on a page of its own sends the customer back with the outcome', async () => {
    const stripe = server.client();
    const made = await stripe.testHelpers.confirmationTokens.create({
      payment_method: 'pm_card_authenticationRequired',
    });
    const intent = await stripe.paymentIntents.create({ amount: 41_811, currency: 'usd' });
    const params = { confirmation_token: made.id, return_url: `${pay.url}?back=1` };
    const waiting = await stripe.paymentIntents.confirm(intent.id, params);
    await customer.page.goto(waiting.next_action?.redirect_to_url?.url ?? '');
    await customer.page.getByText('$418.11').waitFor();
    await customer.page.getByRole('button', { name: 'Complete', exact: true }).click();
    await customer.page.waitForURL(/back=1/);
    expect(new URL(customer.page.url()).searchParams.get('redirect_status')).toBe('succeeded');
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
  });
});
