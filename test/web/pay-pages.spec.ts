import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { EventStoreUnavailable, ReadModelBehind } from '../../src/application/ports.js';
import { PayErrors } from '../../src/web/pay/pay-errors.js';
import { linksOfAllPages, startPayFixture, type PayFixture } from '../support/pay-fixtures.js';
import { GERMAN_BRANCH, invoice, RECEIPT } from '../support/pay-pages.js';

let fixture: PayFixture;
beforeAll(async () => {
  fixture = await startPayFixture();
});
afterAll(() => fixture.stop());

const http = () => request(fixture.origin);
const cookieOf = (linkId: string) => `__Host-pay-${linkId}=pay-${linkId}`;
const open = (linkId: string) => http().get(`/pay/i/${linkId}`).set('Cookie', cookieOf(linkId));

describe('the address in the message', () => {
  it('swaps the token for a cookie of this link and an address without a secret', async () => {
    const linkId = fixture.link();
    const answer = await http().get(`/pay/pay-${linkId}`);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(`/pay/i/${linkId}`);
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(new RegExp(`^__Host-pay-${linkId}=pay-${linkId}; Max-Age=86400; Path=/; Expires=`));
    expect(cookie).toMatch(/HttpOnly; Secure; SameSite=Lax$/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each(['expired', 'revoked'] as const)(
    'answers 410 at once for a link that is %s, without a cookie',
    async (state) => {
      const linkId = fixture.link({ state });
      const answer = await http().get(`/pay/pay-${linkId}`);
      expect(answer.status).toBe(410);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.text).toContain('Harbor Cold Storage');
      expect(answer.text).toContain('office@harbor.example');
      expect(answer.text).not.toContain('405.94');
      expect(answer.text).not.toContain('Ada Byron');
    },
  );

  it('answers 404 with the same page whatever is wrong with a token', async () => {
    const wrong = ['x', 'pay-short', `receipt-${'A'.repeat(16)}`, `pay-${'A'.repeat(16)}`, 'i', '%F0%9F%92%A9'];
    const answers = await Promise.all(wrong.map((token) => http().get(`/pay/${token}`)));
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(withoutNonce(answer.text)).toBe(withoutNonce(answers[0]!.text));
    }
    expect(answers[0]!.text).toContain('This link opens nothing');
  });

  it('keeps that the address was fetched, and whether a person’s browser would have asked like this', async () => {
    const linkId = fixture.link();
    await http().get(`/pay/pay-${linkId}`).set('Sec-Fetch-Mode', 'navigate');
    await http().head(`/pay/pay-${linkId}`);
    const loads = fixture.world.loads.filter((load) => load.linkId === linkId);
    expect(loads.map((load) => load.likelyScanner)).toEqual([false, true]);
  });

  it('counts wrong tokens an address, and still opens a right one', async () => {
    const strict = await startPayFixture({ tokenMissesPerMinute: 3 });
    try {
      const statuses: number[] = [];
      for (let miss = 0; miss < 4; miss += 1) {
        statuses.push((await request(strict.origin).get('/pay/nothing')).status);
      }
      expect(statuses).toEqual([404, 404, 404, 429]);
      const refused = await request(strict.origin).get('/receipts/nothing');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await request(strict.origin).get(`/pay/pay-${strict.link()}`)).status).toBe(303);
    } finally {
      await strict.stop();
    }
  });
});

