import { createServer, type Server } from 'node:http';
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
