import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { createTransport } from 'nodemailer';
import { launchBrowser } from '../support/browser.js';
import { sendText, startMessageStandIns } from './message-stand-ins.js';
import { startListener } from './web-listener.js';

const TIME_LIMIT_MS = 60_000;

let standIns: Awaited<ReturnType<typeof startMessageStandIns>>;
let browser: Browser;
let linked: Server;
let linkedUrl: string;

let service: Awaited<ReturnType<typeof startListener>>;

beforeAll(async () => {
  service = await startListener(({ parameters: { Body } }) =>
    Body === 'HELP' ? { body: '<Response><Message>Main Street: +1 212 555 0100</Message></Response>' } : {},
  );
  standIns = await startMessageStandIns(service.url);
  linked = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<title>The invoice</title><script>document.title += " runs"</script>');
  });
  await new Promise<void>((listening) => linked.listen(0, '127.0.0.1', listening));
  linkedUrl = `http://127.0.0.1:${(linked.address() as AddressInfo).port}/pay/abc`;
  browser = await launchBrowser();
}, TIME_LIMIT_MS);

afterAll(async () => {
  await browser.close();
  await new Promise((closed) => linked.close(closed));
  await standIns.stop();
  await service.stop();
}, TIME_LIMIT_MS);

async function sendEmail(subject: string): Promise<void> {
  const transport = createTransport({ url: standIns.smtpUrl });
  await transport.sendMail({
    from: '"Main Street" <invoices@paylink.test>',
    to: 'ada@example.com',
    subject,
    text: 'Hello',
    html: `<html lang="en"><head><title>Invoice</title></head><body style="padding: 20px">
      <p>Dear Ada Byron, your invoice is ready.</p><a href="${linkedUrl}">View and pay invoice</a>
      <script>document.body.textContent = 'a script ran'</script></body></html>`,
    attachments: [{ filename: 'invoice.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }],
  });
  transport.close();
}

async function violations(page: Page): Promise<unknown[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const found: unknown = await page.evaluate(
    'axe.run(document, { iframes: false }).then((result) => result.violations)',
  );
  return found as unknown[];
}

describe('the inbox in a browser', () => {
  it(
    'shows what arrives by itself, and the link in an email opens beside it',
    async () => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(standIns.origin);
      await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor();
      expect(await violations(page)).toEqual([]);

      await sendEmail('Invoice INV-1001');
      const row = page.getByRole('link', { name: /Invoice INV-1001/ });
      await row.waitFor();
      expect(complaints).toEqual([]);
      await row.click();
      await page.getByRole('heading', { name: 'Invoice INV-1001' }).waitFor();
      expect(await violations(page)).toEqual([]);

      const email = page.frameLocator('iframe');
      const opened = page.waitForEvent('popup');
      await email.getByRole('link', { name: 'View and pay invoice' }).click();
      const popup = await opened;
      await popup.waitForLoadState();
      expect(popup.url()).toBe(linkedUrl);
      // The page behind the link is no longer within the frame's restrictions.
      expect(await popup.title()).toBe('The invoice runs');
      expect(await email.locator('body').textContent()).toContain('Dear Ada Byron');

      const downloading = page.waitForEvent('download');
      await page.getByRole('link', { name: /invoice\.pdf/ }).click();
      expect((await downloading).suggestedFilename()).toBe('invoice.pdf');
      await page.close();
    },
    TIME_LIMIT_MS,
  );

  it(
    'is readable on a phone, in the dark',
    async () => {
      await sendEmail(
        'A subject so long that it cannot possibly stand in one line of a telephone that is held upright',
      );
      const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
      await page.goto(standIns.origin);
      const isTooWide = () => page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
      expect(await isTooWide()).toBe(false);
      expect(await violations(page)).toEqual([]);
      await page.getByRole('link', { name: /A subject so long/ }).click();
      await page.getByRole('heading', { name: /A subject so long/ }).waitFor();
      expect(await isTooWide()).toBe(false);
      expect(await violations(page)).toEqual([]);
      await page.close();
    },
    TIME_LIMIT_MS,
  );

  it('moves nothing for whoever wants no motion', async () => {
    const page = await browser.newPage({ reducedMotion: 'reduce' });
    await sendText(standIns.origin, '+12125550100', 'Main Street: your invoice');
    await page.goto(standIns.origin);
    await page
      .getByRole('link', { name: /your invoice/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'STOP' }).waitFor();
    const moving = `[...document.querySelectorAll('*')]
      .filter((part) => getComputedStyle(part).transitionDuration !== '0s').map((part) => part.outerHTML)`;
    expect(await page.evaluate(moving)).toEqual([]);
    await page.close();
  });

  it(
    'answers texts as the telephone that has them, by keys alone',
    async () => {
      const phone = '+12125550100';
      await sendText(standIns.origin, phone, `Main Street: your invoice ${linkedUrl}`);
      const page = await browser.newPage();
      await page.goto(standIns.origin);
      await page.keyboard.press('/');
      await page.keyboard.type(phone);
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=/);
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `Telephone ${phone}` }).waitFor();
      const talk = page.getByRole('log', { name: 'Conversation' });
      expect(await talk.getByRole('link').getAttribute('href')).toBe(linkedUrl);
      await page.keyboard.press('r');
      await page.keyboard.type('Is the fee included?');
      await page.keyboard.press('Enter');
      await talk.getByText('Is the fee included?').waitFor();
      await page.getByRole('button', { name: 'HELP' }).press('Enter');
      await talk.getByText('Main Street: +1 212 555 0100').waitFor();
      expect(service.told.map(({ parameters }) => parameters['Body'])).toEqual(['Is the fee included?', 'HELP']);

      await page.getByRole('button', { name: 'STOP' }).press('Enter');
      await page.getByText('Opted out: texts to it are refused').waitFor();
      expect((await sendText(standIns.origin, phone, 'One more')).status).toBe(400);
      await page.getByRole('button', { name: 'START' }).press('Enter');
      await page.getByText('Opted out').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Switch this phone off' }).press('Enter');
      await page.getByText('Switched off').waitFor();
      expect(await violations(page)).toEqual([]);
      const sent = await sendText(standIns.origin, phone, 'Into the void');
      expect(sent.status).toBe(201);
      expect((await standIns.messages(`?to=${phone}`)).map(({ text }) => text)).not.toContain('Into the void');
      await page.close();
    },
    TIME_LIMIT_MS,
  );

  it(
    'closes a mailbox, whose mail bounces from then on, and lets an email come back later',
    async () => {
      await sendEmail('The last one');
      const page = await browser.newPage();
      await page.goto(standIns.origin);
      await page.getByRole('link', { name: /The last one/ }).click();
      await page.getByRole('button', { name: 'Close this mailbox' }).click();
      await page.getByText('This mailbox is closed').waitFor();
      await expect(sendEmail('Too late')).rejects.toMatchObject({ responseCode: 550 });
      await page.getByRole('button', { name: 'Open this mailbox again' }).click();
      await page.getByRole('link', { name: 'Headers' }).click();
      await page.getByText('Subject: The last one').waitFor();
      await page.getByRole('button', { name: 'Bounce this email' }).click();
      await page.getByRole('heading', { name: 'Choose a message' }).waitFor();
      expect((await standIns.messages()).map(({ subject }) => subject)).not.toContain('The last one');
      await page.close();
    },
    TIME_LIMIT_MS,
  );

  it('acts for nobody but its own forms', async () => {
    const [message] = await standIns.messages('?to=ada@example.com');
    const post = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${standIns.origin}/inbox/${message?.id ?? ''}/remove`, { method: 'POST', headers, redirect: 'manual' });
    expect((await post({})).status).toBe(403);
    expect((await post({ origin: 'http://elsewhere.example' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site', origin: standIns.origin })).status).toBe(403);
    expect(await standIns.messages('?to=ada@example.com')).toContainEqual(message);
    expect((await post({ origin: standIns.origin })).status).toBe(303);
  });
});
