/** The journey of the product, on the service as `npm start` runs it, clicked through in a real browser. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { bankButton, frameWith, payWith } from '../support/card-frames.js';
import { CREDIT, DEBIT, DECLINED, THREE_D_SECURE } from '../support/journey.js';
import { call, eventually, startService, type Service } from '../support/service.js';

interface Message {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
  readonly html?: string;
}

interface Link {
  readonly id: string;
  readonly url: string;
  readonly status: string;
}

interface PaymentRow {
  readonly invoiceNumber: string;
  readonly amount: { amount: number };
  readonly fee: { amount: number };
  readonly total: { amount: number };
  readonly card: { brand: string; last4: string; funding: string };
  readonly status: string;
  readonly receiptNumber: string;
}

let service: Service;
let browser: Browser;
let branchId: string;
let made = 0;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  const branch = await call<{ id: string }>(service, 'POST', '/branches', {
    name: 'Main Street',
    timeZone: 'America/New_York',
    currency: 'USD',
    locale: 'en-US',
    country: 'US',
    region: 'NY',
    replyTo: 'office@example.com',
  });
  expect(branch.status).toBe(201);
  branchId = branch.body.id;
  expect((await setUpCards({ mode: 'platform' })).status).toBe(200);
  const policy = { enabled: true, rateBps: 300, fixed: 0, capBps: 300, costBps: 300, fundings: ['credit'] };
  expect((await call(service, 'PUT', `/branches/${branchId}/fee-policy`, policy)).status).toBe(200);
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await service?.dispose();
}, 60_000);

const setUpCards = (to: object) => call(service, 'PUT', `/branches/${branchId}/card-processing`, to);

/** Lets the branch charge elsewhere for as long as something is done. */
async function chargedOn(processing: object, work: () => Promise<void>): Promise<void> {
  expect((await setUpCards(processing)).status).toBe(200);
  await work();
  expect((await setUpCards({ mode: 'platform' })).status).toBe(200);
}

describe('the journey', () => {
  it('is paid by credit card from an email, with the fee agreed to', async () => {
    const { invoiceId, link } = await sendLink('email');
    const message = await messageTo('ada@example.com', link.url);
    expect(message.subject).toContain('405.94');
    expect(message.html).toContain('View and pay invoice');
    await inBrowser(async (page) => {
      await page.goto(link.url);
      expect(page.url()).toBe(`${service.origin}/pay/i/${link.id}`);
      await expect1(page.getByRole('link', { name: 'Download invoice' }));
      await payWith(page, CREDIT);
      const box = page.getByRole('checkbox', { name: 'I agree to the processing fee of $12.17' });
      await box.waitFor();
      const submit = page.getByRole('button', { name: /^Submit Payment/ });
      expect(await submit.textContent()).toContain('$418.11');
      await box.check();
      await submit.click();
      await expect1(page.getByRole('link', { name: 'Download receipt' }));
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download receipt' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^receipt-.*\.pdf$/);
    });
    const types = await eventually(async () => {
      const names = await eventTypes(invoiceId);
      return names.includes('ReceiptSent') ? names : undefined;
    }, 'ReceiptSent');
    expect(types).toEqual([
      'InvoiceRegistered',
      'LinkIssued',
      'LinkSent',
      'LinkOpened',
      'FeeAccepted',
      'PaymentStarted',
      'PaymentCaptured',
      'ReceiptIssued',
      'ReceiptSent',
    ]);
    const payment = await paymentOf(invoiceId);
    expect(payment).toMatchObject({
      amount: { amount: 40594 },
      fee: { amount: 1217 },
      total: { amount: 41811 },
      card: { brand: 'visa', last4: '4242', funding: 'credit' },
      status: 'captured',
    });
    const receipt = await eventually(
      async () => (await messages('ada@example.com')).find(({ text }) => text.includes('/receipts/')),
      'the receipt message',
    );
    await inBrowser(async (page) => {
      await page.goto(/https?:\/\/\S+\/receipts\/[\w-]+/.exec(receipt.text)![0]);
      await expect1(page.getByRole('link', { name: 'Download receipt' }));
      expect(await page.textContent('body')).toContain('$418.11');
    });
  }, 60_000);

  it('is paid by debit card from a text, with no fee and no box', async () => {
    const { invoiceId, link } = await sendLink('sms');
    const message = await messageTo('+12125550100', link.url);
    expect(message.text).toContain('Main Street');
    await inBrowser(async (page) => {
      await page.goto(link.url);
      await payWith(page, DEBIT);
      const submit = page.getByRole('button', { name: /^Submit Payment/ });
      await submit.waitFor();
      expect(await submit.textContent()).toContain('$405.94');
      expect(await page.getByRole('checkbox').count()).toBe(0);
      await submit.click();
      await expect1(page.getByRole('link', { name: 'Download receipt' }));
    });
    expect(await paymentOf(invoiceId)).toMatchObject({ fee: { amount: 0 }, total: { amount: 40594 } });
    expect(await eventTypes(invoiceId)).not.toContain('FeeAccepted');
  }, 60_000);

  it('says what to do after a declined card, and takes the next one', async () => {
    const { invoiceId, link } = await sendLink('none');
    await inBrowser(async (page) => {
      await page.goto(link.url);
      await payWith(page, DECLINED);
      await agreeAndSubmit(page);
      await page
        .getByText(/declined/i)
        .first()
        .waitFor();
      await payWith(page, CREDIT);
      await agreeAndSubmit(page);
      await expect1(page.getByRole('link', { name: 'Download receipt' }));
    });
    const types = await eventTypes(invoiceId);
    expect(types.filter((type) => type === 'PaymentFailed')).toHaveLength(1);
    expect(types.filter((type) => type === 'PaymentCaptured')).toHaveLength(1);
  }, 60_000);

  // A German card: no fee may be charged on it, so there is no box.
  it('goes through the bank step, refused once and completed once', async () => {
    const { invoiceId, link } = await sendLink('none');
    await inBrowser(async (page) => {
      await page.goto(link.url);
      await payWith(page, THREE_D_SECURE);
      await page.getByRole('button', { name: /^Submit Payment/ }).click();
      await bankButton(page, 'Fail');
      await payWith(page, THREE_D_SECURE);
      await page.getByRole('button', { name: /^Submit Payment/ }).click();
      await bankButton(page, 'Complete');
      await expect1(page.getByRole('link', { name: 'Download receipt' }));
    });
    expect((await eventTypes(invoiceId)).filter((type) => type === 'PaymentCaptured')).toHaveLength(1);
  }, 60_000);

  it.each([
    ['a connected account', { mode: 'connect', account: 'acct_ConnectedPier' }],
    [
      'keys of the branch’s own',
      { mode: 'keys', secretKey: 'sk_test_acctHarbour_0042', publishableKey: 'pk_test_acctHarbour_0042' },
    ],
  ])(
    'goes through the bank step on %s',
    async (_name, processing) => {
      await chargedOn(processing, async () => {
        const { invoiceId, link } = await sendLink('none');
        await inBrowser(async (page) => {
          await page.goto(link.url);
          await payWith(page, THREE_D_SECURE);
          await page.getByRole('button', { name: /^Submit Payment/ }).click();
          await bankButton(page, 'Complete');
          await expect1(page.getByRole('link', { name: 'Download receipt' }));
        });
        expect((await eventTypes(invoiceId)).filter((type) => type === 'PaymentCaptured')).toHaveLength(1);
      });
    },
    60_000,
  );

  it('offers to continue with the bank or to use another card after a reload', async () => {
    const { invoiceId, link } = await sendLink('none');
    await inBrowser(async (page) => {
      await page.goto(link.url);
      await payWith(page, THREE_D_SECURE);
      await page.getByRole('button', { name: /^Submit Payment/ }).click();
      await frameWith(page, 'Complete');
      await page.reload();
      await expect1(page.getByRole('button', { name: 'Continue with the bank' }));
      await page.getByRole('button', { name: 'Use another card' }).click();
      await payWith(page, CREDIT);
      await agreeAndSubmit(page);
      await expect1(page.getByRole('link', { name: 'Download receipt' }));
    });
    const types = await eventTypes(invoiceId);
    expect(types).toContain('PaymentReleased');
    expect(types.filter((type) => type === 'PaymentCaptured')).toHaveLength(1);
  }, 60_000);
});

