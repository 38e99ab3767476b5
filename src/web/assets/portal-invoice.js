/** An invoice's page: its dialogs, and what happens to the invoice while somebody looks. */
import { copyLink } from './portal-copy-link.js';
import { openDialog } from './portal-dialog.js';
import { morph } from './portal-morph.js';
import { openSend } from './portal-send.js';

const page = /** @type {HTMLElement} */ (document.getElementById('invoice'));
const said = /** @type {HTMLElement} */ (document.getElementById('invoice-said'));
const state = /** @type {HTMLElement} */ (document.getElementById('live-state'));
const reload = /** @type {HTMLElement} */ (document.getElementById('reload'));
const id = page.dataset['id'] ?? '';
/** Read out at once, at most: more of them would drown each other. */
const MOST_SAID = 3;

/** @type {EventSource | undefined} */
let events;

/** While nobody looks there is nothing to keep up, and a browser has few connections to one place. */
function follow() {
  if (document.visibilityState === 'hidden') {
    events?.close();
    events = undefined;
    return;
  }
  if (events !== undefined) return;
  const opened = new window.EventSource(`/staff/invoices/${id}/events?seen=${page.dataset['version'] ?? ''}`);
  events = opened;
  opened.addEventListener('open', () => tell('This page follows what happens by itself.', true));
  opened.addEventListener('state', (event) => show(JSON.parse(event.data)));
  opened.addEventListener('error', () => {
    // A browser tries again by itself, unless it was refused.
    if (opened.readyState === window.EventSource.CLOSED)
      tell('This page does not follow what happens any more.', false);
  });
}

/** @param {string} sentence @param {boolean} isLive */
function tell(sentence, isLive) {
  if (state.textContent === sentence) return;
  state.textContent = sentence;
  reload.classList.toggle('no-script', isLive);
}

/** @param {{ version: string, html: string }} fresh */
function show({ version, html }) {
  const known = new Set(eventsShown().map((event) => event.dataset['key']));
  // Rendered by the server from its own templates, every value escaped.
  const wanted = new DOMParser().parseFromString(html, 'text/html').body;
  const box = document.createElement('div');
  for (const { name, value } of page.attributes) box.setAttribute(name, value);
  box.append(...wanted.childNodes);
  box.dataset['version'] = version;
  morph(page, box);
  const news = eventsShown().filter((event) => !known.has(event.dataset['key']));
  for (const event of news) event.classList.add('event-new');
  const words = news.slice(0, MOST_SAID).map((event) => event.querySelector('.event-what')?.textContent ?? '');
  if (words.length > 0) said.textContent = `Just now: ${words.reverse().join('. ')}.`;
}

/** @returns {HTMLElement[]} */
function eventsShown() {
  return [...page.querySelectorAll('#timeline > li')].map((event) => /** @type {HTMLElement} */ (event));
}

page.addEventListener('click', (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest('a');
  const address = link?.getAttribute('href') ?? '';
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset['sendDialog'] !== undefined) openSend(id, link, address);
  else if (link.dataset['dialog'] !== undefined) void openDialog(address, link);
  else return;
  event.preventDefault();
});
page.addEventListener('submit', (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  if (form.dataset['copyLink'] === undefined) return;
  event.preventDefault();
  void copyLink(id, form.querySelector('button') ?? form);
});
document.addEventListener('keydown', (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const isTyping = target.closest('input, select, textarea, dialog[open], [popover]:popover-open') !== null;
  const send = page.querySelector('[data-key="send"]');
  if (event.key !== 'e' || isTyping || event.ctrlKey || event.metaKey || event.altKey || send === null) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (send).click();
});

document.addEventListener('visibilitychange', follow);
// A page that comes back from the browser's memory has lost its connection.
window.addEventListener('pagehide', () => {
  events?.close();
  events = undefined;
});
window.addEventListener('pageshow', follow);
follow();
