import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { assertSound, TWO_LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { call } from '../support/service.js';

const HEADER = 'number,issued_on,due_on,currency,customer_name,customer_email,customer_phone,description,unit_price';
const ROWS = 60;

let portal: PortalBrowser;
let branchId: string;

/** A file of many good rows with two bad ones in the middle, three of the invoices to one customer. */
function file(prefix: string): { name: string; mimeType: string; buffer: Buffer } {
  const rows = Array.from({ length: ROWS }, (_, at) => {
    const customer = at < 3 ? 0 : at;
    const contact = `Customer ${customer},c${customer}@example.com,+1212555${String(1000 + customer)}`;
    return `${prefix}-${at},2026-11-20,2026-12-${10 + (at % 20)},USD,${contact},"Storage, cold",12.50`;
  });
  rows.splice(ROWS / 2, 0, `${prefix}-BAD,2026-13-40,2026-12-10,USD,X,no address,,Storage,1`, '"not closed,1');
  return { name: 'invoices.csv', mimeType: 'text/csv', buffer: Buffer.from([HEADER, ...rows].join('\r\n')) };
}

beforeAll(async () => {
  portal = await PortalBrowser.start();
  const { body } = await call<{ id: string }>(portal.service, 'POST', '/branches', {
    name: 'Harbor Cold Storage',
    timeZone: 'UTC',
    currency: 'USD',
    locale: 'en-US',
    country: 'US',
    region: 'NY',
    replyTo: 'office@example.com',
  });
  branchId = body.id;
}, 180_000);

afterAll(async () => {
  await portal.stop();
}, 60_000);

describe.each(TWO_LOOKS)('invoices by the file and links by the dozen (%s)', (form, options) => {
  const prefix = form.startsWith('a desk') ? 'D' : 'T';
  let page: Page;

  beforeAll(async () => {
    page = await portal.newPage(options);
  });
  afterAll(async () => {
    await page.context().close();
  });

  it('says beside the field what is wrong with a file that is no table of invoices', async () => {
    await page.goto(`${portal.origin}/staff/import`);
    await assertSound(page, 'import');
    const wrong = { name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from('number,colour\n1,red\n') };
    await page.getByLabel('File', { exact: true }).setInputFiles(wrong);
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByText('The first line of the file cannot be used').waitFor();
    await assertSound(page, 'import-wrong');
  }, 60_000);

  it('imports a file with bad rows in the middle, and reports them by line', async () => {
    await page.goto(`${portal.origin}/staff/import`);
    await page.getByLabel('Branch', { exact: true }).last().selectOption(branchId);
    await page.getByLabel('File', { exact: true }).setInputFiles(file(prefix));
    await page.getByRole('button', { name: 'Import' }).click();
    await page.waitForURL(/\/staff\/jobs\//);
    await page.locator('#progress .pill', { hasText: 'Done' }).waitFor({ timeout: 60_000 });
    expect(await page.locator('#progress').innerText()).toContain(`Registered\n${ROWS}`);
    await page.getByText('must be a date of the calendar').waitFor({ timeout: 20_000 });
    expect(await page.getByRole('row', { name: /quotation mark/ }).count()).toBe(1);
    await assertSound(page, 'import-report');
  }, 90_000);

  it('sends to the invoices that were ticked', async () => {
    await page.goto(`${portal.origin}/staff/invoices?branchId=${branchId}&q=${prefix}-1`);
    await page.getByLabel(`Choose ${prefix}-10`).check();
    await page.getByLabel(`Choose ${prefix}-11`).check();
    await assertSound(page, 'ticked');
    await page.getByRole('button', { name: 'Send the 2 chosen…' }).click();
    await page.getByRole('button', { name: 'Send 2 emails' }).waitFor();
    await page.getByRole('link', { name: 'Text message' }).click();
    await page.getByRole('button', { name: 'Send 2 text messages' }).waitFor();
  }, 60_000);

  it('sends to all that match a filter: counted before, live while it runs, reported after', async () => {
    await page.goto(`${portal.origin}/staff/invoices?branchId=${branchId}&q=${prefix}-`);
    await page.getByRole('link', { name: 'Send to all that match…' }).click();
    await page.getByText('1 recipient has several invoices.').waitFor();
    expect(await page.getByText('texts wait').count()).toBe(0);
    await assertSound(page, 'bulk-email');
    await page.getByRole('link', { name: 'Text message' }).click();
    await page.getByText('The recipient is texted about an invoice that is due earlier.').waitFor();
    await page.getByText('texts wait until the morning').waitFor();
    await assertSound(page, 'bulk-text');
    await page.getByRole('link', { name: 'Email' }).click();
    await page.getByRole('button', { name: `Send ${ROWS - 2} emails` }).click();
    await page.waitForURL(/\/staff\/jobs\//);
    await page.locator('#progress .pill', { hasText: 'Done' }).waitFor({ timeout: 60_000 });
    expect(await page.locator('#progress').innerText()).toContain(`Links issued\n${ROWS}`);
    await assertSound(page, 'bulk-done');
    await page.goto(`${portal.origin}/staff/jobs`);
    await page.getByRole('link', { name: 'Links by email' }).first().waitFor();
    await assertSound(page, 'jobs');
  }, 120_000);

  it('says that nothing matches', async () => {
    const response = await page.goto(`${portal.origin}/staff/bulk?all=1&q=nobody-has-this`);
    expect(response?.status()).toBe(422);
    await page.getByText('No invoice was chosen').waitFor();
    await assertSound(page, 'bulk-empty');
  }, 30_000);
});
