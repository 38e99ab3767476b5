/** A branch is worded, priced and shown in a browser, by keyboard, on a desk and on a telephone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { assertSound, OTHER_TWO_LOOKS, TWO_LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { call } from '../support/service.js';

describe('Company/Branch information, in a browser', () => {
  let portal: PortalBrowser;
  let path: string;

  beforeAll(async () => {
    portal = await PortalBrowser.start();
    const { body } = await call<{ items: readonly { id: string }[] }>(portal.service, 'GET', '/branches');
    path = `${portal.origin}/staff/branches/${body.items[0]!.id}`;
  }, 120_000);
  afterAll(() => portal.stop());

  it.each(TWO_LOOKS)('shows every tab on %s without a finding', async (_, look) => {
    const page = await portal.newPage(look);
    const tabs = ['', '/logo', '/senders', '/messages/receipt', '/reminders', '/fees', '/card-processing', '/copy'];
    for (const address of [`${portal.origin}/staff/branches`, ...tabs.map((tab) => path + tab)]) {
      await page.goto(address);
      await assertSound(page, `branch-${address.split('/').at(-1)}`);
    }
    await page.close();
  });

  it.each(OTHER_TWO_LOOKS)('words a message by keyboard on %s', async (name, look) => {
    const page = await portal.newPage(look);
    await page.goto(`${path}`);
    await page.getByRole('link', { name: 'Customer portal' }).focus();
    await page.keyboard.press('Enter');
    const body = page.getByLabel('Invoice link message');
    await body.fill('Good day ');
    await page.getByText('Without {{link}} the customer').waitFor();
    expect(await body.getAttribute('aria-invalid')).toBe('true');
    await page.getByText('Insert a placeholder…').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '{{customerName}}' }).focus();
    await page.keyboard.press('Enter');
    expect(await body.inputValue()).toBe('Good day {{customerName}}');
    await page.keyboard.type(`, from ${name}: {{link}}`);
    const frame = page.frameLocator('.mail-iframe:not([hidden])');
    await frame.getByText(`from ${name}:`).first().waitFor();
    const entries = await page.evaluate('history.length');
    await page.keyboard.type(' Thank you');
    await frame.getByText('Thank you').first().waitFor();
    expect(await page.evaluate('history.length')).toBe(entries);
    await page.getByText('1 segment').waitFor();
    await assertSound(page, 'message-worded');
    await page.getByRole('button', { name: 'Save', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Saved.').waitFor();
    await page.getByRole('button', { name: /^Email to/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/A test goes to/).waitFor();
    expect(await page.getByText('worded it').count()).toBeGreaterThan(0);
    await assertSound(page, 'message-tried');
    await page.close();
  });

  it('says beside the field that a megabyte of words is too long, and keeps what was typed', async () => {
    const page = await portal.newPage();
    await page.goto(`${path}/messages/invoice-link`);
    const body = page.getByLabel('Invoice link message', { exact: true });
    await body.fill(`{{link}} ${'x'.repeat(1_000_000)}`);
    await page.getByText('It is longer than 10240 bytes.').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await page.evaluate('document.activeElement.name')).toBe('email.body');
    expect(await body.getAttribute('aria-invalid')).toBe('true');
    await body.fill('Short again: {{link}}');
    await page.frameLocator('.mail-iframe:not([hidden])').getByText('Short again:').first().waitFor();
    expect(await body.getAttribute('aria-invalid')).toBeNull();
    await page.close();
  });

  it('shows what a fee comes to while it is typed, and where it is capped', async () => {
    const page = await portal.newPage();
    await page.goto(`${path}/fees`);
    await page.getByText('On $405.94 by any credit card: $12.17, total $418.11').waitFor();
    await page.getByLabel('What cards cost you, in percent').fill('2');
    await page.getByText('$8.11, total $414.05').waitFor();
    await page.getByText('Capped at 2%, what cards cost you.').waitFor();
    await page.close();
  });

  it('tests the connection to the processor', async () => {
    const page = await portal.newPage();
    await page.goto(`${path}/card-processing`);
    await page.getByRole('button', { name: 'Test the connection' }).press('Enter');
    await page.getByText('The processor answered, with test keys').waitFor();
    await page.close();
  });

  it.each(TWO_LOOKS)('takes keys of the branch’s own on %s, without showing them again', async (_, look) => {
    const page = await portal.newPage(look);
    await page.goto(`${path}/card-processing`);
    const secret = page.getByLabel('Secret key');
    expect(await secret.isVisible()).toBe(false);
    await page.getByRole('radio', { name: /by its keys/ }).check();
    await secret.fill('sk_test_acctHarbour_revoked');
    await page.getByLabel('Publishable key').fill('pk_test_acctHarbour_0042');
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByText('Stripe did not let this key in').waitFor();
    expect(await secret.inputValue()).toBe('');
    await assertSound(page, 'branch-keys-refused');
    await secret.fill('sk_test_acctHarbour_0042');
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByText('The one in use ends in 0042.').waitFor();
    expect(await secret.inputValue()).toBe('');
    await assertSound(page, 'branch-keys');
    await page.getByRole('button', { name: 'Test the connection' }).press('Enter');
    await page.getByText('acct_Harbour').first().waitFor();
    await page.getByRole('radio', { name: "The service's account" }).check();
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByText("The service's own, at Stripe").waitFor();
    await page.close();
  });

  it('takes a logo and shows it on light and dark', async () => {
    const page = await portal.newPage();
    await page.goto(`${path}/logo`);
    const buffer = await sharp({ create: { width: 400, height: 120, channels: 3, background: '#0a5c8f' } })
      .jpeg()
      .toBuffer();
    await page.getByLabel('Picture').setInputFiles({ name: 'logo.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByRole('button', { name: 'Upload' }).press('Enter');
    await page.getByText('Saved.').waitFor();
    expect(await page.locator('.logo-papers img').count()).toBe(2);
    await assertSound(page, 'logo');
    await page.close();
  });

  it('is usable without scripts', async () => {
    const page = await portal.newPage({ javaScriptEnabled: false });
    await page.goto(`${path}/messages/reminder?language=es`);
    await page.getByLabel('Reminder message').fill('Buenos días {{link}}');
    await page.getByRole('button', { name: 'Show preview' }).click();
    expect(await page.locator('.mail-text pre').textContent()).toContain('Buenos días');
    await page.getByRole('button', { name: 'Show the email as it looks' }).click();
    await page.frameLocator('.mail-iframe').getByText('Buenos días').waitFor();
    await page.close();
  });
});
