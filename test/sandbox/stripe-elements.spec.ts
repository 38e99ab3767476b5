import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import type { Stripe } from 'stripe';
import { launchBrowser } from '../support/browser.js';
import { startPayPage } from './stripe-page.js';
import { startStripeServer, type StripeServer } from './stripe-server.js';

interface Seen {
  readonly changes: { complete: boolean; empty: boolean }[];
  readonly violations: string[];
  readonly readyCount: number;
  readonly result?: {
    confirmationToken?: Stripe.ConfirmationToken;
    error?: { type: string; code: string; message: string };
  };
}

/** A folder for pictures to be looked at, when one is asked for. */
const pictures = process.env['STRIPE_PICTURES'];

let server: StripeServer;
let pay: { server: Server; url: string };
let browser: Browser;
let page: Page;
let form: FrameLocator;

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
  page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  form = page.frameLocator('iframe[title="Secure card form"]');
});
afterEach(() => page.close());

async function open(hash = ''): Promise<void> {
  await page.goto(pay.url + hash);
  await until('window.seen.readyCount === 1');
}

const seen = (): Promise<Seen> => page.evaluate('window.seen');

/** Waits for an expression to hold in the page, asking from outside: the page's policy forbids evaluating one inside. */
async function until(expression: string): Promise<void> {
  const end = Date.now() + 5000;
  while ((await page.evaluate(expression)) !== true) {
    if (Date.now() > end) throw new Error(`${expression} did not come true`);
    await page.waitForTimeout(20);
  }
}

/** The value of an expression inside the card form. */
async function inForm<T>(expression: string): Promise<T | undefined> {
  return page
    .frames()
    .find((frame) => frame.url().includes('/endive/elements.html'))
    ?.evaluate<T>(expression);
}

async function fill(number: string): Promise<void> {
  await form.getByLabel('Card number').fill(number);
  await form.getByLabel('Expiration date').fill('12/34');
  await form.getByLabel('Security code').fill('123');
}

async function pressContinue(): Promise<NonNullable<Seen['result']>> {
  await page.evaluate('delete window.seen.result');
  await page.getByRole('button', { name: 'Continue' }).click();
  await until('window.seen.result !== undefined');
  return (await seen()).result ?? {};
}

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Confirms as the service does, and lets the page go through the bank's step. */
async function payWithBankStep(token: string, button: 'Complete' | 'Fail') {
  const intent = await server
    .client()
    .paymentIntents.create({ amount: 41_811, currency: 'usd', description: 'Invoice INV-1001' });
  const waiting = await server.client().paymentIntents.confirm(intent.id, { confirmation_token: token });
  await page.evaluate(
    `void stripe.handleNextAction({ clientSecret: ${JSON.stringify(waiting.client_secret)} }).then((settled) => (seen.settled = settled))`,
  );
  const bank = page.frameLocator('iframe[title="Confirmation by your bank"]');
  await bank.getByText('$418.11').waitFor();
  await picture(`bank-${button}`);
  await bank.getByRole('button', { name: button, exact: true }).click();
  await until('window.seen.settled !== undefined');
  const settled = await page.evaluate<{ paymentIntent?: Stripe.PaymentIntent; error?: { code: string } }>(
    'seen.settled',
  );
  return { settled, intent: await server.client().paymentIntents.retrieve(intent.id) };
}

