/** The longest names, numbers and sums: on a telephone, a tablet and on a desk nothing is cut off, squeezed out of sight or wider than its page. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings } from '../support/page-looks.js';
import { GERMAN_BRANCH } from '../support/pay-pages.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { call } from '../support/service.js';
import { until } from '../support/until.js';

const CUSTOMER = 'Bundesverband der Lebensmittelzwischenlagerungsunternehmen und Kühltransportgesellschaften e. V.';
const NUMBER = 'RE-2026-11-000001234567-KÜHLHAUS-DUISBURG';

let portal: PortalBrowser;
let paths: readonly string[];
let email: string;
let silent: string;

beforeAll(async () => {
  portal = await PortalBrowser.start();
  const { name, timeZone, locale, country, address, replyTo } = GERMAN_BRANCH;
  const branch = await ask('POST', '/branches', {
    ...{ name, timeZone, locale, country, address, replyTo, currency: 'EUR' },
  });
  // Enough of them to scroll in the list from which somebody's branches are chosen.
  for (const at of [1, 2, 3, 4, 5]) {
    await ask('POST', '/branches', { ...{ name: `${name} ${at}`, timeZone, locale, country, currency: 'EUR' } });
  }
  const invoice = (number: string, customer: object) =>
    ask('POST', '/invoices', {
      ...{ branchId: branch.id, number, currency: 'EUR', issuedOn: '2026-11-01', dueOn: '2026-12-20', customer },
      lines: [{ description: 'Tiefkühlzwischenlagerungsbereitstellungspauschale', unitPrice: 94_534_720 }],
    });
  const long = await invoice(NUMBER, {
    name: CUSTOMER,
    email: 'rechnungswesen-debitorenbuchhaltung@kuehlhaus.example',
  });
  const quiet = await invoice('RE-2', { name: 'Grove & Finch Catering', phone: '+12125550157' });
  await ask('PATCH', `/customers/${quiet.customer.id}`, { textConsent: false });
  await until(
    async () => (await ask('GET', `/invoices?branchId=${branch.id}`)).items.length === 2,
    'both invoices in the list',
  );
  await invite();
  email = `/staff/invoices/${long.id}/send/email.html`;
  silent = `/staff/invoices/${quiet.id}/send?channel=sms`;
  paths = [
    ...['/invoices', `/invoices/${long.id}`, `/invoices/${long.id}/send`, `/invoices/${long.id}/record-payment`],
    ...['/payments', '/customers', `/customers/${long.customer.id}`, '/branches', `/branches/${branch.id}`],
    ...['/administration/users', '/administration/users/invite', '/administration/webhook-endpoints/new', '/jobs'],
  ].map((path) => `/staff${path}`);
}, 120_000);
afterAll(() => portal.stop(), 60_000);

interface Made {
  readonly id: string;
  readonly customer: { readonly id: string };
  readonly items: readonly unknown[];
}

async function ask(method: string, path: string, body?: object): Promise<Made> {
  const answer = await call(portal.service, method, path, body);
  expect([path, answer.status < 300 || answer.body]).toEqual([path, true]);
  return answer.body as Made;
}

/** Somebody with the longest address is among the users. */
async function invite(): Promise<void> {
  const page = await portal.open('/staff/administration/users/invite');
  await page.getByLabel('Name').fill(CUSTOMER);
  await page.getByLabel('Email address').fill('rechnungswesen-debitorenbuchhaltung-und-mahnwesen@kuehlhaus.example');
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page.getByRole('status').first().waitFor();
  await page.context().close();
}

/** What is wider than the room it has: the page, a table in its frame, or words beside a box. */
function tooWide(page: Page): Promise<unknown> {
  return page.evaluate(`[document.documentElement, ...document.querySelectorAll('.table-box, .card, .check, .choice')]
    .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className || part.localName)`);
}

/** What is taller than the room it has, so that its words lie over those below. */
function tooTall(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('.check, .choice, .button, .chip, .notice, td, th, dd')]
    .filter((part) => part.scrollHeight > part.clientHeight + 1 && part.clientHeight > 0)
    .map((part) => part.textContent.trim())`);
}

describe.each([
  ['a telephone', { width: 360, height: 740 }],
  ['a tablet', { width: 768, height: 1024 }],
  ['a desk', { width: 1280, height: 860 }],
])('on %s', (_, viewport) => {
  it('every page has room for them, and axe finds nothing', async () => {
    const page = await portal.newPage({ viewport });
    for (const path of paths) {
      await page.goto(portal.origin + path);
      expect([path, await tooWide(page)]).toEqual([path, []]);
      expect([path, await tooTall(page)]).toEqual([path, []]);
      expect([path, await axeFindings(page)]).toEqual([path, []]);
    }
    await page.context().close();
  }, 120_000);

  it('an email breaks them rather than to grow', async () => {
    const page = await portal.newPage({ viewport });
    await page.goto(portal.origin + email);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await page.context().close();
  });
});

it('who asked not to be texted is not said to have agreed', async () => {
  const page = await portal.newPage();
  await page.goto(portal.origin + silent);
  await page.getByText('The customer asked not to be texted, and only they can undo it').waitFor();
  expect(await page.getByText('The customer agreed to texts').isVisible()).toBe(false);
  await page.context().close();
});
