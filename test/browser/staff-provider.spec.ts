/** Another provider looks after the sign-in of staff: a browser under the policy that the pages set is sent there and back. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { startOidcProvider, type OidcProvider } from '../support/oidc-provider.js';
import { startService, type Service } from '../support/service.js';

jest.setTimeout(120_000);

let provider: OidcProvider;
let service: Service;
let browser: Browser;

beforeAll(async () => {
  provider = await startOidcProvider();
  provider.identity = { sub: 'ada', email: 'staff@example.com', email_verified: true };
  service = await startService({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.dispose();
  await provider.stop();
});

describe('a sign-in at another provider, in a browser', () => {
  it('leads to a second factor, before which the provider asks anew, and without which no key is made', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/authorize?')) asked.push(new URL(request.url()).searchParams.get('max_age') ?? '');
    });
    await page.goto(`${service.origin}/staff/account`);
    await page.getByRole('link', { name: 'Go on to sign in' }).click();
    await page.getByRole('link', { name: 'Set it up' }).click();
    await page.getByRole('link', { name: 'Go on to sign in' }).click();
    await page.getByRole('button', { name: 'Show the key' }).click();
    const secret = Secret.fromBase32((await page.locator('.secret').innerText()).replaceAll(/\s/g, ''));
    expect(asked).toEqual(['', '0']);
    await page.getByLabel('Code').fill(new TOTP({ secret }).generate());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    await page.goto(`${service.origin}/staff/account`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(`${service.origin}/staff/invoices`);
    await page.getByRole('link', { name: 'Go on to sign in' }).click();
    await page.waitForURL(/\/staff\/invoices/);
    await page.goto(`${service.origin}/staff/administration/api-keys`);
    await page.waitForURL(/\/staff\/confirm/);
    await page.context().close();
  });
});
