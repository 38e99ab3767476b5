/** What every page of the portal shares: a select that is its own button, and short messages that say what was done. */

for (const form of document.querySelectorAll('form[data-submit-on-change]')) {
  form.addEventListener('change', () => /** @type {HTMLFormElement} */ (form).requestSubmit());
}

const MINUTE_MS = 60_000;

/** Keeps "5 min ago" true while the page stays open; older moments do not change soon enough to matter. */
function tick() {
  for (const time of document.querySelectorAll('time[data-relative]')) {
    const minutes = Math.floor((Date.now() - Date.parse(time.getAttribute('datetime') ?? '')) / MINUTE_MS);
    if (minutes < 1) time.textContent = 'just now';
    else if (minutes < 60) time.textContent = `${minutes} min ago`;
  }
}
setInterval(tick, MINUTE_MS / 2);

/** The token that proves that a request comes from a page of this session. @returns {string} */
export function csrf() {
  const rail = document.getElementById('rail');
  return rail?.dataset['csrf'] ?? '';
}

/**
 * Takes over the token of the session that began since, in another tab, so that what was typed here can still be sent. Nothing is
 * sent by it: whoever signed in presses once more.
 */
export async function renewCsrf() {
  const answer = await fetch('/staff/account', { headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const token = page.getElementById('rail')?.dataset['csrf'];
  const rail = document.getElementById('rail');
  if (token !== undefined && rail) rail.dataset['csrf'] = token;
}

/**
 * @typedef {object} Offer
 * @property {string} word
 * @property {string} [href] where it leads; without one, `act` is called
 * @property {() => void} [act]
 */

/**
 * Says what was done, where it is seen and read out, with what can be done about it. It stays until it is dismissed or the next
 * one comes, because an offer that goes away by itself is no offer to a slow reader.
 *
 * @param {string} sentence
 * @param {{ bad?: boolean, offers?: readonly Offer[] }} [more]
 */
export function toast(sentence, { bad = false, offers = [] } = {}) {
  const area = document.getElementById('toasts');
  if (!area) return;
  const box = document.createElement('div');
  box.className = bad ? 'toast toast-bad' : 'toast';
  const words = document.createElement('p');
  words.textContent = sentence;
  box.append(words, ...offers.map(offerOf), offerOf({ word: 'Dismiss', act: () => box.remove() }));
  area.replaceChildren(box);
}

/** @param {Offer} offer @returns {HTMLElement} */
function offerOf({ word, href, act }) {
  const element = document.createElement(href === undefined ? 'button' : 'a');
  element.className = 'button button-text';
  element.textContent = word;
  if (href === undefined) element.setAttribute('type', 'button');
  else element.setAttribute('href', href);
  if (act) element.addEventListener('click', act);
  return element;
}
