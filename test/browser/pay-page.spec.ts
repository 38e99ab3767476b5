import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { OpenLink } from '../../src/application/pay/open-link.js';
import { SubmitPayment } from '../../src/application/pay/submit-payment.js';
import { launchBrowser } from '../support/browser.js';
import { linksOfAllPages, startPayFixture, type PayFixture, type Scene } from '../support/pay-fixtures.js';
import { DEBIT_QUOTE, PAID, PAID_INVOICE, QUOTE } from '../support/pay-pages.js';

jest.setTimeout(120_000);

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const DECLINED: Scene['outcomes'] = [{ outcome: 'failed', code: 'card_declined', declineCode: 'generic_decline' }];

let fixture: PayFixture;
let browser: Browser;
const pages: Page[] = [];

beforeAll(async () => {
  fixture = await startPayFixture({ tokenMissesPerMinute: 1000, attemptsPerHour: 1000 });
  browser = await launchBrowser();
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
afterAll(async () => {
  await browser.close();
  await fixture.stop();
});

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  pages.push(page);
  return page;
}

async function open(page: Page, linkId: string): Promise<void> {
  await page.goto(`${fixture.origin}/pay/pay-${linkId}`);
  if ((await page.locator('.steps').count()) > 0) await page.locator('[data-loading]').waitFor({ state: 'hidden' });
}

async function fillCard(page: Page): Promise<void> {
  const card = page.frameLocator('iframe').first();
  await card.getByLabel('Card number').fill('4242424242424242');
  await card.getByLabel('Expiration date').fill('12/34');
  await card.getByLabel('Security code').fill('123');
  await card.getByLabel('ZIP code').fill('07105');
}

async function reachQuote(page: Page, scene: Partial<Scene> = {}): Promise<string> {
  const linkId = fixture.link({}, scene);
  await open(page, linkId);
  await page.getByRole('button', { name: 'PAY NOW' }).click();
  await fillCard(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /^Submit Payment/ }).waitFor();
  return linkId;
}

async function submit(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: 'I agree to the processing fee of $12.17' }).check();
  await page.getByRole('button', { name: 'Submit Payment $418.11' }).click();
}

const submits = () => fixture.world.commands.filter((command) => command instanceof SubmitPayment);

