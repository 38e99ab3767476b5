/** *Find invoice*: finds while somebody types, and lets the keyboard do everything that the pointer can. */
import './portal-choose.js';
import { Grid } from './portal-grid.js';
import { openRowMenu } from './portal-row-menu.js';
import { openSend } from './portal-send.js';

const PAUSE_MS = 150;

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-finder]'));
const search = /** @type {HTMLInputElement} */ (document.getElementById('q'));
const results = /** @type {HTMLElement} */ (document.getElementById('results'));
const failed = /** @type {HTMLElement} */ (document.getElementById('failed'));
const said = /** @type {HTMLElement} */ (document.getElementById('said'));

const grid = new Grid(results, { highlighted: showHighlighted, leaveUp: () => search.focus() });
/** @type {AbortController | undefined} */
let asking;
/** What is being asked for: whoever acts on the first row waits for the answer to what was typed. */
let settled = Promise.resolve();
let timer = 0;

/** The address of what the form asks for. */
function wanted() {
  const fields = [...new FormData(form)].filter(([, value]) => value !== '');
  const query = new URLSearchParams(/** @type {[string, string][]} */ (fields)).toString();
  return query === '' ? form.action : `${form.action}?${query}`;
}

/** @param {string} address @returns {Promise<Document>} */
async function partAt(address) {
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(address, { headers: { 'X-Part': 'results', Accept: 'text/html' }, signal: asking.signal });
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

/**
 * Shows what is found at an address in place of what is shown now.
 * @param {string} address @param {string} [position] of something just written, which the list then shows
 */
async function show(address, position) {
  results.setAttribute('aria-busy', 'true');
  const row = position === undefined ? undefined : grid.row?.dataset['id'];
  const hadFocus = grid.hasFocus();
  try {
    const after = position === undefined ? '' : `${address.includes('?') ? '&' : '?'}after=${position}`;
    const found = await partAt(address + after);
    results.replaceChildren(...found.body.childNodes);
    failed.hidden = true;
    results.hidden = false;
    history.replaceState(null, '', address);
    if (position === undefined) {
      said.textContent = results.querySelector('[data-count]')?.textContent ?? 'No invoice matches.';
    }
    grid.refresh(
      Math.max(
        0,
        grid.rows().findIndex((each) => each.dataset['id'] === row),
      ),
    );
    if (hadFocus) grid.focus();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return;
    results.hidden = true;
    failed.hidden = false;
    said.textContent = 'The list could not be loaded.';
  }
  results.removeAttribute('aria-busy');
}

function findSoon() {
  clearTimeout(timer);
  settled = new Promise((done) => {
    timer = setTimeout(() => void show(wanted()).then(done), PAUSE_MS);
  });
}

function findNow() {
  clearTimeout(timer);
  settled = show(wanted());
}

/** @param {HTMLElement | undefined} row */
function showHighlighted(row) {
  const act = results.querySelector('[data-act]');
  if (!act || !row) return;
  act.setAttribute('action', `/staff/invoices/${row.dataset['id']}/send`);
  const number = act.querySelector('[data-act-number]');
  const customer = act.querySelector('[data-act-customer]');
  if (number) number.textContent = row.dataset['number'] ?? '';
  if (customer) customer.textContent = row.dataset['customer'] ?? '';
}

async function appendMore() {
  const link = results.querySelector('[data-show-more]');
  const body = results.querySelector('tbody');
  if (!link || !body) return;
  const count = body.rows.length;
  link.setAttribute('aria-disabled', 'true');
  try {
    const found = await partAt(/** @type {HTMLElement} */ (link).getAttribute('href') ?? '');
    body.append(...(found.querySelector('tbody')?.rows ?? []));
    results.querySelector('.result-end')?.replaceWith(found.querySelector('.result-end') ?? '');
    const shown = results.querySelector('[data-count]');
    if (shown) shown.textContent = `${body.rows.length} invoices shown.`;
    said.textContent = `${body.rows.length} invoices shown.`;
    grid.refresh(count);
    grid.focus();
  } catch {
    link.removeAttribute('aria-disabled');
    said.textContent = 'More could not be loaded. Try again.';
  }
}

search.addEventListener('input', findSoon);
form.addEventListener('change', (event) => {
  if (event.target !== search) findNow();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  findNow();
});
failed.querySelector('[data-retry]')?.addEventListener('click', findNow);

search.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown' || event.key === 'Enter') {
    event.preventDefault();
    void settled.then(() => grid.focus());
  }
});

results.addEventListener('submit', (event) => {
  if (!(/** @type {HTMLElement} */ (event.target).matches('[data-act]'))) return;
  event.preventDefault();
  const row = grid.row;
  if (row) openSend(row.dataset['id'] ?? '', row);
});
results.addEventListener('click', (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const more = target.closest('[data-more]');
  const showMore = target.closest('[data-show-more]');
  const row = /** @type {HTMLElement | null} */ (target.closest('tr[data-id]'));
  if (more && row) {
    event.preventDefault();
    grid.highlight(row);
    openRowMenu(row, /** @type {HTMLElement} */ (more));
  } else if (showMore) {
    event.preventDefault();
    void appendMore();
  } else if (row && !target.closest('a, label')) {
    grid.highlight(row);
    grid.focus();
  }
});

document.addEventListener('keydown', (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const isTyping = target.closest('input, select, textarea, dialog[open], [popover]:popover-open') !== null;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = grid.row;
  if (event.key === '/') search.select();
  else if (event.key === '?') document.getElementById('keys')?.togglePopover();
  else if (event.key === 'e' && row) openSend(row.dataset['id'] ?? '', row);
  else if (event.key === 'm' && row) openRowMenu(row, /** @type {HTMLElement} */ (row.querySelector('[data-more]')));
  else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !grid.hasFocus()) grid.focus();
  else return;
  if (event.key === '/') search.focus();
  event.preventDefault();
});

document.addEventListener('portal:done', (event) => {
  void show(wanted(), /** @type {CustomEvent<{ position: string }>} */ (event).detail.position);
});

grid.refresh();