async function sendLink(channel: 'email' | 'sms' | 'none'): Promise<{ invoiceId: string; link: Link }> {
  made += 1;
  const invoice = await call<{ id: string }>(service, 'POST', '/invoices', {
    branchId,
    number: `J-${made}`,
    issuedOn: '2026-11-20',
    dueOn: '2026-12-20',
    currency: 'USD',
    customer: { name: 'Ada Byron', email: 'ada@example.com', phone: '+12125550100' },
    lines: [{ description: 'Cold storage, 3 days', quantity: '3', unitPrice: 12500 }],
    tax: 3094,
  });
  expect(invoice.status).toBe(201);
  const link = await call<Link>(service, 'POST', `/invoices/${invoice.body.id}/links`, { channel });
  expect(link.status).toBe(202);
  return { invoiceId: invoice.body.id, link: link.body };
}

async function messages(to: string): Promise<readonly Message[]> {
  const response = await fetch(`${service.inbox}/messages?to=${encodeURIComponent(to)}`);
  return (await response.json()) as Message[];
}

function messageTo(to: string, url: string): Promise<Message> {
  return eventually(async () => (await messages(to)).find(({ text }) => text.includes(url)), `a message to ${to}`);
}

async function eventTypes(invoiceId: string): Promise<readonly string[]> {
  const { body } = await call<{ items: { type: string }[] }>(service, 'GET', `/audit/invoices/${invoiceId}/events`);
  return body.items.map(({ type }) => type);
}

async function paymentOf(invoiceId: string): Promise<PaymentRow> {
  return eventually(async () => {
    const { body } = await call<{ items: (PaymentRow & { invoiceId: string })[] }>(service, 'GET', '/payments');
    const rows = body.items.filter((row) => row.invoiceId === invoiceId);
    expect(rows.length).toBeLessThanOrEqual(1);
    return rows[0];
  }, 'a row in payment history');
}

async function inBrowser(use: (page: Page) => Promise<void>): Promise<void> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 390, height: 844 },
    acceptDownloads: true,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const violations: string[] = [];
  page.on('console', (line) => {
    if (/Content Security Policy|Refused to/.test(line.text())) violations.push(line.text());
  });
  try {
    await use(page);
    expect(violations).toEqual([]);
  } catch (error) {
    await page.screenshot({ path: `screens/failed-journey-${made}.png`, fullPage: true }).catch(() => undefined);
    throw error;
  } finally {
    await context.close();
  }
}

async function agreeAndSubmit(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /I agree to the processing fee/ }).check();
  await page.getByRole('button', { name: /^Submit Payment/ }).click();
}

async function expect1(locator: ReturnType<Page['getByRole']>): Promise<void> {
  await locator.first().waitFor();
  expect(await locator.count()).toBe(1);
}