/** What axe finds on the page, in short. */
async function findings(page: Page): Promise<unknown> {
  await page.evaluate((await import('node:fs')).readFileSync(AXE, 'utf8'));
  return page.evaluate(
    `axe.run(document, { iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
  );
}

describe('every state of the page', () => {
  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (colorScheme) => {
    const page = await newPage({ colorScheme, bypassCSP: true });
    for (const [name, linkId] of linksOfAllPages(fixture)) {
      await open(page, linkId);
      expect([name, await findings(page)]).toEqual([name, []]);
    }
    for (const path of ['/pay/nothing', '/pay/i/fixture-99999999', `/receipts/receipt-${'A'.repeat(16)}`]) {
      await page.goto(fixture.origin + path);
      expect([path, await findings(page)]).toEqual([path, []]);
    }
    await reachQuote(page);
    expect(await findings(page)).toEqual([]);
  });

  it('fits 360 px, and nothing that can be pressed is under 44 px', async () => {
    const page = await newPage({ viewport: { width: 360, height: 720 } });
    for (const [name, linkId] of linksOfAllPages(fixture)) {
      await open(page, linkId);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([name, overflow]).toEqual([name, 0]);
      const small = await page.evaluate(`[...document.querySelectorAll('a:not(.skip), button, label.check')]
        .filter((it) => it.checkVisibility({ visibilityProperty: true }))
        .map((it) => [it.textContent, it.getBoundingClientRect().height])
        .filter(([, height]) => height < 44)`);
      expect([name, small]).toEqual([name, []]);
    }
  });

  it('breaks no rule of its own policy, and loads less than 100 kB', async () => {
    const page = await newPage();
    const complaints: string[] = [];
    let bytes = 0;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfinished', (finished) => {
      if (finished.url().startsWith(fixture.origin)) {
        void finished.sizes().then((sizes) => (bytes += sizes.responseBodySize + sizes.responseHeadersSize));
      }
    });
    await open(page, fixture.link());
    await page.waitForLoadState('networkidle');
    expect(complaints).toEqual([]);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(100_000);
  });
});

describe('PAY NOW', () => {
  it.each([360, 768, 899, 900, 1280])(
    'is one visible button at %d px, in view at once, and leads to the form',
    async (width) => {
      const page = await newPage({ viewport: { width, height: 720 } });
      await open(page, fixture.link());
      const button = page.getByRole('button', { name: 'PAY NOW' });
      expect(await button.count()).toBe(1);
      const box = (await button.boundingBox())!;
      expect(box.y + box.height).toBeLessThanOrEqual(720);
      await button.click();
      const number = page.frameLocator('iframe').first().getByLabel('Card number');
      await until(page, 'document.activeElement?.tagName === "IFRAME"');
      expect((await number.boundingBox())!.y).toBeLessThan(720);
      // Under 900 px the bar would lie over the form.
      if (width < 900) await button.waitFor({ state: 'hidden' });
    },
  );
});

describe('paying', () => {
  it('shows balance, fee and total in money, and charges nothing before the box is ticked', async () => {
    const page = await newPage();
    await reachQuote(page);
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
    const page = await newPage();
    await reachQuote(page, { quote: DEBIT_QUOTE, outcomes: [{ outcome: 'checking' }] });
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.getByRole('button', { name: 'Submit Payment $405.94' }).click();
    await expectPosted({ accepted: false });
  });

  it('is done in place, said aloud, and the receipt appears when it is there', async () => {
    const page = await newPage();
    const linkId = await reachQuote(page, { outcomes: [{ outcome: 'captured', paymentId: 'payment' }] });
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
    const page = await newPage();
    const before = submits().length;
    await reachQuote(page, { outcomes: DECLINED });
    await page.getByRole('checkbox').check();
    await page.evaluate(`for (let press = 0; press < 5; press += 1) document.querySelector('[data-submit]').click()`);
    await page.getByText('The card was declined.').first().waitFor();
    expect(submits()).toHaveLength(before + 1);
  });

  it('says why a card was declined, beside its fields, and keeps what was typed', async () => {
    const page = await newPage();
    await reachQuote(page, { outcomes: DECLINED });
    await submit(page);
    await page.getByText('Your bank gave no reason').first().waitFor();
    expect(await page.evaluate('document.activeElement.hasAttribute("data-mistake")')).toBe(true);
    const card = page.frameLocator('iframe').first();
    expect(await card.getByLabel('Card number').inputValue()).toBe('4242 4242 4242 4242');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: /^Submit Payment/ }).waitFor();
    expect(await page.getByRole('checkbox').isChecked()).toBe(false);
  });

  it('asks how it ended where the answer was lost, and never pays again by itself', async () => {
    const page = await newPage();
    const before = submits().length;
    await reachQuote(page, { outcomes: [{ outcome: 'checking' }, { outcome: 'released' }] });
    await page.route('**/pay', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await submit(page);
    await page.getByText('nothing was charged').first().waitFor();
    expect(submits()).toHaveLength(before + 1);
  });

  it('renews a quote that ran out without a word while nothing has changed', async () => {
    const page = await newPage();
    const outdated: Scene = fixture.world.scene(
      await reachQuote(page, {
        outcomes: [new (await import('../../src/domain/errors.js')).DomainError('quote_expired'), ...DECLINED],
      }),
    );
    outdated.quote = { ...QUOTE, quoteId: 'renewed-quote' };
    await submit(page);
    await page.getByText('The card was declined.').first().waitFor();
    expect(submits().at(-1)?.input).toMatchObject({ quoteId: 'renewed-quote', accepted: true });
  });

  it('clears the box and says both totals where the price has changed', async () => {
    const page = await newPage();
    const { DomainError } = await import('../../src/domain/errors.js');
    const linkId = await reachQuote(page, { outcomes: [new DomainError('quote_changed')] });
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

  it('goes by the keyboard alone', async () => {
    const page = await newPage();
    const linkId = fixture.link({}, { outcomes: DECLINED });
    await open(page, linkId);
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
    const page = await newPage();
    const linkId = fixture.link(
      { state: 'bank_step', clientSecret: 'pi_1_secret_2' },
      { outcomes: [{ outcome: 'released' }] },
    );
    await open(page, linkId);
    expect(await page.getByRole('button', { name: 'Continue with the bank' }).count()).toBe(1);
    const scene = fixture.world.scene(linkId);
    scene.page = { ...(scene.page as Exclude<Scene['page'], Error>), state: 'payable', clientSecret: undefined };
    await page.getByRole('button', { name: 'Use another card' }).click();
    await page.getByRole('button', { name: 'PAY NOW' }).waitFor();
  });
});

describe('being there', () => {
  it('is told once, after somebody did something with the page', async () => {
    const page = await newPage();
    const linkId = fixture.link();
    await open(page, linkId);
    const opened = () =>
      fixture.world.commands.filter((command) => command instanceof OpenLink && command.input.linkId === linkId);
    await page.mouse.move(100, 100);
    expect(opened()).toHaveLength(0);
    await page.waitForTimeout(1200);
    expect(opened()).toHaveLength(0);
    await page.mouse.move(200, 200);
    await page.mouse.wheel(0, 200);
    await page.waitForTimeout(500);
    await page.getByRole('button', { name: 'PAY NOW' }).click();
    await page.waitForTimeout(500);
    expect(opened().map(({ input }) => 'evidence' in input && input.evidence)).toEqual(['interaction']);
  });

  it('is not told by a page that only loads', async () => {
    const page = await newPage();
    const linkId = fixture.link();
    await open(page, linkId);
    await page.waitForTimeout(2500);
    await page.close();
    expect(
      fixture.world.commands.some((command) => command instanceof OpenLink && command.input.linkId === linkId),
    ).toBe(false);
  });
});

describe('without JavaScript', () => {
  it('shows the invoice, its file, and what to do', async () => {
    const page = await newPage({ javaScriptEnabled: false });
    await page.goto(`${fixture.origin}/pay/pay-${fixture.link()}`);
    expect(await page.getByRole('link', { name: 'Download invoice' }).isVisible()).toBe(true);
    expect(await page.getByText('Switch JavaScript on').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'PAY NOW' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Continue' }).count()).toBe(0);
  });
});

async function expectPosted(input: object): Promise<void> {
  for (let look = 0; look < 50 && !submits().length; look += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(submits().at(-1)?.input).toMatchObject(input);
}

/** Waits without `waitForFunction`, which the page's own policy forbids: it makes code from text. */
async function until(page: Page, expression: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    if (await page.evaluate(expression)) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`It never came true that ${expression}`);
}

async function pressUntil(page: Page, key: string, selector: string): Promise<void> {
  for (let press = 0; press < 30; press += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`The keyboard does not reach ${selector}`);
}
