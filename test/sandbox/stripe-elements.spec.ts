import type { Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
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

describe('the card form', () => {
  it('gives the page a token, and the page nothing else, under the policy of a careful page', async () => {
    await customer.open();
    await customer.picture('empty-light');
    await customer.fill('4242424242424242');
    await customer.form.getByLabel('ZIP code').fill('10001');
    expect(await customer.form.getByLabel('Card number').inputValue()).toBe('4242 4242 4242 4242');
    expect(await customer.form.getByLabel('Expiration date').inputValue()).toBe('12 / 34');
    await customer.picture('filled-light');
    const { confirmationToken } = await customer.pressContinue();
    const kept = await server.client().confirmationTokens.retrieve(confirmationToken?.id ?? '');
    expect(kept.payment_method_preview?.card).toMatchObject({ last4: '4242', exp_month: 12, exp_year: 2034 });
    expect(kept.payment_method_preview?.billing_details.address).toMatchObject({ country: 'US', postal_code: '10001' });
    expect(kept.return_url).toBe(pay.url);
    const { changes, violations } = await customer.seen();
    expect(violations).toEqual([]);
    expect(changes[0]).toMatchObject({ elementType: 'payment', complete: false, empty: false });
    expect(changes.at(-1)).toMatchObject({ complete: true, value: { type: 'card' } });
    expect(JSON.stringify(await customer.seen())).not.toContain('4242424242424242');
  });

  it('takes a card without a postal code', async () => {
    await customer.open();
    await customer.fill('4000056655665556');
    expect((await customer.pressContinue()).confirmationToken?.payment_method_preview?.card?.funding).toBe('debit');
  });

  it('says beside each field what is missing, and goes to the first', async () => {
    await customer.open();
    const before = await customer.page.locator('#card iframe').boundingBox();
    const { error } = await customer.pressContinue();
    expect(error).toEqual({
      type: 'validation_error',
      code: 'incomplete_number',
      message: 'Your card number is incomplete.',
    });
    await customer.form.getByText('Your card number is incomplete.').waitFor();
    await customer.form.getByText("Your card's expiration date is incomplete.").waitFor();
    await customer.form.getByText("Your card's security code is incomplete.").waitFor();
    expect(await customer.inForm('document.activeElement.id')).toBe('number');
    expect(await customer.form.getByLabel('Card number').getAttribute('aria-invalid')).toBe('true');
    await customer.until(`document.querySelector('#card iframe').clientHeight > ${before?.height ?? 0}`);
    await customer.picture('mistakes-light');
    await customer.fill('4242424242424242');
    expect(await customer.form.locator('.error').allTextContents()).toEqual(['', '', '', '', '']);
  });

  it.each([
    ['Card number', '4242424242424241', 'Your card number is invalid.'],
    ['Card number', '4242', 'Your card number is incomplete.'],
    ['Expiration date', '01/20', "Your card's expiration year is in the past."],
    ['Expiration date', '13/40', "Your card's expiration date is invalid."],
    ['Security code', '12', "Your card's security code is incomplete."],
    ['ZIP code', '123', 'Your ZIP code is incomplete.'],
  ])('says what is wrong with the %s %s', async (label, typed, message) => {
    await customer.open();
    await customer.form.getByLabel(label).fill(typed);
    await customer.form.getByLabel(label).blur();
    await customer.form.getByText(message).waitFor({ timeout: 3000 });
  });

  it('is filled in and corrected with the keyboard alone', async () => {
    await customer.open();
    await customer.form.getByLabel('Card number').focus();
    await customer.page.keyboard.type('42424242424242429');
    await customer.page.keyboard.press('Tab');
    await customer.page.keyboard.type('1234');
    for (let count = 0; count < 3; count += 1) await customer.page.keyboard.press('Backspace');
    expect(await customer.form.getByLabel('Expiration date').inputValue()).toBe('1');
    await customer.page.keyboard.type('1/3');
    expect(await customer.form.getByLabel('Expiration date').inputValue()).toBe('11 / 3');
    await customer.page.keyboard.type('5');
    await customer.page.keyboard.press('Tab');
    await customer.page.keyboard.type('12x3');
    await customer.page.keyboard.press('Tab');
    await customer.page.keyboard.type('Canada');
    await customer.page.keyboard.press('Tab');
    expect(await customer.form.getByLabel('Postal code').count()).toBe(1);
    await customer.page.keyboard.press('Tab');
    await customer.page.evaluate('delete window.seen.result');
    await customer.page.keyboard.press('Enter');
    await customer.until('window.seen.result !== undefined');
    const preview = (await customer.seen()).result?.confirmationToken?.payment_method_preview;
    expect(preview?.card).toMatchObject({ last4: '4242', exp_month: 11, exp_year: 2035 });
    expect(preview?.billing_details.address?.country).toBe('CA');
  });

  it('keeps the caret where it is when a digit in the middle is mended', async () => {
    await customer.open();
    const number = customer.form.getByLabel('Card number');
    await number.fill('4242 4242 4242 424');
    await customer.inForm("document.getElementById('number').setSelectionRange(2, 2)");
    await number.press('Backspace');
    await customer.page.keyboard.type('2');
    await customer.page.keyboard.type('7');
    expect(await number.inputValue()).toBe('4274 2424 2424 2424');
  });

  it('says what the processor refused beside the number', async () => {
    await customer.open();
    await customer.fill('4539578763621486');
    const { error } = await customer.pressContinue();
    expect(error).toMatchObject({ type: 'card_error', code: 'card_declined' });
    await customer.form.getByText(/non test card/).waitFor();
  });

  it('is readable and reachable: axe finds nothing, light and dark', async () => {
    for (const hash of ['', '#night']) {
      await customer.open(hash);
      await customer.pressContinue();
      await customer.picture(hash === '' ? 'axe-light' : 'mistakes-dark');
      await customer.inForm(axe.source);
      const found = await customer.inForm<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })',
      );
      expect(found?.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await customer.page.goto('about:blank');
    }
  });

  it('follows the page into the dark, and back', async () => {
    await customer.open('#night');
    await customer.fill('5555555555554444');
    await customer.picture('filled-dark');
    const colourOf = (property: string): Promise<string | undefined> =>
      customer.inForm(`getComputedStyle(document.getElementById('number')).${property}`);
    expect(await colourOf('backgroundColor')).toBe('rgb(31, 34, 44)');
    await customer.page.evaluate("elements.update({ appearance: { theme: 'stripe' } })");
    await customer.until("document.querySelector('#card iframe').style.colorScheme === 'light'");
    await customer.form.locator('input').first().waitFor();
    expect(await colourOf('backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await customer.form.getByLabel('Card number').inputValue()).toBe('5555 5555 5555 4444');
  });

  it('does not listen to other pages', async () => {
    await customer.open();
    await customer.form.getByLabel('Card number').fill('4242');
    await customer.inForm("window.postMessage({ type: 'clear' }, '*')");
    await customer.page.evaluate("window.postMessage({ type: 'height', height: 1 }, '*')");
    await customer.page.waitForTimeout(100);
    expect(await customer.form.getByLabel('Card number').inputValue()).toBe('4242');
    expect((await customer.page.locator('#card iframe').boundingBox())?.height).toBeGreaterThan(100);
  });
});