describe('the pay page', () => {
  it('asks to open the message again without the cookie, or with that of another link', async () => {
    const [mine, other] = [fixture.link(), fixture.link()];
    for (const cookie of ['', cookieOf(other), `__Host-pay-${mine}=pay-${other}`, `__Host-pay-${mine}=x`]) {
      const answer = await http().get(`/pay/i/${mine}`).set('Cookie', cookie);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('Open the link in your message again');
      expect(answer.text).not.toContain('INV-1001');
    }
  });

  it('answers every state with the status that the design gives it', async () => {
    for (const [name, linkId] of linksOfAllPages(fixture)) {
      const answer = await open(linkId);
      expect({ name, status: answer.status }).toEqual({
        name,
        status: name === 'expired' || name === 'revoked' ? 410 : 200,
      });
      expect(answer.type).toBe('text/html');
    }
  });

  it('shows invoice, both totals, the fee notice and one PAY NOW', async () => {
    const { text } = await open(fixture.link());
    for (const shown of ['INV-1001', 'Cold storage, 3 days', '$375.00', '$30.94', 'Due in 4 days', 'Ada Byron']) {
      expect(text).toContain(shown);
    }
    expect(text).toContain('$405.94 by debit card · up to $418.11 by credit card');
    expect(text).toContain('a processing fee of up to $12.17');
    expect(text.match(/PAY NOW/g)).toHaveLength(1);
    expect(text).toContain('Download invoice');
    expect(text).toContain('Test: no money moves');
  });

  it('takes no card where there is nothing to pay by card', async () => {
    for (const state of ['paid', 'void', 'not_set_up', 'checking', 'in_progress_elsewhere'] as const) {
      const answer = await open(fixture.link({ state }));
      expect(answer.text).not.toContain('PAY NOW');
      expect(answer.text).not.toContain('/endive/stripe.js');
      expect(answer.headers['content-security-policy']).not.toContain(fixture.processorOrigin);
    }
  });

  it('escapes what a branch and an invoice bring along', async () => {
    const nasty = '</script><img src=x onerror=alert(1)>"\'&';
    const line = { description: nasty, quantity: '1', unitPriceMinor: 1, amountMinor: 1 };
    const branch = { ...GERMAN_BRANCH, name: nasty, colour: 'red;}body{display:none' };
    const { text } = await open(fixture.link({ invoice: invoice({ branch, lines: [line], number: nasty }) }));
    expect(text).not.toContain('<img src=x');
    expect(text).toContain('&lt;/script&gt;&lt;img src&#x3D;x onerror');
    expect(text).not.toContain('display:none');
  });

  it.each([
    ['the event store is', new EventStoreUnavailable('esdb://somewhere')],
    ['the list of links is behind', new ReadModelBehind()],
  ])('says that it is away, with when to try again, while %s', async (_what, error) => {
    const linkId = fixture.link({}, { page: error });
    for (const answer of [await http().get(`/pay/pay-${linkId}`), await open(linkId)]) {
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('10');
      expect(answer.text).toContain('Please try again in a minute');
      expect(answer.text).not.toContain('esdb');
    }
  });

  it('shows nothing from inside when it breaks', async () => {
    const answer = await open(fixture.link({}, { page: new Error('password=hunter2') }));
    expect(answer.status).toBe(500);
    expect(answer.text).toContain('Something went wrong on our side');
    expect(answer.text).not.toContain('hunter2');
  });

  it('leaves what broke for the log of the request, and nothing of what is merely away', () => {
    const logged = (error: Error) => {
      const response = { headersSent: true, end: () => undefined };
      const request = { method: 'GET', path: '/', headers: {} };
      const host = { switchToHttp: () => ({ getRequest: () => request, getResponse: () => response }) };
      new PayErrors(undefined as never).catch(error, host as never);
      return (response as { err?: unknown }).err;
    };
    const broken = new TypeError('no such thing');
    expect(logged(broken)).toBe(broken);
    expect(logged(new EventStoreUnavailable('away'))).toBeUndefined();
  });

  it('changes nothing by GET or HEAD', async () => {
    const before = fixture.world.commands.length;
    for (const linkId of linksOfAllPages(fixture).values()) {
      await open(linkId);
      await http().head(`/pay/i/${linkId}`).set('Cookie', cookieOf(linkId));
      await http().get(`/pay/i/${linkId}/status`).set('Cookie', cookieOf(linkId));
      await http().get(`/pay/i/${linkId}/pay`).set('Cookie', cookieOf(linkId));
    }
    expect(fixture.world.commands).toHaveLength(before);
  });

  it('gives the invoice as a file, and nothing without the cookie', async () => {
    const linkId = fixture.link();
    const file = await http().get(`/pay/i/${linkId}/invoice.pdf`).set('Cookie', cookieOf(linkId));
    expect(file.status).toBe(200);
    expect(file.type).toBe('application/pdf');
    expect(file.headers['content-disposition']).toBe('attachment; filename=invoice-INV-1001.pdf');
    expect(file.headers['cache-control']).toBe('no-store');
    expect((await http().get(`/pay/i/${linkId}/invoice.pdf`)).status).toBe(403);
    const gone = fixture.link({ state: 'revoked' });
    expect((await http().get(`/pay/i/${gone}/invoice.pdf`).set('Cookie', cookieOf(gone))).status).toBe(410);
  });

  it('serves the branch’s logo from here, as the picture that it is', async () => {
    const linkId = fixture.link({ invoice: invoice({ branch: GERMAN_BRANCH }) });
    expect((await open(linkId)).text).toContain(`<img src="/pay/i/${linkId}/logo" alt="">`);
    const logo = await http().get(`/pay/i/${linkId}/logo`).set('Cookie', cookieOf(linkId));
    expect(logo.type).toBe('image/png');
    expect((logo.body as Buffer).subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('headers and scripts of the rendered page', () => {
  it('are exactly these', async () => {
    const answer = await open(fixture.link());
    const nonce = /nonce-([^']+)'/.exec(answer.headers['content-security-policy']!)![1]!;
    const { processorOrigin } = fixture;
    expect(nonce.length).toBeGreaterThanOrEqual(22);
    expect(answer.headers['content-security-policy']!.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'nonce-${nonce}' ${processorOrigin}`,
      `frame-src ${processorOrigin}`,
      `connect-src 'self' ${processorOrigin}`,
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self'",
      "font-src 'self'",
      "frame-ancestors 'none'",
      "form-action 'self'",
      "base-uri 'none'",
    ]);
    expect(answer.headers).toMatchObject({
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    const scripts = [...answer.text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
    expect(scripts).toEqual([
      `<script nonce="${nonce}">`,
      `<script src="${processorOrigin}/endive/stripe.js" nonce="${nonce}" async>`,
      expect.stringMatching(/^<script type="module" src="\/assets\/[0-9a-f]{12}\/pay\.js" nonce="/),
    ]);
    expect(answer.text).not.toMatch(/ style=| on[a-z]+=/);
  });

  it('have a nonce of their own each time', async () => {
    const linkId = fixture.link();
    const nonces = (await Promise.all([open(linkId), open(linkId)])).map(
      ({ headers }) => /nonce-([^']+)'/.exec(headers['content-security-policy']!)![1],
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});

describe('the receipt', () => {
  const token = `receipt-${'A'.repeat(16)}`;

  it('shows amount and fee as two lines, the card and the number, and can be downloaded', async () => {
    const answer = await http().get(`/receipts/${token}`);
    expect(answer.status).toBe(200);
    for (const shown of ['$405.94', '$12.17', '$418.11', 'Visa credit card ending in 4242', '000042', 'INV-1001']) {
      expect(answer.text).toContain(shown);
    }
    expect(answer.text).toContain(`href="/receipts/${token}/receipt.pdf"`);
    expect(answer.headers['cache-control']).toBe('no-store');
    const file = await http().get(`/receipts/${token}/receipt.pdf`);
    expect(file.type).toBe('application/pdf');
    expect(file.headers['content-disposition']).toBe('attachment; filename=receipt-000042.pdf');
  });

  it('has no line for a fee that was not charged', async () => {
    fixture.world.receipt = { receipt: { ...RECEIPT, feeMinor: 0, totalMinor: 40594 }, invoiceId: 'i', linkId: 'l' };
    const answer = await http().get(`/receipts/${token}`);
    fixture.world.receipt = { receipt: RECEIPT, invoiceId: 'i', linkId: 'l' };
    expect(answer.text).not.toContain('Processing fee');
  });

  it('is not opened by the token of a pay link, nor by anything else', async () => {
    const linkId = fixture.link();
    for (const path of [`/receipts/pay-${linkId}`, '/receipts/x', `/receipts/${token}/x`, `/receipts/x/receipt.pdf`]) {
      expect((await http().get(path)).status).toBe(404);
    }
  });
});

function withoutNonce(html: string): string {
  return html.replace(/nonce="[^"]+"/g, '');
}
