// @ts-check
/** The bank's step: in a frame over the pay page, or alone when the customer was sent here. */

const told = new URLSearchParams(location.hash.slice(1));
const intentId = told.get('payment_intent') ?? '';
const clientSecret = told.get('client_secret') ?? '';
const address = `/endive/three-d-secure/${encodeURIComponent(intentId)}`;
const isInFrame = window.parent !== window;
/** The page around this frame, once it has said hello; nobody else is told how it ended. @type {string | undefined} */
let pageOrigin;

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const buttons = /** @type {HTMLButtonElement[]} */ ([element('complete'), element('fail')]);

window.addEventListener('message', (event) => {
  if (event.source !== window.parent || event.data?.type !== 'init' || pageOrigin !== undefined) return;
  pageOrigin = event.origin;
  element('heading').focus();
});

async function show() {
  const response = await fetch(`${address}?${new URLSearchParams({ client_secret: clientSecret })}`);
  if (!response.ok) throw new Error('unknown payment');
  const { amount, currency, description } = await response.json();
  const money = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  element('amount').textContent = money.format(amount / 10 ** (money.resolvedOptions().maximumFractionDigits ?? 2));
  element('description').textContent = description ?? '';
}

/** @param {'complete' | 'fail'} outcome */
async function answer(outcome) {
  for (const button of buttons) button.disabled = true;
  element('problem').textContent = '';
  try {
    const body = new URLSearchParams({ client_secret: clientSecret, outcome });
    const response = await fetch(address, { method: 'POST', body });
    if (!response.ok) throw new Error('not taken');
    leave(await response.json());
  } catch {
    sayProblem();
  }
}

/** @param {{ payment_intent: { id: string, status: string }, return_url: string | null }} settled */
function leave({ payment_intent: intent, return_url: returnUrl }) {
  if (isInFrame && pageOrigin !== undefined) {
    window.parent.postMessage({ type: 'settled', paymentIntent: intent }, pageOrigin);
    return;
  }
  const target = returnUrl === null ? undefined : new URL(returnUrl);
  if (target === undefined || !/^https?:$/.test(target.protocol)) return;
  target.searchParams.set('payment_intent', intent.id);
  target.searchParams.set('payment_intent_client_secret', clientSecret);
  target.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed');
  location.assign(target);
}

function sayProblem() {
  element('problem').textContent = 'The bank could not be reached. Please try again.';
  for (const button of buttons) button.disabled = false;
}

element('complete').addEventListener('click', () => void answer('complete'));
element('fail').addEventListener('click', () => void answer('fail'));
if (isInFrame) window.parent.postMessage({ type: 'hello' }, '*');
show().catch(sayProblem);
