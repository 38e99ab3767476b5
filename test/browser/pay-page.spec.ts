import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { OpenLink } from '../../src/application/pay/open-link.js';
import { axeFindings } from '../support/page-looks.js';
import { PayBrowser, until } from '../support/pay-browser.js';
import { linksOfAllPages, type PayFixture } from '../support/pay-fixtures.js';

jest.setTimeout(120_000);

let customer: PayBrowser;
let fixture: PayFixture;
beforeAll(async () => {
  customer = await PayBrowser.start();
  fixture = customer.fixture;
});
afterEach(() => customer.closePages());
afterAll(() => customer.stop());

describe('every state of the page', () => {
  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (colorScheme) => {
    const page = await customer.newPage({ colorScheme, bypassCSP: true });
    for (const [name, linkId] of linksOfAllPages(fixture)) {
      await customer.open(page, linkId);
      expect([name, await axeFindings(page)]).toEqual([name, []]);
    }
    for (const path of ['/pay/nothing', '/pay/i/fixture-99999999', `/receipts/receipt-${'A'.repeat(16)}`]) {
      await page.goto(fixture.origin + path);
      expect([path, await axeFindings(page)]).toEqual([path, []]);
    }
    await customer.reachQuote(page);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('fits 360 px, and nothing that can be pressed is under 44 px', async () => {
    const page = await customer.newPage({ viewport: { width: 360, height: 720 } });
    for (const [name, linkId] of linksOfAllPages(fixture)) {
      await customer.open(page, linkId);
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
    const page = await customer.newPage();
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
    await customer.open(page, fixture.link());
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
      const page = await customer.newPage({ viewport: { width, height: 720 } });
      await customer.open(page, fixture.link());
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

describe('being there', () => {
  it('is told once, after somebody did something with the page', async () => {
    const page = await customer.newPage();
    const linkId = fixture.link();
    await customer.open(page, linkId);
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
    const page = await customer.newPage();
    const linkId = fixture.link();
    await customer.open(page, linkId);
    await page.waitForTimeout(2500);
    await page.close();
    expect(
      fixture.world.commands.some((command) => command instanceof OpenLink && command.input.linkId === linkId),
    ).toBe(false);
  });
});

describe('without JavaScript', () => {
  it('shows the invoice, its file, and what to do', async () => {
    const page = await customer.newPage({ javaScriptEnabled: false });
    await page.goto(`${fixture.origin}/pay/pay-${fixture.link()}`);
    expect(await page.getByRole('link', { name: 'Download invoice' }).isVisible()).toBe(true);
    expect(await page.getByText('Switch JavaScript on').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'PAY NOW' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Continue' }).count()).toBe(0);
  });
});
