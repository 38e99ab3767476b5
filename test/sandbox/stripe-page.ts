import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import type { Stripe } from 'stripe';
import { listen, PUBLISHABLE_KEY } from './stripe-server.js';

const NONCE = 'bm9uY2Utb2YtdGhlLXRlc3Q';

/** A page that takes a card, of an origin of its own and under the policy of the real pay page. */
export async function startPayPage(stripeOrigin: string): Promise<{ server: Server; url: string }> {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${NONCE}' ${stripeOrigin}`,
    `frame-src ${stripeOrigin}`,
    `connect-src 'self' ${stripeOrigin}`,
    `style-src 'self' 'nonce-${NONCE}'`,
    "img-src 'self'",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
  ].join('; ');
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    response.end(pageOf(stripeOrigin));
  });
  const port = await listen(server);
  return { server, url: `http://127.0.0.1:${port}/` };
}

/** `#night` is the dark page. What happened is left in `window.seen`, for the test to read. */
function pageOf(stripeOrigin: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Pay</title>
<style nonce="${NONCE}">
  :root { color-scheme: light dark }
  body { margin: 0 auto; max-width: 420px; padding: 16px; font: 16px/1.5 system-ui, sans-serif; background: #fff; color: #222 }
  body.night { background: #16181f; color: #f4f5f7 }
  button { min-height: 44px; width: 100%; margin-top: 12px; font: inherit }
</style>
</head>
<body>
<h1>Pay $418.11</h1>
<div id="card"></div>
<button id="continue">Continue</button>
<script src="${stripeOrigin}/endive/stripe.js" nonce="${NONCE}"></script>
<script nonce="${NONCE}">
  const isNight = location.hash === '#night';
  document.body.classList.toggle('night', isNight);
  window.seen = { changes: [], violations: [], readyCount: 0 };
  addEventListener('securitypolicyviolation', (event) => seen.violations.push(event.violatedDirective + ' ' + event.blockedURI));
  window.stripe = Stripe('${PUBLISHABLE_KEY}');
  window.elements = stripe.elements({
    mode: 'payment', amount: 41811, currency: 'usd', paymentMethodCreation: 'manual', allowedPaymentMethodTypes: ['card'],
    locale: 'en',
    appearance: isNight
      ? { theme: 'night', variables: { colorBackground: '#1f222c', colorPrimary: '#8ab4ff' } }
      : { theme: 'stripe', variables: { borderRadius: '6px' }, rules: { '.Input': { borderColor: '#9aa1b0' } } },
  });
  const payment = elements.create('payment', { layout: 'tabs', wallets: { applePay: 'never', googlePay: 'never', link: 'never' } });
  payment.on('ready', () => { seen.readyCount += 1 });
  payment.on('change', (event) => seen.changes.push(event));
  payment.mount('#card');
  document.getElementById('continue').addEventListener('click', async () => {
    const { error: mistake } = await elements.submit();
    if (mistake) { seen.result = { error: mistake }; return }
    seen.result = await stripe.createConfirmationToken({ elements, params: { return_url: location.href } });
  });
</script>
</body>
</html>`;
}

/** What the page has seen so far. */
export interface Seen {
  readonly changes: { complete: boolean; empty: boolean }[];
  readonly violations: string[];
  readonly readyCount: number;
  readonly result?: {
    confirmationToken?: Stripe.ConfirmationToken;
    error?: { type: string; code: string; message: string };
  };
}

/** A customer with a telephone's screen in front of the page. */
export class Customer {
  readonly form: FrameLocator;

  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    this.form = page.frameLocator('iframe[title="Secure card form"]');
  }

  static async at(url: string, browser: Browser): Promise<Customer> {
    return new Customer(await browser.newPage({ viewport: { width: 360, height: 640 } }), url);
  }

  async open(hash = ''): Promise<void> {
    await this.page.goto(this.url + hash);
    await this.until('window.seen.readyCount === 1');
  }

  async seen(): Promise<Seen> {
    return this.page.evaluate<Seen>('window.seen');
  }

  /** Waits for an expression to hold in the page, asking from outside: the page's policy forbids evaluating one inside. */
  async until(expression: string): Promise<void> {
    const end = Date.now() + 5000;
    while ((await this.page.evaluate(expression)) !== true) {
      if (Date.now() > end) throw new Error(`${expression} did not come true`);
      await this.page.waitForTimeout(20);
    }
  }

  /** The value of an expression inside the card form. */
  async inForm<T>(expression: string): Promise<T | undefined> {
    const frame = this.page.frames().find((candidate) => candidate.url().includes('/endive/elements.html'));
    return frame?.evaluate<T>(expression);
  }

  async fill(number: string): Promise<void> {
    await this.form.getByLabel('Card number').fill(number);
    await this.form.getByLabel('Expiration date').fill('12/34');
    await this.form.getByLabel('Security code').fill('123');
  }

  async pressContinue(): Promise<NonNullable<Seen['result']>> {
    await this.page.evaluate('delete window.seen.result');
    await this.page.getByRole('button', { name: 'Continue' }).click();
    await this.until('window.seen.result !== undefined');
    return (await this.seen()).result ?? {};
  }

  /** Takes a picture to be looked at, where STRIPE_PICTURES names a folder for them. */
  async picture(name: string): Promise<void> {
    const folder = process.env['STRIPE_PICTURES'];
    if (folder === undefined) return;
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
