import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { startService, type Service } from './service.js';

/** The service as `npm start` runs it, and browsers in which its demo administrator is signed in to the portal. */
export class PortalBrowser {
  private readonly pages: Page[] = [];

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
    const page = await context.newPage();
    this.pages.push(page);
    return page;
  }

  /** @param path on the service */
  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.newPage(options);
    await page.goto(this.origin + path);
    return page;
  }

  /** Begins a session of its own, for all pages of that browser context. */
  async signIn(page: Page): Promise<void> {
    await page.goto(`${this.origin}/staff/sign-in`);
    await page.getByLabel('Email').fill(printed(this.service, 'STAFF_EMAIL'));
    await page.getByLabel('Password').fill(printed(this.service, 'STAFF_PASSWORD'));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(/\/staff\/invoices/);
  }

  async closePages(): Promise<void> {
    for (const page of this.pages.splice(0)) await page.context().close();
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
