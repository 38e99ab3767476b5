/** *Find invoice*: finds while somebody types, and lets the keyboard do everything that the pointer can. */
import './portal-choose.js';
import { Finder } from './portal-finder.js';
import { Grid } from './portal-grid.js';
import { openRowMenu } from './portal-row-menu.js';
import { openSend } from './portal-send.js';

const finder = new Finder('No invoice matches.', keepPlace);
const { form, search, results } = finder;
const grid = new Grid(results, { highlighted: showHighlighted, leaveUp: () => search.focus() });

/** Whoever wrote something stays at its row; whoever was in the list stays there. @param {string} [position] */
function keepPlace(position) {
  const row = position === undefined ? undefined : grid.row?.dataset['id'];
  const hadFocus = grid.hasFocus();
  return () => {
    const at = grid.rows().findIndex((each) => each.dataset['id'] === row);
    grid.refresh(Math.max(0, at));
    if (hadFocus) grid.focus();
  };
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
    const found = await finder.partAt(/** @type {HTMLElement} */ (link).getAttribute('href') ?? '');
    body.append(...(found.querySelector('tbody')?.rows ?? []));
    results.querySelector('.result-end')?.replaceWith(found.querySelector('.result-end') ?? '');
    const shown = results.querySelector('[data-count]');
    if (shown) shown.textContent = `${body.rows.length} invoices shown.`;
    finder.say(`${body.rows.length} invoices shown.`);
    grid.refresh(count);
    grid.focus();
  } catch {
    link.removeAttribute('aria-disabled');
    finder.say('More could not be loaded. Try again.');
  }
}

form.addEventListener('change', (event) => {
  if (event.target !== search) finder.now();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  finder.now();
});

search.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown' || event.key === 'Enter') {
    event.preventDefault();
    void finder.settled.then(() => grid.focus());
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
  void finder.show(/** @type {CustomEvent<{ position: string }>} */ (event).detail.position);
});

grid.refresh();
