/** States in which somebody else has the next word: the bank, or the process that makes the receipt. */
import { keepSentence, part, readData, setWorking, showMistake } from './page.js';
import { loadProcessor } from './processor.js';
import { pause } from './server.js';

/** How long to wait before each question; the last one is repeated. */
const QUESTIONS_MS = [1000, 2000, 3000, 5000, 8000, 10_000];
const MOST_QUESTIONS = 60;
const MOST_LOOKS = 30;

/**
 * Being checked: asks, ever more slowly, until the outcome is known. The service goes on asking when this page is closed.
 * @param {import('./server.js').Server} server
 * @param {() => Promise<void>} refresh
 */
export async function waitForBank(server, refresh) {
  for (let asked = 0; asked < MOST_QUESTIONS; asked += 1) {
    await pause(QUESTIONS_MS[Math.min(asked, QUESTIONS_MS.length - 1)] ?? 10_000);
    const { status, body } = await server.post('settle');
    if (status === 403 || status === 410) return refresh();
    if (status !== 200 || body.outcome === 'checking') continue;
    if (body.outcome === 'failed') keepSentence(body.message);
    if (body.outcome === 'released') keepSentence(readData().words['notCharged'] ?? '');
    return refresh();
  }
}

/**
 * Paid, and the receipt is being made.
 * @param {import('./server.js').Server} server
 * @param {(how: { focus: boolean }) => Promise<void>} refresh
 */
export async function waitForReceipt(server, refresh) {
  for (let looked = 0; looked < MOST_LOOKS; looked += 1) {
    await pause(looked < 10 ? 500 : 2000);
    const { status, body } = await server.status();
    if (status === 200 && body.receipt) {
      // Only the panel grows by a line and a link: whoever reads it stays where they are.
      return refresh({ focus: false });
    }
  }
}

/**
 * The bank's step waits, in this tab or after a way back from the bank.
 * @param {import('./page.js').PageData} data
 * @param {import('./server.js').Server} server
 * @param {() => Promise<void>} refresh
 */
export function startBankStep(data, server, refresh) {
  const returned = new URLSearchParams(location.search).has('payment_intent');
  // The bank's way back carries the client secret in the address, where it must not stay.
  if (location.search !== '') history.replaceState(null, '', data.base);
  const bank = part('[data-action="bank"]');
  const release = part('[data-action="release"]');
  let busy = false;

  /** @param {HTMLElement} button @param {() => Promise<boolean>} work answers whether the page is to be shown anew */
  const run = async (button, work) => {
    if (busy) return;
    busy = true;
    setWorking(button, button.textContent ?? '');
    const done = await work();
    if (done) return refresh();
    busy = false;
    setWorking(button);
  };
  const settle = async () => {
    const { status, detail, body } = await server.post('settle');
    if (status === 200 && body.outcome === 'failed') keepSentence(body.message);
    if (status === 200 && body.outcome !== 'requires_action') return true;
    if (status !== 200) showMistake(detail || readData().words['away'] || '');
    return false;
  };

  bank.addEventListener('click', () => {
    void run(bank, async () => {
      const stripe = await loadProcessor(data);
      if (!stripe || data.clientSecret === undefined) {
        showMistake(data.words['notLoaded'] ?? '');
        return false;
      }
      await stripe.handleNextAction({ clientSecret: data.clientSecret }).catch(() => undefined);
      return settle();
    });
  });
  release.addEventListener('click', () => {
    void run(release, async () => {
      const { status, detail } = await server.post('release');
      if (status !== 200) showMistake(detail || data.words['away'] || '');
      return status === 200;
    });
  });
  if (returned) void run(bank, settle);
}
