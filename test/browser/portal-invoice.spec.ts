/** Staff keep an invoice's page open while its customer opens the link and pays: the page shows it by itself. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { assertSound, LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { call, eventually } from '../support/service.js';

/** Of what happened until a page that is looked at shows it. */
const SOON_MS = 2_000;

let portal: PortalBrowser;
beforeAll(async () => {
  portal = await PortalBrowser.start();
}, 90_000);
afterAll(() => portal.stop(), 60_000);

async function demoInvoice(number: string): Promise<string> {
  const found = await call<{ items: { id: string }[] }>(portal.service, 'GET', `/invoices?q=${number}`);
  return found.body.items[0]!.id;
}

async function newLink(invoiceId: string): Promise<{ id: string; url: string }> {
  const body = { channel: 'email', to: 'ada@example.com' };
  return (await call<{ id: string; url: string }>(portal.service, 'POST', `/invoices/${invoiceId}/links`, body)).body;
}

/** A browser of somebody who is not staff. */
async function customerPage(): Promise<Page> {
  return portal.newPage({ storageState: { cookies: [], origins: [] }, viewport: { width: 390, height: 844 } });
}

async function pay(page: Page): Promise<void> {
  const frame = await eventually(async () => {
    for (const each of page.frames().slice(1)) {
      if (
        await each
          .getByLabel('Card number')
          .isVisible()
          .catch(() => false)
      )
        return each;
    }
    return undefined;
  }, 'the card form');
  await frame.getByLabel('Card number').fill('4000056655665556');
  await frame.getByLabel('Expiration date').fill('12 / 30');
  await frame.getByLabel('Security code').fill('123');
  const zip = frame.getByLabel(/ZIP/);
  if ((await zip.count()) > 0) await zip.fill('77002');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByRole('button', { name: /^Submit Payment/ }).click();
  await page.getByRole('link', { name: 'Download receipt' }).waitFor();
}

const line = (page: Page, words: RegExp) => page.locator('.event-what').filter({ hasText: words }).first();

describe('an invoice’s page', () => {
  it('shows what happens while it is looked at, and disturbs nobody who reads it', async () => {
    const invoiceId = await demoInvoice('INV-1001');
    const staff = await portal.open(`/staff/invoices/${invoiceId}`);
    const issued = staff.locator('.event', { hasText: 'Issued for' });
    await issued.locator('summary').click();
    await issued.locator('summary').focus();

    const link = await newLink(invoiceId);
    await line(staff, /^Link asked for by email to ada@example\.com/).waitFor({ timeout: SOON_MS });
    await line(staff, /^Sent by email/).waitFor();

    const customer = await customerPage();
    await customer.goto(link.url);
    await customer.waitForTimeout(1_200);
    await customer.mouse.move(10, 10);
    await customer.mouse.move(60, 60);
    await line(staff, /^Opened, from the link by email/).waitFor();
    expect(await staff.locator('#invoice-said').textContent()).toContain('Just now: Opened');
    await pay(customer);
    await line(staff, /^Paid \$/).waitFor();
    await staff.getByRole('link', { name: /^Download receipt/ }).waitFor();
    await staff.locator('.invoice-standing .pill', { hasText: 'Paid' }).waitFor();
    expect(await staff.getByRole('link', { name: 'Email or Text…' }).count()).toBe(0);

    expect(await issued.locator('details').getAttribute('open')).toBe('');
    const focused = "document.activeElement.matches('summary') && document.activeElement.textContent";
    expect(await staff.evaluate(focused)).toContain('Issued for');
    await assertSound(staff, 'invoice-paid');
    await customer.context().close();
    await staff.context().close();
  }, 90_000);

  it.each(LOOKS)(
    'is clean on %s',
    async (_, options) => {
      const invoiceId = await demoInvoice('INV-1002');
      const page = await portal.open(`/staff/invoices/${invoiceId}`, options);
      await newLink(invoiceId);
      await line(page, /^Sent by email/).waitFor();
      await assertSound(page, 'invoice');
      await page.goto(`${portal.origin}/staff/invoices/${invoiceId}/as-customer`);
      await page.getByText('Do not take card numbers by telephone: text the link.').waitFor();
      await assertSound(page, 'as-customer');
      await page.context().close();
    },
    60_000,
  );

  it('is gone through by keyboard: send, resend, revoke', async () => {
    const invoiceId = await demoInvoice('INV-1003');
    const page = await portal.open(`/staff/invoices/${invoiceId}`);
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await newLink(invoiceId);
    const resend = page.getByRole('link', { name: 'Resend to ada@example.com' });
    await resend.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
    expect(await page.getByLabel('Recipient').inputValue()).toBe('ada@example.com');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Revoke the link to ada@example.com' }).focus();
    await page.keyboard.press('Enter');
    await line(page, /^Link revoked/).waitFor();
    await page.context().close();
  }, 60_000);

  it('says everything without scripts too, and how to look again', async () => {
    const invoiceId = await demoInvoice('INV-1002');
    const page = await portal.open(`/staff/invoices/${invoiceId}`, { javaScriptEnabled: false });
    await line(page, /^Issued for/).waitFor();
    await page.getByRole('link', { name: 'Show how it is now' }).waitFor();
    await page.context().close();
  }, 60_000);

  it('lets staff who follow a real link see what the customer sees, and records nothing of it', async () => {
    const invoiceId = await demoInvoice('INV-1002');
    const link = await newLink(invoiceId);
    const page = await portal.open(new URL(link.url).pathname);
    await page.getByText('Do not take card numbers by telephone: text the link.').waitFor();
    expect(await page.locator('iframe').count()).toBe(0);
    await page.mouse.move(50, 50);
    await page.waitForTimeout(1_500);
    await page.mouse.move(90, 90);
    const { body } = await call<{ items: { id: string; status: string }[] }>(
      portal.service,
      'GET',
      `/invoices/${invoiceId}/links`,
    );
    expect(body.items.find(({ id }) => id === link.id)?.status).not.toBe('opened');
    await page.goto(`${portal.origin}/staff/invoices/${invoiceId}`);
    expect(await page.getByText('Loaded, perhaps by a mail scanner').count()).toBe(0);
    await page.context().close();
  }, 60_000);
});
