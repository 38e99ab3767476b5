/** *Find invoice* and its dialogs, on a telephone and on a desk, light and dark, by keyboard, and without scripts. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { assertSound, LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';

let portal: PortalBrowser;

beforeAll(async () => {
  portal = await PortalBrowser.start();
}, 90_000);
afterEach(() => portal.closePages());
afterAll(() => portal.stop());

describe.each(LOOKS)('on %s', (_, options) => {
  it('axe finds nothing, and nothing is wider than the screen', async () => {
    const page = await portal.open('/staff/invoices', options);
    await page.locator('tr[aria-selected=true]').waitFor();
    await assertSound(page, 'find-invoice');
    await page.getByRole('button', { name: 'Email or Text…' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
    await assertSound(page, 'send-email');
    await page.getByText('Text', { exact: true }).first().click();
    await page.locator('.bubble').waitFor();
    await assertSound(page, 'send-text');
    await page.goto(`${portal.origin}/staff/invoices?q=zzzz`);
    await assertSound(page, 'nothing-found');
    await page.goto(`${portal.origin}/staff/invoices?from=yesterday`);
    await assertSound(page, 'wrong-filter');
  }, 60_000);
});

describe('the search', () => {
  it.each([
    ['an amount', '405.94', 'INV-1001'],
    ['a telephone number as people write it', '(212) 555-0100', 'INV-1001'],
    ['a number', 'inv-1002', 'INV-1002'],
    ['a part of a name', 'FISH', 'INV-1003'],
  ])('finds by %s while it is typed, and keeps it in the address', async (_, text, number) => {
    const page = await portal.open('/staff/invoices');
    await page.keyboard.press('/');
    await page.keyboard.type(text);
    await page.getByText('1 invoice.', { exact: true }).first().waitFor();
    expect(await page.locator('tr[data-id]').getAttribute('data-number')).toBe(number);
    expect(new URL(page.url()).searchParams.get('q')).toBe(text);
  });

  it('says what is wrong with a filter beside it', async () => {
    const page = await portal.open('/staff/invoices?from=2026-13-40&to=2026-01-01');
    await page.getByText('It must be a date of the calendar, like 2026-11-20.').waitFor();
    expect(await page.getByLabel('Issued from').getAttribute('aria-invalid')).toBe('true');
  });

  it('says so where the list cannot be loaded, and tries again', async () => {
    const page = await portal.open('/staff/invoices');
    await page.route('**/staff/invoices?**', (route) => route.abort());
    await page.getByRole('searchbox').fill('ada');
    await page.getByRole('heading', { name: 'The list could not be loaded' }).waitFor();
    await page.unroute('**/staff/invoices?**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('1 invoice.', { exact: true }).first().waitFor();
  });
});

describe('the menu of a row', () => {
  it('is walked by arrows and gives the focus back', async () => {
    const page = await portal.open('/staff/invoices');
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: 'Email or Text…' }).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Email-PDF');
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-selected")')).toBe('true');
  });

  it('says that nobody can pay from a PDF before it is sent', async () => {
    const page = await portal.open('/staff/invoices');
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: 'Email-PDF' }).click();
    await page.getByText('the customer cannot pay from it').waitFor();
    await page.getByRole('button', { name: 'Send the PDF' }).click();
    await page.getByText(/^Queued: the PDF goes to /).waitFor();
  });

  it('shows a copied link where the clipboard is refused', async () => {
    const page = await portal.open('/staff/invoices?q=INV-1002');
    await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })');
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: 'Copy link' }).click();
    const field = page.getByLabel('Link', { exact: true });
    await field.waitFor();
    expect(await field.inputValue()).toContain('/pay/');
  });

  it('asks for a reason before it voids', async () => {
    const page = await portal.open('/staff/invoices?q=INV-1003');
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: 'Void' }).click();
    await page.getByRole('button', { name: 'Void the invoice' }).click();
    await page.getByText('Say in a few words why, without a card number.').waitFor();
    await page.keyboard.type('Registered twice');
    await page.getByRole('link', { name: 'Keep the invoice' }).click();
    await page.locator('dialog').waitFor({ state: 'hidden' });
  });
});

describe('Email or Text…', () => {
  it('keeps what was typed over Escape and a mistake, which stands beside its field', async () => {
    const page = await portal.open('/staff/invoices');
    await page.keyboard.press('e');
    const recipient = page.getByLabel('Recipient');
    await recipient.fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('It has no @.').waitFor();
    expect(await recipient.inputValue()).toBe('nobody');
    expect(await page.evaluate('document.activeElement.id')).toBe('send-to');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.getAttribute("aria-selected")')).toBe('true');
    await page.keyboard.press('e');
    expect(await recipient.inputValue()).toBe('nobody');
  });

  it('keeps what was typed over the end of the session, and sends it when it is asked for again', async () => {
    const page = await portal.open('/staff/invoices');
    await page.keyboard.press('e');
    await page.getByLabel('Recipient').fill('late@example.com');
    await page.context().clearCookies();
    await page.keyboard.press('Enter');
    const [signIn] = await Promise.all([
      page.waitForEvent('popup'),
      page.locator('dialog').getByRole('link', { name: 'Sign in' }).click(),
    ]);
    await portal.signIn(signIn);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Nothing is sent yet: press once more.').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Queued: the link goes to late@example.com.').waitFor();
  });

  it('shows the email in a frame that runs nothing, its text, and the text with its segments', async () => {
    const page = await portal.open('/staff/invoices?q=INV-1001');
    await page.keyboard.press('e');
    const mail = page.frameLocator('iframe[title="The email as it will arrive"]');
    await mail.getByText('View and pay invoice').waitFor();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    await page.getByRole('tab', { name: 'As text' }).click();
    expect(await page.locator('#part-text').textContent()).toContain('$405.94');
    await page.getByText('Text', { exact: true }).first().click();
    await page.getByText('1 segment').waitFor();
    expect(await page.getByLabel('Recipient').inputValue()).toBe('+12125550100');
  });

  it('is a page of its own without scripts', async () => {
    const page = await portal.open('/staff/invoices?q=INV-1002', { javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Email or Text…' }).click();
    await page.getByLabel('Recipient').fill('nobody');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('It has no @.').waitFor();
    expect(await page.getByLabel('Recipient').inputValue()).toBe('nobody');
    await page.getByLabel('Recipient').fill('other@example.com');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Queued: the link goes to other@example.com.').waitFor();
  });
});
