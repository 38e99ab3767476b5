/** A fresh link from an expired page, and the receipt by email for who paid from a text: as they are clicked, on real use cases. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { assertSound, LOOKS } from '../support/page-looks.js';
import { PayJourney } from '../web/pay-journey.js';

const LONG_MS = 200 * 24 * 60 * 60_000;

let browser: Browser;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(() => browser.close());

async function begin(channel: 'email' | 'sms', options: BrowserContextOptions): Promise<[PayJourney, Page]> {
  const pay = await PayJourney.begin({ channel });
  open.push({ close: () => pay.stop() });
  await pay.work();
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(15_000);
  open.push(context);
  return [pay, await context.newPage()];
}

describe.each(LOOKS)('on %s', (_, options) => {
  it('an expired page sends a fresh link, which opens', async () => {
    const [pay, page] = await begin('email', options);
    pay.journey.world.clock.advance(LONG_MS);
    await page.goto(`${pay.origin}/pay/${pay.token()}`);
    await assertSound(page, 'expired');
    await page.getByRole('button', { name: 'Send me a fresh link' }).press('Enter');
    await page.getByRole('heading', { name: 'We have passed it on' }).waitFor();
    await assertSound(page, 'passed-on');
    await page.reload();
    await pay.work();
    const [, fresh] = pay.journey.world.mailer.taken;
    expect(pay.journey.world.mailer.taken).toHaveLength(2);
    const [token] = /\/pay\/[\w-]+/.exec(fresh!.text) ?? [];
    await page.goto(pay.origin + token);
    await page.getByRole('link', { name: 'Download invoice' }).waitFor();
  }, 60_000);

  it('the paid page mails the receipt once to who paid from a text, and shows no address', async () => {
    const [pay, page] = await begin('sms', options);
    await pay.journey.pay(CARDS.credit);
    await pay.work();
    await page.goto(`${pay.origin}/pay/${pay.token()}`);
    const address = page.getByLabel('Email address');
    await address.fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('This is not an email address that a receipt can be sent to.').waitFor();
    expect(await address.inputValue()).toBe('nobody');
    expect(await page.evaluate('document.activeElement.id')).toBe('receipt-address');
    await assertSound(page, 'receipt-refused');
    await address.fill('ada@example.net');
    await page.getByRole('button', { name: 'Email me the receipt' }).click();
    await page.getByText('A copy of the receipt is on its way').waitFor();
    expect(await page.content()).not.toContain('ada@example.net');
    await assertSound(page, 'receipt-mailed');
    await page.getByLabel('Email address').fill('ada@example.net');
    await page.keyboard.press('Enter');
    await page.getByText('A copy of the receipt is on its way').waitFor();
    await pay.work();
    expect(pay.journey.world.mailer.taken.map(({ to }) => to)).toEqual(['ada@example.net']);
  }, 60_000);
});
