/** Pages in languages whose words are longer: nothing is cut off, nothing is left in English, and axe finds nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { PayPage } from '../../src/application/pay/view-pay-page.js';
import { wordsFor } from '../../src/application/words/words.js';
import { axeFindings } from '../support/page-looks.js';
import { PayBrowser } from '../support/pay-browser.js';
import { invoice, PAGES, QUOTE, RECEIPT } from '../support/pay-pages.js';

jest.setTimeout(120_000);

/** Sentences that only the English pages say, out of every part of them. */
const ENGLISH = [
  ...[
    'Amount due',
    'Download invoice',
    'Billed to',
    'Pay by card',
    'Check and pay',
    'PAY NOW',
    'Quantity',
    'Questions?',
  ],
  ...['Paid. Thank you', 'Receipt number', 'Test: no money', 'You see this page', 'debit card', 'Use another card'],
  ...['Ask Harbor', 'We are checking', 'is void', 'not set up', 'Look again', 'Privacy', 'Terms'],
];

let customer: PayBrowser;
beforeAll(async () => {
  customer = await PayBrowser.start();
});
afterEach(() => customer.closePages());
afterAll(() => customer.stop());

/** The page as a customer of this locale is shown it. */
function inLocale(changes: Partial<PayPage>, locale: string): Partial<PayPage> {
  const shown = changes.invoice ?? invoice();
  const branch = {
    ...shown.branch,
    privacyUrl: 'https://harbor.example/privacy',
    termsUrl: 'https://harbor.example/terms',
  };
  return {
    totals: { lowMinor: 40594, highMinor: 41811, disclosureText: wordsFor(locale).fee.disclosure({ maxFee: '12' }) },
    ...changes,
    locale,
    invoice: { ...shown, branch, locale },
  };
}

async function looksRight(page: Page, name: string, language: string): Promise<void> {
  expect([name, await page.locator('html').getAttribute('lang')]).toEqual([name, language]);
  expect([name, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([name, 0]);
  const text = await page.locator('body').innerText();
  expect([name, ENGLISH.filter((words) => text.includes(words))]).toEqual([name, []]);
}

describe.each([
  ['es', 'es-US'],
  ['fr', 'fr-CA'],
])('in %s', (language, locale) => {
  it('every state of the pay page fits a phone and is in that language throughout', async () => {
    const page = await customer.newPage({ viewport: { width: 360, height: 720 }, bypassCSP: true });
    for (const [name, changes] of Object.entries(PAGES)) {
      await customer.open(page, customer.fixture.link(inLocale(changes, locale)));
      await looksRight(page, name, language);
      if (name === 'payable' || name === 'paid') expect([name, await axeFindings(page)]).toEqual([name, []]);
    }
  });

  it('the receipt and what a browser without the link’s cookie is told are as well', async () => {
    const { fixture } = customer;
    const page = await customer.newPage({ viewport: { width: 360, height: 720 } });
    fixture.world.receipt = {
      receipt: { ...RECEIPT, locale, feeLabel: wordsFor(locale).fee.label },
      invoiceId: 'i',
      linkId: 'l',
    };
    await page.goto(`${fixture.origin}/receipts/receipt-${'A'.repeat(16)}`);
    await looksRight(page, 'receipt', language);
    const linkId = fixture.link(inLocale({}, locale));
    await customer.open(page, linkId);
    // The day of this link is over; what the browser was shown last is still known.
    await page.context().clearCookies({ name: `__Host-pay-${linkId}` });
    await page.goto(`${fixture.origin}/pay/i/${linkId}`);
    await looksRight(page, 'without a cookie', language);
    expect(await page.locator('h1').innerText()).toBe(wordsFor(language).messages.withoutCookie.heading);
  });

  it('paying says everything in that language, from the price to the refusal', async () => {
    const words = wordsFor(language);
    const page = await customer.newPage({ viewport: { width: 360, height: 720 } });
    const consent = words.fee.consent({ fee: '12,17 $' });
    const linkId = customer.fixture.link(inLocale({}, locale), {
      quote: { ...QUOTE, consentText: consent, feeLabel: words.fee.label },
      outcomes: [{ outcome: 'failed', code: 'card_declined', declineCode: 'insufficient_funds' }],
    });
    await customer.open(page, linkId);
    await page.getByRole('button', { name: words.payNow }).click();
    const card = page.frameLocator('iframe').first();
    await card.getByLabel('Card number').fill('4242424242424242');
    await card.getByLabel('Expiration date').fill('12/34');
    await card.getByLabel('Security code').fill('123');
    await card.getByLabel('ZIP code').fill('07105');
    await page.getByRole('button', { name: words.payment.proceed }).click();
    const submit = page.locator('[data-submit]');
    await submit.waitFor({ state: 'visible' });
    await looksRight(page, 'quote', language);
    await submit.click();
    expect(await page.locator('[data-consent-mistake]').innerText()).toBe(words.payment.consentMissing);
    await page.getByLabel(consent).check();
    await submit.click();
    await page.getByText(words.declines.notEnough).first().waitFor();
    await looksRight(page, 'declined', language);
  });
});
