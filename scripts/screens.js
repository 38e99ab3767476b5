/**
 * Takes a picture of every state of the pages that customers and staff see, at three widths, light and dark, into `screens/`, to be looked
 * at before a page is called done. Customers' pages are served by the real controllers over fixtures; an argument takes only the
 * pictures whose names contain it.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { takePortal } from './portal-screens.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}screens`;
// Below node_modules, so that the compiled fixtures find their packages.
const build = `${root}node_modules/.cache/screens`;
const WIDTHS = [360, 768, 1280];
const HEIGHTS = { 360: 720, 768: 1024, 1280: 800 };
const wanted = process.argv[2] ?? '';

rmSync(build, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [`${root}node_modules/@swc/cli/bin/swc.js`, 'src', 'test/support', '-d', build, '--copy-files', '--quiet'],
  { cwd: root, stdio: 'inherit' },
);
symlinkSync(`${root}node_modules`, `${build}/node_modules`, 'dir');
copyFileSync(`${root}package.json`, `${build}/package.json`);
// The portal is looked at on the service itself, as it was compiled just now.
process.env.SERVICE_DIST = `${build}/src`;
const load = (file) => import(pathToFileURL(`${build}/test/support/${file}.js`).href);
const { launchBrowser } = await load('browser');
const { linksOfAllPages, startPayFixture } = await load('pay-fixtures');
const { DEBIT_QUOTE, invoice, PAGES } = await load('pay-pages');
const { wordsFor } = await import(pathToFileURL(`${build}/src/application/words/words.js`).href);
const { EventStoreUnavailable } = await import(pathToFileURL(`${build}/src/application/ports.js`).href);

/** States that a page reaches by being used. */
const steps = {
  'first-view': (page) => openPage(page, fixture.link()),
  'at-the-form': async (page) => {
    await openPage(page, fixture.link());
    await page.getByRole('button', { name: 'PAY NOW' }).click();
    await page.waitForTimeout(300);
  },
  quote: async (page) => {
    await continueWithCard(page);
    await page.getByRole('checkbox').check();
  },
  'quote-without-fee': async (page) => {
    await continueWithCard(page, { quote: DEBIT_QUOTE });
    await page.getByRole('button', { name: /^Submit Payment/ }).waitFor();
  },
  'consent-missing': async (page) => {
    await continueWithCard(page);
    await page.getByRole('button', { name: /^Submit Payment/ }).click();
  },
  working: async (page) => {
    await page.route('**/pay', () => undefined);
    await continueWithCard(page);
    await submit(page);
  },
  declined: async (page) => {
    const outcomes = [{ outcome: 'failed', code: 'card_declined', declineCode: 'generic_decline' }];
    await continueWithCard(page, { outcomes });
    await submit(page);
    await page.getByText('The card was declined.').first().waitFor();
  },
  unknown: (page) => page.goto(`${fixture.origin}/pay/nothing`),
  'without-cookie': (page) => page.goto(`${fixture.origin}/pay/i/fixture-99999999`),
  away: async (page) => {
    await page.goto(`${fixture.origin}/pay/pay-${fixture.link({}, { page: new EventStoreUnavailable('away') })}`);
  },
  asked: async (page) => {
    const linkId = fixture.link({ state: 'expired' });
    await page.goto(`${fixture.origin}/pay/pay-${linkId}/asked`);
  },
  'asked-too-often': async (page) => {
    await openPage(page, fixture.link({ state: 'expired' }, { refused: 'renewals_exhausted' }));
    await page.getByRole('button', { name: 'Send me a fresh link' }).click();
    await page.waitForLoadState();
  },
  ...inLanguage('spanish', 'es-US'),
  ...inLanguage('french', 'fr-CA'),
  'receipt-email-mistake': async (page) => {
    await openPage(page, fixture.link(PAGES['paid-from-a-text'], { refused: 'invalid_recipient' }));
    await page.getByLabel('Email address').fill('nobody');
    await page.keyboard.press('Enter');
    await page.locator('#receipt-address-mistake').waitFor();
  },
  receipt: (page) => page.goto(`${fixture.origin}/receipts/receipt-AAAAAAAAAAAAAAAA`),
};

const fixture = await startPayFixture({ attemptsPerHour: 1000, declinesPerHour: 1000, tokenMissesPerMinute: 1000 });
const browser = await launchBrowser();
let taken = 0;
try {
  mkdirSync(folder, { recursive: true });
  for (const width of WIDTHS) {
    for (const colorScheme of ['light', 'dark']) await takeAll(width, colorScheme);
  }
} finally {
  await browser.close();
  await fixture.stop();
}
taken += await takePortal({ support: load, widths: WIDTHS, heights: HEIGHTS, folder, wanted });
console.log(`${taken} pictures in screens/`);

async function takeAll(width, colorScheme) {
  const viewport = { width, height: HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const shots = [
    ...[...linksOfAllPages(fixture)].map(([name, linkId]) => [name, (page) => openPage(page, linkId)]),
    ...Object.entries(steps),
  ].filter(([name]) => name.includes(wanted));
  for (const [name, prepare] of shots) {
    const page = await context.newPage();
    await prepare(page);
    await page.evaluate('document.fonts.ready');
    if (name !== 'first-view') await showWhole(page, width);
    await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
    taken += 1;
    await page.close();
  }
  await context.close();
  if ('without-script'.includes(wanted)) await takeWithoutScript(viewport, colorScheme);
}

/** The whole page in one view: a frame that was never in view is not painted. */
async function showWhole(page, width) {
  const height = await page.evaluate('Math.max(innerHeight, document.documentElement.scrollHeight)');
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(200);
}

async function takeWithoutScript(viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${fixture.origin}/pay/pay-${fixture.link()}`);
  await page.screenshot({ path: `${folder}/without-script-${viewport.width}-${colorScheme}.png`, fullPage: true });
  taken += 1;
  await context.close();
}

/** The pages of a customer who reads another language. */
function inLanguage(name, locale) {
  const { fee } = wordsFor(locale);
  const shown = (state) => ({
    ...PAGES[state],
    locale,
    feeLabel: fee.label,
    invoice: { ...(PAGES[state].invoice ?? invoice()), locale },
  });
  const disclosureText = fee.disclosure({
    maxFee: new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' }).format(12.17),
  });
  const pages = {
    payable: { ...shown('payable'), totals: { lowMinor: 40594, highMinor: 41811, disclosureText } },
    ...Object.fromEntries(['revised', 'paid-from-a-text', 'expired', 'checking'].map((state) => [state, shown(state)])),
  };
  return Object.fromEntries(
    Object.entries(pages).map(([state, page]) => [`${name}-${state}`, (tab) => openPage(tab, fixture.link(page))]),
  );
}

async function openPage(page, linkId) {
  await page.goto(`${fixture.origin}/pay/pay-${linkId}`);
  if ((await page.locator('.steps').count()) > 0) await page.locator('[data-loading]').waitFor({ state: 'hidden' });
}

async function continueWithCard(page, scene = {}) {
  await openPage(page, fixture.link({}, scene));
  await page.getByRole('button', { name: 'PAY NOW' }).click();
  const card = page.frameLocator('iframe').first();
  await card.getByLabel('Card number').fill('4242424242424242');
  await card.getByLabel('Expiration date').fill('12/34');
  await card.getByLabel('Security code').fill('123');
  await card.getByLabel('ZIP code').fill('07105');
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function submit(page) {
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: /^Submit Payment/ }).click();
}
