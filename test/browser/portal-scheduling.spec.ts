/** *Email or Text…* at a time: on the clocks of the branch, seen in the list and on the invoice's page, and taken back there. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { addDays, localDate, localDateTime } from '../../src/domain/zoned-time.js';
import { assertSound, LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { call } from '../support/service.js';

/** Where the demo branch is. */
const ZONE = 'America/Chicago';

let portal: PortalBrowser;

beforeAll(async () => {
  portal = await PortalBrowser.start();
}, 90_000);
afterEach(() => portal.closePages());
afterAll(() => portal.stop());

async function openDialog(number: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await portal.open(`/staff/invoices?q=${number}`, options);
  await page.getByRole('button', { name: 'Email or Text…' }).click();
  await page.getByLabel('Recipient').waitFor();
  return page;
}

const tomorrow = () => addDays(localDate(new Date(), ZONE), 1);

describe.each(LOOKS)('on %s', (_, options) => {
  it('says which clocks are meant, and axe finds nothing', async () => {
    const page = await openDialog('INV-1001', options);
    expect(await page.getByLabel('Date and time').isVisible()).toBe(false);
    await page.getByText('At a time').click();
    await page.getByText(/: Central Time, now \d+:\d\d [AP]M\.$/).waitFor();
    expect(await page.getByLabel('Date and time').inputValue()).toBe(`${tomorrow()}T09:00`);
    await assertSound(page, 'send-at-a-time');
  }, 60_000);
});

describe('a time that cannot be', () => {
  it.each([
    ['that has passed', '2026-01-01T09:00', 'The time has passed.'],
    ['that is too far away', '2099-01-01T09:00', 'The time is more than 90 days ahead.'],
    ['that is none', '', 'Choose a date and a time, or send now.'],
  ])('is refused beside the field where it is one %s, and nothing is kept', async (_, time, words) => {
    const page = await openDialog('INV-1001');
    await page.getByText('At a time').click();
    const field = page.getByLabel('Date and time');
    await field.fill(time);
    await page.getByRole('button', { name: 'Schedule', exact: true }).click();
    await page.locator('#send-at-error').getByText(words).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('send-at');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
  });

  it('never becomes now without scripts either', async () => {
    const page = await openDialog('INV-1001', { javaScriptEnabled: false });
    await page.getByLabel('At a time').check();
    await page.getByLabel('Date and time').fill('2026-01-01T09:00');
    await page.getByRole('button', { name: 'Schedule', exact: true }).click();
    await page.locator('#send-at-error').getByText('The time has passed.').waitFor();
    expect(await page.getByLabel('At a time').isChecked()).toBe(true);
    expect(await page.getByLabel('Date and time').inputValue()).toBe('2026-01-01T09:00');
  });
});

describe('a text at night', () => {
  it('is said to go out in the morning, as soon as the time is chosen', async () => {
    const page = await openDialog('INV-1001');
    await page.getByLabel('Text', { exact: true }).check();
    await page.getByLabel('Recipient').fill('+1 212 555 0123');
    await page.getByText('At a time').click();
    const warning = page.getByText('The text goes out');
    await page.getByLabel('Date and time').fill(`${tomorrow()}T23:30`);
    await page.getByText(/it is night where the customer is\. The text goes out .*, 8:00 AM C[DS]T\.$/).waitFor();
    await assertSound(page, 'send-at-night');
    await page.getByLabel('Date and time').fill(`${tomorrow()}T10:30`);
    await warning.waitFor({ state: 'detached' });
    await page.getByLabel('Date and time').fill(`${tomorrow()}T06:15`);
    await warning.waitFor();
    await page.getByText('Now', { exact: true }).click();
    await warning.waitFor({ state: 'detached' });
  });

  it.each([
    ['by the toast', { viewport: { width: 360, height: 740 } }],
    ['by the page where scripts do not run', { javaScriptEnabled: false }],
  ])('is said to go out in the morning once it is scheduled, %s', async (_, options: BrowserContextOptions) => {
    const page = await openDialog('INV-1003', options);
    await page.getByLabel('Text', { exact: true }).check();
    await page.getByLabel('Recipient').fill('+1 212 555 0124');
    await page.getByLabel('At a time').check();
    const field = page.getByLabel('Date and time');
    await field.fill(`${tomorrow()}T23:30`);
    // Asked of a number once: the second time somebody has said so already.
    const consent = page.getByLabel(/agreed to/);
    if (options.javaScriptEnabled === false) await page.getByRole('button', { name: 'Show preview' }).click();
    else await page.getByText('The text goes out').waitFor();
    if (await consent.isVisible()) await consent.check();
    await page.getByRole('button', { name: 'Schedule', exact: true }).click();
    const said = await page.getByText(/^Scheduled: it is night where the customer is then/).textContent();
    expect(said).toMatch(/the link goes to \+12125550124 in the morning, on .*, 8:00 AM C[DS]T\.$/);
    expect(said).not.toContain('11:30 PM');
  });
});

describe('the preview without scripts', () => {
  it('is a page that keeps what was chosen, and leaves it out of the address', async () => {
    const page = await openDialog('INV-1001', { javaScriptEnabled: false });
    const path = new URL(page.url()).pathname;
    await page.getByLabel('Recipient').fill('somebody.else@example.com');
    await page.getByLabel('At a time').check();
    await page.getByLabel('Date and time').fill(`${tomorrow()}T10:30`);
    await page.getByRole('button', { name: 'Show preview' }).click();
    await page.getByLabel('Preview of the email').getByText('somebody.else@example.com').waitFor();
    const { pathname, search } = new URL(page.url());
    expect([pathname, search]).toEqual([`${path}/preview`, '']);
    expect(await page.getByLabel('Recipient').inputValue()).toBe('somebody.else@example.com');
    expect(await page.getByLabel('Date and time').inputValue()).toBe(`${tomorrow()}T10:30`);
    await page.goto(`${portal.origin}${path}?channel=sms&to=typed%40example.com`);
    expect(await page.getByLabel('Recipient').inputValue()).not.toBe('typed@example.com');
    expect(await page.getByLabel('Email', { exact: true }).isChecked()).toBe(true);
  });
});

describe('a scheduled link', () => {
  it('stands in the list with its time, and is revoked on the invoice’s page', async () => {
    const page = await openDialog('INV-1002');
    await page.getByText('At a time').click();
    await page.keyboard.press('Tab');
    await page.getByLabel('Date and time').fill(`${tomorrow()}T09:05`);
    await page.keyboard.press('Enter');
    const said = page.getByText(/^Scheduled: the link goes to \S+ on .* 9:05 AM C[DS]T\.$/);
    await said.waitFor();
    const weekday = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone: 'UTC' }).format(
      new Date(tomorrow()),
    );
    const row = page.locator('tr[data-number="INV-1002"]');
    await row.getByText('Scheduled (email)').waitFor();
    await row.getByText(`for ${weekday} 9:05 AM`).waitFor();
    await page.getByRole('link', { name: 'View', exact: true }).click();
    await page.getByText(`Scheduled for ${weekday} 9:05 AM`).first().waitFor();
    await page.getByRole('button', { name: /^Revoke/ }).click();
    await page.getByText('Revoked', { exact: true }).first().waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1);
    const { body } = await call<{ items: { status: string; sendAt: string }[] }>(
      portal.service,
      'GET',
      `/invoices/${id}/links`,
    );
    expect(body.items.at(-1)?.status).toBe('revoked');
    expect(localDateTime(new Date(body.items.at(-1)!.sendAt), ZONE).slice(0, 16)).toBe(`${tomorrow()}T09:05`);
  }, 60_000);
});
