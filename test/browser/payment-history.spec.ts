/** A payment is recorded, found and taken back again, without the pointer. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, PortalBrowser } from '../support/portal-browser.js';
import { call } from '../support/service.js';

describe('payment history and recording a payment, in a browser', () => {
  let portal: PortalBrowser;
  let invoice: string;

  beforeAll(async () => {
    portal = await PortalBrowser.start();
    const { service } = portal;
    const { body } = await call<{ items: readonly { id: string }[] }>(service, 'GET', '/branches');
    const made = await call<{ id: string }>(service, 'POST', '/invoices', {
      ...{ branchId: body.items[0]!.id, number: 'PH-1', currency: 'USD' },
      ...{ issuedOn: '2026-11-01', dueOn: '2026-12-01' },
      customer: { name: 'Ada Byron', email: 'ada@example.com' },
      lines: [{ description: 'Cold storage', unitPrice: 40_594 }],
    });
    invoice = `${portal.origin}/staff/invoices/${made.body.id}`;
  }, 120_000);
  afterAll(() => portal.stop());

  const isTooWide = (page: Page) => page.evaluate('document.documentElement.scrollWidth > innerWidth');

  it.each([
    ['desktop', 1280, 'light'],
    ['telephone', 360, 'dark'],
  ] as const)('records, finds and reverses by keyboard on a %s', async (_name, width, colorScheme) => {
    const page = await portal.newPage({ viewport: { width, height: 800 }, colorScheme });
    await page.goto(`${invoice}/record-payment`);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.inputValue('[name=amount]')).toBe('405.94');
    await page.focus('[name=method][value=cash]');
    await page.keyboard.press('ArrowRight');
    await page.fill('[name=amount]', '999.00');
    await page.keyboard.press('Enter');
    await page.getByText('Only $405.94 is still owed.').waitFor();
    expect(await page.isChecked('[value=check]')).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.fill('[name=amount]', '100.00');
    await page.fill('[name=reference]', `Check ${width}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(invoice);

    await page.goto(`${portal.origin}/staff/payments`);
    await page.keyboard.press('/');
    await page.keyboard.type(`check ${width}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=check/);
    await page.getByText('1 payment', { exact: true }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'PH-1' }).count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);

    await page.getByRole('link', { name: 'Reverse…' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/reverse$/);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Reverse payment' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(invoice);
    await page.goto(`${portal.origin}/staff/payments?status=reversed&q=${width}`);
    await page.getByRole('cell', { name: 'Reversed' }).waitFor();
    expect(await page.locator('.totals').count()).toBe(0);
    await page.goto(`${portal.origin}/staff/payments?q=nothing+like+it`);
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.close();
  });
});
