/** *Email or Text…* where the service would refuse: the button says so before it is pressed, and the reason stands beside it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { localDate } from '../../src/domain/zoned-time.js';
import { assertSound, LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { call } from '../support/service.js';

interface Found {
  readonly id: string;
  readonly balance: { readonly amount: number };
  readonly customer: { readonly id: string };
}

/** Where the demo branch is. */
const ZONE = 'America/Chicago';

const OPTED_OUT = /^The customer asked not to be texted/;

let portal: PortalBrowser;

beforeAll(async () => {
  portal = await PortalBrowser.start();
  const { customer } = await invoice('INV-1001');
  await call(portal.service, 'PATCH', `/customers/${customer.id}`, { textConsent: false });
}, 90_000);
afterEach(() => portal.closePages());
afterAll(() => portal.stop());

async function invoice(number: string): Promise<Found> {
  const { body } = await call<{ items: Found[] }>(portal.service, 'GET', `/invoices?number=${number}`);
  return body.items[0]!;
}

async function openDialog(number: string, options: object = {}): Promise<Page> {
  const page = await portal.open(`/staff/invoices?q=${number}`, options);
  await page.getByRole('button', { name: 'Email or Text…' }).click();
  await page.getByLabel('Recipient').waitFor();
  return page;
}

const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true });

/** What a screen reader says beside the button's name. */
async function reasonOf(page: Page): Promise<string | null> {
  const id = await send(page).getAttribute('aria-describedby');
  return page.locator(`#${id ?? ''}`).textContent();
}

async function until(page: Page, isRefused: boolean): Promise<void> {
  const cannot = '[data-go][aria-disabled=true]';
  await page.locator(isRefused ? cannot : `[data-go]:not(${cannot})`).waitFor();
}

describe('a number that opted out', () => {
  it.each(LOOKS)(
    'cannot be sent to, with the reason beside the button, on %s',
    async (_, options) => {
      const page = await openDialog('INV-1001', options);
      expect(await send(page).isEnabled()).toBe(true);
      await page.getByLabel('Text', { exact: true }).check();
      await until(page, true);
      expect(await send(page).isEnabled()).toBe(false);
      expect(await reasonOf(page)).toMatch(OPTED_OUT);
      await assertSound(page, 'send-opted-out');
    },
    60_000,
  );

  it('is let go as soon as channel or recipient are others, and held again with them', async () => {
    const page = await openDialog('INV-1001');
    await page.getByLabel('Text', { exact: true }).check();
    await until(page, true);
    await page.getByLabel('Recipient').fill('+1 212 555 0177');
    await until(page, false);
    expect(await reasonOf(page)).toBe('');
    await page.getByLabel('Recipient').fill('(212) 555-0100');
    await until(page, true);
    await page.getByLabel('Email', { exact: true }).check();
    await until(page, false);
  });

  it('is not sent to by Enter either', async () => {
    const page = await openDialog('INV-1001');
    await page.getByLabel('Text', { exact: true }).check();
    await until(page, true);
    let posts = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/send')) posts += 1;
    });
    await page.getByLabel('Recipient').press('Enter');
    await send(page).click({ force: true });
    expect([posts, await page.locator('#send-to').getAttribute('aria-invalid')]).toEqual([0, null]);
  });

  it('is refused by the service where scripts do not run, and the button says so then', async () => {
    const page = await openDialog('INV-1001', { javaScriptEnabled: false });
    await page.getByLabel('Text', { exact: true }).check();
    await page.getByLabel('Recipient').fill('+12125550100');
    await send(page).click();
    await page
      .locator('#send-to-error')
      .getByText(/^Ask the customer to/)
      .waitFor();
    expect(await send(page).getAttribute('aria-disabled')).toBe('true');
    expect(await reasonOf(page)).toMatch(OPTED_OUT);
  });
});

describe('an invoice that nothing can be asked for any more', () => {
  it('says so where it was paid while the dialog was put by: the sum in its head too', async () => {
    const page = await openDialog('INV-1002');
    await page.getByText(/ due$/).first().waitFor();
    await page.keyboard.press('Escape');
    const { id, balance } = await invoice('INV-1002');
    const paid = { method: 'cash', amount: balance.amount, receivedOn: localDate(new Date(), ZONE) };
    expect((await call(portal.service, 'POST', `/invoices/${id}/recorded-payments`, paid)).status).toBe(201);
    await page.getByRole('button', { name: 'Email or Text…' }).click();
    await until(page, true);
    expect(await reasonOf(page)).toBe('This invoice is paid already.');
    expect(await page.locator('[data-due]').textContent()).toBe('paid');
    // Whatever is typed: it is about the invoice.
    await page.getByLabel('Recipient').fill('half an addr');
    await page.waitForResponse((answer) => answer.url().endsWith('/send/preview'));
    await until(page, true);
  });

  it('says so after the refusal where it was voided while the dialog was open', async () => {
    const page = await openDialog('INV-1003');
    const { id } = await invoice('INV-1003');
    await call(portal.service, 'POST', `/invoices/${id}/void`, { reason: 'Registered twice' });
    await send(page).click();
    await page.locator('[data-mistake]').getByText(/void/).waitFor();
    await until(page, true);
    expect(await reasonOf(page)).toBe('This invoice is void.');
    expect(await page.locator('[data-due]').textContent()).toBe('void');
  });
});
