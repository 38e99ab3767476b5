import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { SettleOpenPayment } from '../../src/application/pay/settle-open-payment.js';
import { SubmitPayment } from '../../src/application/pay/submit-payment.js';
import { ProcessorRefused } from '../../src/application/ports.js';
import { DomainError } from '../../src/domain/errors.js';
import { PayBrowser, until } from '../support/pay-browser.js';
import type { PayFixture, Scene } from '../support/pay-fixtures.js';
import { DEBIT_QUOTE, PAID, PAID_INVOICE, QUOTE } from '../support/pay-pages.js';

jest.setTimeout(120_000);

const DECLINED: Scene['outcomes'] = [{ outcome: 'failed', code: 'card_declined', declineCode: 'generic_decline' }];

let customer: PayBrowser;
let fixture: PayFixture;
beforeAll(async () => {
  customer = await PayBrowser.start();
  fixture = customer.fixture;
});
afterEach(() => customer.closePages());
afterAll(() => customer.stop());

async function submit(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: 'I agree to the processing fee of $12.17' }).check();
  await page.getByRole('button', { name: 'Submit Payment $418.11' }).click();
}

const submits = () => fixture.world.commands.filter((command) => command instanceof SubmitPayment);

describe('paying', () => {
  it('shows balance, fee and total in money, and charges nothing before the box is ticked', async () => {
    const page = await customer.newPage();
    await customer.reachQuote(page);
    for (const money of ['$405.94', '$12.17', '$418.11']) {
      expect(await page.locator('.step-quote').getByText(money, { exact: true }).count()).toBe(1);
    }
    const before = submits().length;
    await page.getByRole('button', { name: 'Submit Payment $418.11' }).click();
    await page.getByText('Tick the box to agree').first().waitFor();
    expect(await page.evaluate('document.activeElement.type')).toBe('checkbox');
    expect(submits()).toHaveLength(before);
  });

  it('has no box without a fee', async () => {
    const page = await customer.newPage();
    await customer.reachQuote(page, { quote: DEBIT_QUOTE, outcomes: [{ outcome: 'checking' }] });
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.getByRole('button', { name: 'Submit Payment $405.94' }).click();
    await expectPosted({ accepted: false });
  });

  it('is done in place, said aloud, and the receipt appears when it is there', async () => {
    const page = await customer.newPage();
    const linkId = await customer.reachQuote(page, { outcomes: [{ outcome: 'captured', paymentId: 'payment' }] });
    const scene = fixture.world.scene(linkId);
    const shown = scene.page as Exclude<Scene['page'], Error>;
    scene.page = { ...shown, state: 'paid', invoice: PAID_INVOICE, paid: { ...PAID, receipt: undefined } };
    await submit(page);
    await page.getByRole('heading', { name: 'Paid. Thank you.' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('payment-heading');
    await until(page, 'document.querySelector("#said").textContent.includes("Paid")');
    scene.page = { ...scene.page, paid: PAID };
    await page.getByRole('link', { name: 'Download receipt' }).waitFor();
    expect(await page.getByText('000042').count()).toBe(1);
  });

  it('is submitted once, however often the button is pressed', async () => {
    const page = await customer.newPage();
    const before = submits().length;
    await customer.reachQuote(page, { outcomes: DECLINED });
    await page.getByRole('checkbox').check();
    await page.evaluate(`for (let press = 0; press < 5; press += 1) document.querySelector('[data-submit]').click()`);
    await page.getByText('The card was declined.').first().waitFor();
    expect(submits()).toHaveLength(before + 1);
  });

  it('says why a card was declined, beside its fields, and keeps what was typed', async () => {
    const page = await customer.newPage();
    await customer.reachQuote(page, { outcomes: DECLINED });
    await submit(page);
    await page.getByText('Your bank gave no reason').first().waitFor();
    expect(await page.evaluate('document.activeElement.hasAttribute("data-mistake")')).toBe(true);
    const card = page.frameLocator('iframe').first();
    expect(await card.getByLabel('Card number').inputValue()).toBe('4242 4242 4242 4242');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: /^Submit Payment/ }).waitFor();
    expect(await page.getByRole('checkbox').isChecked()).toBe(false);
  });

  it('submits the very same quote again where the answer was lost, which pays at most once', async () => {
    const page = await customer.newPage();
    const before = submits().length;
    await customer.reachQuote(page, { outcomes: [{ outcome: 'checking' }, { outcome: 'released' }] });
    let lost = 0;
    await page.route('**/pay', async (route) => {
      const answer = await route.fetch();
      lost += 1;
      await (lost === 1 ? route.abort() : route.fulfill({ response: answer }));
    });
    await submit(page);
    await page.getByText('nothing was charged').first().waitFor();
    const [first, second, ...more] = submits()
      .slice(before)
      .map(({ input }) => input);
    expect(second).toEqual(first);
    expect(more).toEqual([]);
  });

  it('asks how it ended, by its quote, where the service broke down on the way', async () => {
    const page = await customer.newPage();
    const before = submits().length;
    await customer.reachQuote(page, { outcomes: [new Error('broken'), { outcome: 'released' }] });
    await submit(page);
    await page.getByText('nothing was charged').first().waitFor();
    expect(submits()).toHaveLength(before + 1);
    const { input } = fixture.world.commands.findLast((command) => command instanceof SettleOpenPayment)!;
    expect(input).toMatchObject({ quoteId: QUOTE.quoteId });
  });

  it('renews a quote that ran out without a word while nothing has changed', async () => {
    const page = await customer.newPage();
    const outdated: Scene = fixture.world.scene(
      await customer.reachQuote(page, {
        outcomes: [new DomainError('quote_expired'), ...DECLINED],
      }),
    );
    outdated.quote = { ...QUOTE, quoteId: 'renewed-quote' };
    await submit(page);
    await page.getByText('The card was declined.').first().waitFor();
    expect(submits().at(-1)?.input).toMatchObject({ quoteId: 'renewed-quote', accepted: true });
  });

  it('clears the box and says both totals where the price has changed', async () => {
    const page = await customer.newPage();
    const linkId = await customer.reachQuote(page, { outcomes: [new DomainError('quote_changed')] });
    const consentText = 'I agree to the processing fee of $11.00';
    fixture.world.scene(linkId).quote = {
      ...QUOTE,
      quoteId: 'renewed-quote',
      feeMinor: 1100,
      totalMinor: 41694,
      consentText,
    };
    const before = submits().length;
    await submit(page);
    await page.getByText('The total was $418.11 and is now $416.94.').first().waitFor();
    expect(await page.getByRole('checkbox', { name: consentText }).isChecked()).toBe(false);
    expect(await page.evaluate('document.activeElement.type')).toBe('checkbox');
    await page.getByRole('button', { name: 'Submit Payment $416.94' }).waitFor();
    expect(submits()).toHaveLength(before + 1);
  });

  it('begins anew where the branch charges on another account by now', async () => {
    const page = await customer.newPage();
    const linkId = await customer.reachQuote(page, { outcomes: [new DomainError('quote_changed')] });
    fixture.world.scene(linkId).quote = new ProcessorRefused('resource_missing', 'No such token');
    await submit(page);
    await page.getByText('The card form has run out of time.').first().waitFor();
    const number = page.frameLocator('iframe').first().getByLabel('Card number');
    await number.waitFor();
    expect(await number.inputValue()).toBe('');
  });

  it('goes by the keyboard alone', async () => {
    const page = await customer.newPage();
    const linkId = fixture.link({}, { outcomes: DECLINED });
    await customer.open(page, linkId);
    await pressUntil(page, 'Tab', '[data-pay-now]');
    await page.keyboard.press('Enter');
    await until(page, 'document.activeElement?.tagName === "IFRAME"');
    await page.waitForTimeout(200);
    for (const typed of ['4242424242424242', '1234', '123', undefined, '07105']) {
      if (typed !== undefined) await page.keyboard.type(typed);
      await page.keyboard.press('Tab');
    }
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Continue');
    await page.keyboard.press('Enter');
    await until(page, 'document.activeElement?.id === "quote-heading"');
    await pressUntil(page, 'Tab', '[data-consent]');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('The card was declined.').first().waitFor();
  });

  it('offers both ways on while the bank’s step waits, and *Use another card* brings the form back', async () => {
    const page = await customer.newPage();
    const linkId = fixture.link(
      { state: 'bank_step', clientSecret: 'pi_1_secret_2' },
      { outcomes: [{ outcome: 'released' }] },
    );
    await customer.open(page, linkId);
    expect(await page.getByRole('button', { name: 'Continue with the bank' }).count()).toBe(1);
    const scene = fixture.world.scene(linkId);
    scene.page = { ...(scene.page as Exclude<Scene['page'], Error>), state: 'payable', clientSecret: undefined };
    await page.getByRole('button', { name: 'Use another card' }).click();
    await page.getByRole('button', { name: 'PAY NOW' }).waitFor();
  });
});

async function expectPosted(input: object): Promise<void> {
  for (let look = 0; look < 50 && !submits().length; look += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(submits().at(-1)?.input).toMatchObject(input);
}

async function pressUntil(page: Page, key: string, selector: string): Promise<void> {
  for (let press = 0; press < 30; press += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`The keyboard does not reach ${selector}`);
}
