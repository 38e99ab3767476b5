/** What an invoice's page is told while it is looked at, and to whom it is told; and what staff see of a pay page. */
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { invite, member, PASSWORD } from '../support/staff-members.js';
import { ADMIN_KEY, startStaffWorld, type Browser, type StaffWorld } from '../support/staff-world.js';
import { until } from '../support/until.js';

const SOON_MS = 2_000;
const MOST_OF_ONE = 20;

let world: StaffWorld;
let port: number;
let branchId: string;
let invoices = 0;

beforeAll(async () => {
  world = await startStaffWorld();
  await world.app.listen(0, '127.0.0.1');
  port = (world.app.getHttpServer().address() as AddressInfo).port;
  branchId = (await api<{ id: string }>('/branches', branchBody('Main Street'))).id;
}, 60_000);
afterAll(() => world.dispose());

const branchBody = (name: string) => ({
  ...{ name, timeZone: 'America/New_York', currency: 'USD', locale: 'en-US', country: 'US', region: 'TX' },
});

async function api<Body>(path: string, body: object): Promise<Body> {
  const made = request(world.app.getHttpServer()).post(`/api/v1${path}`).set('Authorization', `Bearer ${ADMIN_KEY}`);
  const answer = await made.send(body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body as Body;
}

async function newInvoice(): Promise<string> {
  invoices += 1;
  const { id } = await api<{ id: string }>('/invoices', {
    ...{ branchId, number: `INV-${invoices}`, issuedOn: '2026-11-20', dueOn: '2026-12-20', currency: 'USD' },
    customer: { name: 'Ada Byron', email: 'ada@example.com' },
    lines: [{ description: 'Storage', quantity: '1', unitPrice: 40_594 }],
  });
  return id;
}

const newLink = (invoiceId: string) =>
  api<{ id: string; url: string }>(`/invoices/${invoiceId}/links`, { channel: 'none' });

interface Told {
  readonly id: string;
  readonly html: string;
}

/** A page that is open in a browser. */
class OpenPage {
  private text = '';
  ended = false;

  private constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (this.text += chunk));
    response.on('close', () => (this.ended = true));
  }

  static async open(
    browser: Browser,
    invoiceId: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<OpenPage> {
    const response = await new Promise<IncomingMessage>((answered, failed) => {
      const all = { Cookie: browser.cookie ?? '', Accept: 'text/event-stream', 'Sec-Fetch-Mode': 'cors', ...headers };
      get({ port, host: '127.0.0.1', path: `/staff/invoices/${invoiceId}/events`, headers: all }, answered).on(
        'error',
        failed,
      );
    });
    return new OpenPage(response);
  }

  get told(): readonly Told[] {
    return [...this.text.matchAll(/event: state\nid: (\S+)\ndata: (.+)\n\n/g)].map(([, id, data]) => ({
      id: id!,
      html: (JSON.parse(data!) as { html: string }).html,
    }));
  }

  async next(count: number): Promise<Told> {
    await until(() => this.told.length >= count, `the state number ${count}`, SOON_MS);
    return this.told[count - 1]!;
  }

  close(): void {
    this.response.destroy();
  }
}

