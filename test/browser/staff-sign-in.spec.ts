/** Signing in, second factors, users and API keys in a browser. With `SCREENS` set to a folder, pictures of every page go there. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { assertSound, LOOKS } from '../support/page-looks.js';
import { invite, PASSWORD } from '../support/staff-members.js';
import { startStaffWorld, type StaffWorld } from '../support/staff-world.js';

jest.setTimeout(180_000);

let world: StaffWorld;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  world = await startStaffWorld();
  await world.app.listen(0, '127.0.0.1');
  origin = `http://localhost:${new URL(await world.app.getUrl()).port}`;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await world.dispose();
});

describe.each(LOOKS)('an administrator, on %s', (name, options) => {
  it('comes by invitation, sets up a second factor, invites others and makes a key, by keyboard alone', async () => {
    const look = name.replaceAll(/\W+/g, '-');
    const email = `${look}@example.com`;
    const context = await browser.newContext({ ...options, bypassCSP: true });
    const page = await context.newPage();
    const sound = (shown: string) => assertSound(page, shown);
    const type = (text: string) => page.keyboard.type(text);

    await page.goto(`${origin}/staff/account`);
    expect(new URL(page.url()).pathname).toBe('/staff/sign-in');
    await sound('sign-in');
    await type('nobody@example.com');
    await page.keyboard.press('Tab');
    await type('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Email address').inputValue()).toBe('nobody@example.com');
    await sound('sign-in-refused');
    await page.goto(`${origin}/staff/forgotten-password`);
    await sound('forgotten-password');

    await page.goto(origin + (await invite(world, email, 'admin')));
    await sound('choose-password');
    await type(PASSWORD);
    await page.keyboard.press('Tab');
    await type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/staff\/invoices/);

    await page.goto(`${origin}/staff/account`);
    await sound('account');
    await page.goto(`${origin}/staff/administration/api-keys`);
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    await sound('second-factor-start');
    await type('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.qr').waitFor();
    await sound('second-factor');
    const secret = (await page.locator('.secret').textContent())!.replaceAll(' ', '');
    const code = () =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.clock.now().getTime() });
    await type(code());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    await sound('recovery-codes');
    await page.getByRole('link', { name: 'I have kept them' }).press('Enter');
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    await sound('api-keys');
    await page.getByRole('link', { name: 'Make a key' }).first().press('Enter');
    await page.getByLabel('Name').fill('Books');
    await sound('key-form');
    await page.getByRole('button', { name: 'Make the key' }).press('Enter');
    expect(await page.getByLabel('API key').inputValue()).toMatch(/^plk_/);
    await sound('new-key');

    await page.goto(`${origin}/staff/administration/users/invite`);
    await page.getByLabel('Name').fill('Grove & Finch Catering, accounts');
    await page.getByLabel('Email address').fill(`a.very.long.address.of.somebody.new.${look}@catering.example.com`);
    await sound('invite');
    await page.getByRole('button', { name: 'Send the invitation' }).press('Enter');
    await page.getByRole('status').first().waitFor();
    await sound('users');
    await page.getByRole('link', { name: 'Grove & Finch Catering, accounts' }).first().press('Enter');
    await page.getByRole('heading', { name: 'Access' }).waitFor();
    await sound('user');

    world.clock.advance(15 * 60_000);
    await page.goto(`${origin}/staff/administration/api-keys`);
    await page.getByRole('heading', { name: 'Is it you?' }).waitFor();
    await sound('confirm');
    await type(code());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    await context.close();
  });
});
