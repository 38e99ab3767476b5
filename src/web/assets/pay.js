/** The pay page. Everything on it can be read without this; with it the invoice can be paid in place. */
import { startCardForm } from './card-form.js';
import { watchPresence } from './presence.js';
import { main, part, readData, say } from './page.js';
import { Server } from './server.js';
import { startBankStep, waitForBank, waitForReceipt } from './waiting.js';

const data = readData();
const server = new Server(data);
watchPresence(server);
start();

/** Serves whatever the page shows now. */
function start() {
  const shown = readData();
  switch (shown.state) {
    case 'payable':
      startCardForm(shown, server, refresh);
      break;
    case 'bank_step':
      startBankStep(shown, server, refresh);
      break;
    case 'checking':
      void waitForBank(server, refresh);
      break;
    default:
      if (shown.awaitsReceipt) void waitForReceipt(server, refresh);
  }
}

/**
 * Takes the page over as the server would show it now, in place: paid, checked, released. The page that takes cards is loaded as a
 * whole, because only its own headers let the processor's script in.
 * @param {{ focus?: boolean }} [how]
 */
async function refresh({ focus = true } = {}) {
  const next = await server.page();
  const fresh = next?.querySelector('main[data-pay]');
  if (!next || !(fresh instanceof HTMLElement) || fresh.querySelector('.steps')) {
    location.assign(data.base);
    return;
  }
  main().replaceWith(document.adoptNode(fresh));
  document.body.className = next.body.className;
  const heading = part('#payment-heading');
  say(heading.textContent ?? '');
  if (focus) {
    heading.focus({ preventScroll: true });
    part('#payment').scrollIntoView({ block: 'nearest' });
  }
  start();
}
