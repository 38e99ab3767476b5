import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { startService, type Service } from './service.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The service as `npm start` runs it, and browsers in which its demo administrator is signed in to the portal. */
export class PortalBrowser {
  private constructor(
    readonly service: Service,
    readonly origin: string,
    private readonly browser: Browser,
    private readonly state: NonNullable<BrowserContextOptions['storageState']>,
  ) {}

  static async start(): Promise<PortalBrowser> {
    const service = await startService();
    const browser = await launchBrowser();
    const door = new URL(printed(service, 'PORTAL'));
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(door.href);
    await page.waitForURL(/\/staff\/invoices/);
    const state = await context.storageState();
    await context.close();
    return new PortalBrowser(service, door.origin, browser, state);
  }

  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      reducedMotion: 'reduce',
      storageState: this.state,
      ...options,
    });
    return context.newPage();
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.service.dispose();
  }
}

function printed(service: Service, name: string): string {
  const found = new RegExp(`export ${name}=(\\S+)`).exec(service.output())?.[1];
  if (found === undefined) throw new Error(`The service did not print ${name}`);
  return found;
}

/** What axe finds on the page, in short. */
export async function axeFindings(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(
    `axe.run(document, { iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
  );
}