describe('an invoice’s page that is open', () => {
  it('is told of a change within two seconds, and of nothing else', async () => {
    const invoiceId = await newInvoice();
    const page = await OpenPage.open(await member(world, 'live@example.com'), invoiceId);
    expect(page.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect((await page.next(1)).html).toContain('Issued for $405.94');
    await newInvoice();
    await newLink(invoiceId);
    expect((await page.next(2)).html).toContain('Link copied');
    expect(page.told).toHaveLength(2);
    page.close();
  });

  it('shows in grey that a link was fetched, by whom nobody knows', async () => {
    const invoiceId = await newInvoice();
    const { url } = await newLink(invoiceId);
    await world.catchUp();
    await world.browser().get(new URL(url).pathname).unset('Sec-Fetch-Mode').expect(303);
    const browser = await member(world, 'grey@example.com');
    const shown = await browser.get(`/staff/invoices/${invoiceId}`).expect(200);
    expect(shown.text).toMatch(/tone-grey[^]*Loaded, perhaps by a mail scanner/);
    expect(shown.text).not.toContain('Opened');
  });

  it('that connects again is told only what it has not seen', async () => {
    const invoiceId = await newInvoice();
    const browser = await member(world, 'again@example.com');
    const first = await OpenPage.open(browser, invoiceId);
    const { id } = await first.next(1);
    first.close();
    const again = await OpenPage.open(browser, invoiceId, { 'Last-Event-ID': id });
    await newLink(invoiceId);
    expect((await again.next(1)).html).toContain('Link copied');
    again.close();
    const late = await OpenPage.open(browser, invoiceId, { 'Last-Event-ID': id });
    expect((await late.next(1)).html).toContain('Link copied');
    late.close();
  });

  it('is refused to the signed-out, to auditors, and as unknown to another branch', async () => {
    const invoiceId = await newInvoice();
    const path = `/staff/invoices/${invoiceId}/events`;
    await world.browser().get(path).set('Sec-Fetch-Mode', 'cors').expect(401);
    const auditor = await member(world, 'auditor@example.com', 'auditor');
    await auditor.get(path).expect(403);
    const other = (await api<{ id: string }>('/branches', branchBody('Elsewhere'))).id;
    const stranger = world.browser();
    const invitation = await invite(world, 'elsewhere@example.com', 'staff', [other]);
    await stranger.post(invitation, { password: PASSWORD, again: PASSWORD }).expect(303);
    for (const more of ['', '/events', '/as-customer', '/as-customer/invoice.pdf', '/invoice.pdf']) {
      await stranger.get(`/staff/invoices/${invoiceId}${more}`).expect(404);
    }
  });

  it('takes no more than its share of connections', async () => {
    const invoiceId = await newInvoice();
    const browser = await member(world, 'many@example.com');
    const pages: OpenPage[] = [];
    for (let count = 0; count < MOST_OF_ONE; count += 1) pages.push(await OpenPage.open(browser, invoiceId));
    expect(pages.every(({ response }) => response.statusCode === 200)).toBe(true);
    const refused = await OpenPage.open(browser, invoiceId);
    expect(refused.response.statusCode).toBe(429);
    expect(refused.response.headers['retry-after']).toBe('30');
    const colleague = await OpenPage.open(await member(world, 'colleague@example.com'), invoiceId);
    expect(colleague.response.statusCode).toBe(200);
    for (const page of [...pages, refused, colleague]) page.close();
  });

  it('is told no more within a minute of signing out', async () => {
    const invoiceId = await newInvoice();
    const browser = await member(world, 'leaves@example.com');
    const page = await OpenPage.open(browser, invoiceId);
    const form = await browser.get('/staff/account').expect(200);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(form.text)![1]!;
    await browser.post('/staff/sign-out', { _csrf: csrf });
    await until(() => page.ended, 'the end of the stream', 30_000);
  }, 40_000);
});

describe('staff at the pay page', () => {
  it('see it as the customer does, without a form or a script, and without an event', async () => {
    const invoiceId = await newInvoice();
    const browser = await member(world, 'preview@example.com');
    const events = world.store.all().length;
    const page = await browser.get(`/staff/invoices/${invoiceId}/as-customer`).expect(200);
    expect(page.text).toContain('Do not take card numbers by telephone: text the link.');
    expect(page.text).toContain('$405.94');
    expect(page.text).not.toMatch(/<form|<script[^>]+src|data-pay|<iframe/);
    await browser.get(`/staff/invoices/${invoiceId}/as-customer/invoice.pdf`).expect(200);
    expect(world.store.all()).toHaveLength(events);
  });

  it('follow a real link to the same, which is kept neither as a load nor as opened, and may not be paid', async () => {
    const invoiceId = await newInvoice();
    const browser = await member(world, 'follows@example.com');
    const { id, url } = await newLink(invoiceId);
    await world.catchUp();
    const swapped = await browser.get(new URL(url).pathname).expect(303);
    const [own] = (swapped.headers['set-cookie'] as unknown as string[]).filter((each) =>
      each.startsWith('__Host-pay-'),
    );
    const cookies = `${browser.cookie}; ${own!.split(';')[0]}`;
    const events = world.store.all().length;
    const page = await browser.get(`/pay/i/${id}`).set('Cookie', cookies).expect(200);
    expect(page.text).toContain('Do not take card numbers by telephone: text the link.');
    expect(page.text).not.toMatch(/<form|<script[^>]+src|data-pay|<iframe/);
    for (const act of ['opened', 'quote', 'pay', 'settle', 'release']) {
      await browser.post(`/pay/i/${id}/${act}`).set('Cookie', cookies).expect(403);
    }
    expect(world.store.all()).toHaveLength(events);
    const { rows } = await world.pool.query('SELECT FROM link_loads WHERE link_id = $1', [id]);
    expect(rows).toHaveLength(0);
  });
});