describe('the card form', () => {
  it('gives the page a token, and the page nothing else, under the policy of a careful page', async () => {
    await open();
    await picture('empty-light');
    await fill('4242424242424242');
    await form.getByLabel('ZIP code').fill('10001');
    expect(await form.getByLabel('Card number').inputValue()).toBe('4242 4242 4242 4242');
    expect(await form.getByLabel('Expiration date').inputValue()).toBe('12 / 34');
    await picture('filled-light');
    const { confirmationToken } = await pressContinue();
    const kept = await server.client().confirmationTokens.retrieve(confirmationToken?.id ?? '');
    expect(kept.payment_method_preview?.card).toMatchObject({ last4: '4242', exp_month: 12, exp_year: 2034 });
    expect(kept.payment_method_preview?.billing_details.address).toMatchObject({ country: 'US', postal_code: '10001' });
    expect(kept.return_url).toBe(pay.url);
    const { changes, violations } = await seen();
    expect(violations).toEqual([]);
    expect(changes[0]).toMatchObject({ elementType: 'payment', complete: false, empty: false });
    expect(changes.at(-1)).toMatchObject({ complete: true, value: { type: 'card' } });
    expect(JSON.stringify(await seen())).not.toContain('4242424242424242');
  });

  it('takes a card without a postal code', async () => {
    await open();
    await fill('4000056655665556');
    expect((await pressContinue()).confirmationToken?.payment_method_preview?.card?.funding).toBe('debit');
  });

  it('says beside each field what is missing, and goes to the first', async () => {
    await open();
    const before = await page.locator('#card iframe').boundingBox();
    const { error } = await pressContinue();
    expect(error).toEqual({
      type: 'validation_error',
      code: 'incomplete_number',
      message: 'Your card number is incomplete.',
    });
    await form.getByText('Your card number is incomplete.').waitFor();
    await form.getByText("Your card's expiration date is incomplete.").waitFor();
    await form.getByText("Your card's security code is incomplete.").waitFor();
    expect(await inForm('document.activeElement.id')).toBe('number');
    expect(await form.getByLabel('Card number').getAttribute('aria-invalid')).toBe('true');
    await until(`document.querySelector('#card iframe').clientHeight > ${before?.height ?? 0}`);
    await picture('mistakes-light');
    await fill('4242424242424242');
    expect(await form.locator('.error').allTextContents()).toEqual(['', '', '', '', '']);
  });

  it.each([
    ['Card number', '4242424242424241', 'Your card number is invalid.'],
    ['Card number', '4242', 'Your card number is incomplete.'],
    ['Expiration date', '01/20', "Your card's expiration year is in the past."],
    ['Expiration date', '13/40', "Your card's expiration date is invalid."],
    ['Security code', '12', "Your card's security code is incomplete."],
    ['ZIP code', '123', 'Your ZIP code is incomplete.'],
  ])('says what is wrong with the %s %s', async (label, typed, message) => {
    await open();
    await form.getByLabel(label).fill(typed);
    await form.getByLabel(label).blur();
    await form.getByText(message).waitFor({ timeout: 3000 });
  });

  it('is filled in and corrected with the keyboard alone', async () => {
    await open();
    await form.getByLabel('Card number').focus();
    await page.keyboard.type('42424242424242429');
    await page.keyboard.press('Tab');
    await page.keyboard.type('1234');
    for (let count = 0; count < 3; count += 1) await page.keyboard.press('Backspace');
    expect(await form.getByLabel('Expiration date').inputValue()).toBe('1');
    await page.keyboard.type('1/3');
    expect(await form.getByLabel('Expiration date').inputValue()).toBe('11 / 3');
    await page.keyboard.type('5');
    await page.keyboard.press('Tab');
    await page.keyboard.type('12x3');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Canada');
    await page.keyboard.press('Tab');
    expect(await form.getByLabel('Postal code').count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.evaluate('delete window.seen.result');
    await page.keyboard.press('Enter');
    await until('window.seen.result !== undefined');
    const preview = (await seen()).result?.confirmationToken?.payment_method_preview;
    expect(preview?.card).toMatchObject({ last4: '4242', exp_month: 11, exp_year: 2035 });
    expect(preview?.billing_details.address?.country).toBe('CA');
  });

  it('keeps the caret where it is when a digit in the middle is mended', async () => {
    await open();
    const number = form.getByLabel('Card number');
    await number.fill('4242 4242 4242 424');
    await inForm("document.getElementById('number').setSelectionRange(2, 2)");
    await number.press('Backspace');
    await page.keyboard.type('2');
    await page.keyboard.type('7');
    expect(await number.inputValue()).toBe('4274 2424 2424 2424');
  });

  it('says what the processor refused beside the number', async () => {
    await open();
    await fill('4539578763621486');
    const { error } = await pressContinue();
    expect(error).toMatchObject({ type: 'card_error', code: 'card_declined' });
    await form.getByText(/non test card/).waitFor();
  });

  it('is readable and reachable: axe finds nothing, light and dark', async () => {
    for (const hash of ['', '#night']) {
      await open(hash);
      await pressContinue();
      await picture(hash === '' ? 'axe-light' : 'mistakes-dark');
      await inForm(axe.source);
      const found = await inForm<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })',
      );
      expect(found?.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await page.goto('about:blank');
    }
  });

  it('follows the page into the dark, and back', async () => {
    await open('#night');
    await fill('5555555555554444');
    await picture('filled-dark');
    const colourOf = (property: string): Promise<string | undefined> =>
      inForm(`getComputedStyle(document.getElementById('number')).${property}`);
    expect(await colourOf('backgroundColor')).toBe('rgb(31, 34, 44)');
    await page.evaluate("elements.update({ appearance: { theme: 'stripe' } })");
    await until("document.querySelector('#card iframe').style.colorScheme === 'light'");
    await form.locator('input').first().waitFor();
    expect(await colourOf('backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await form.getByLabel('Card number').inputValue()).toBe('5555 5555 5555 4444');
  });

  it('does not listen to other pages', async () => {
    await open();
    await form.getByLabel('Card number').fill('4242');
    await inForm("window.postMessage({ type: 'clear' }, '*')");
    await page.evaluate("window.postMessage({ type: 'height', height: 1 }, '*')");
    await page.waitForTimeout(100);
    expect(await form.getByLabel('Card number').inputValue()).toBe('4242');
    expect((await page.locator('#card iframe').boundingBox())?.height).toBeGreaterThan(100);
  });
});

describe('the bank’s step', () => {
  const token = async (): Promise<string> => {
    await open();
    await fill('4000002760003184');
    return (await pressContinue()).confirmationToken?.id ?? '';
  };

  it('completed, ends in a payment, and the page goes on where it was', async () => {
    const { settled, intent } = await payWithBankStep(await token(), 'Complete');
    expect(settled.paymentIntent).toMatchObject({ id: intent.id, status: 'succeeded' });
    expect(settled.paymentIntent?.metadata).toBeUndefined();
    expect(intent.status).toBe('succeeded');
    expect(await page.locator('dialog').count()).toBe(0);
    expect((await seen()).violations).toEqual([]);
  });

  it('failed, ends in an error, and another card can be tried', async () => {
    const made = await token();
    await page.emulateMedia({ colorScheme: 'dark' });
    const { settled, intent } = await payWithBankStep(made, 'Fail');
    expect(settled.error?.code).toBe('payment_intent_authentication_failure');
    expect(intent.status).toBe('requires_payment_method');
  });

  it('is not shown for a payment that waits for nothing', async () => {
    await open();
    const intent = await server.client().paymentIntents.create({ amount: 41_811, currency: 'usd' });
    const secret = JSON.stringify(intent.client_secret);
    const answer = await page.evaluate<object>(`stripe.handleNextAction({ clientSecret: ${secret} })`);
    expect(answer).toMatchObject({ paymentIntent: { status: 'requires_payment_method' } });
    const guess = await page.evaluate<object>(`stripe.retrievePaymentIntent(${secret} + 'x')`);
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
    await page.goto(waiting.next_action?.redirect_to_url?.url ?? '');
    await page.getByText('$418.11').waitFor();
    await page.getByRole('button', { name: 'Complete', exact: true }).click();
    await page.waitForURL(/back=1/);
    expect(new URL(page.url()).searchParams.get('redirect_status')).toBe('succeeded');
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
  });
});
