import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { startPayFixture, type PayFixture, type Scene } from './pay-fixtures.js';

/** A browser before the pay pages of a fixture, and what a customer does there. */
export class PayBrowser {
  private readonly pages: Page[] = [];

  private constructor(
    readonly fixture: PayFixture,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<PayBrowser> {
    const fixture = await startPayFixture({ tokenMissesPerMinute: 1000, attemptsPerHour: 1000 });
    return new PayBrowser(fixture, await launchBrowser());
  }

  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    this.pages.push(page);
    return page;
  }

  async closePages(): Promise<void> {
    for (const page of this.pages.splice(0)) await page.context().close();
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.fixture.stop();
  }

  /** Follows a link until its card form, if it has one, can be used. */
  async open(page: Page, linkId: string): Promise<void> {
    await page.goto(`${this.fixture.origin}/pay/pay-${linkId}`);
    if ((await page.locator('.steps').count()) > 0) {
      await page.locator('[data-loading]').waitFor({ state: 'hidden' });
    }
  }

  /** From the link to *Submit Payment*. */
  async reachQuote(page: Page, scene: Partial<Scene> = {}): Promise<string> {
    const linkId = this.fixture.link({}, scene);
    await this.open(page, linkId);
    await page.getByRole('button', { name: 'PAY NOW' }).click();
    const card = page.frameLocator('iframe').first();
    await card.getByLabel('Card number').fill('4242424242424242');
    await card.getByLabel('Expiration date').fill('12/34');
    await card.getByLabel('Security code').fill('123');
    await card.getByLabel('ZIP code').fill('07105');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: /^Submit Payment/ }).waitFor();
    return linkId;
  }
}

/** Waits without `waitForFunction`, which the page's own policy forbids: it makes code from text. */
export async function until(page: Page, expression: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    if (await page.evaluate(expression)) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`It never came true that ${expression}`);
}
