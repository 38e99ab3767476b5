/** What can be done with one invoice, as a menu at its row. */
import { copyLink } from './portal-copy-link.js';
import { openDialog } from './portal-dialog.js';
import { openSend } from './portal-send.js';

/**
 * @typedef {object} Item
 * @property {string} word
 * @property {string} [href]
 * @property {() => void} [act]
 */

/** @param {HTMLElement} row @returns {Item[]} */
function itemsFor(row) {
  const id = row.dataset['id'] ?? '';
  const path = `/staff/invoices/${id}`;
  const canSend = row.dataset['canSend'] !== undefined;
  return [
    ...(canSend ? [{ word: 'Email or Text…', act: () => openSend(id, row) }] : []),
    { word: 'Email-PDF', act: () => void openDialog(`${path}/email-pdf`, row) },
    { word: 'View', href: path },
    { word: 'View as customer', href: `${path}/as-customer` },
    ...(canSend ? [{ word: 'Record payment…', act: () => void openDialog(`${path}/record-payment`, row) }] : []),
    ...(canSend ? [{ word: 'Copy link', act: () => void copyLink(id, row) }] : []),
    ...(row.dataset['canVoid'] === undefined
      ? []
      : [{ word: 'Void', act: () => void openDialog(`${path}/void`, row) }]),
  ];
}

/**
 * Opens the menu beside the button that it belongs to; arrows, first letters and Escape work as in any menu.
 * @param {HTMLElement} row @param {HTMLElement} button
 */
export function openRowMenu(row, button) {
  const menu = /** @type {HTMLElement} */ (document.getElementById('row-menu'));
  menu.replaceChildren(...itemsFor(row).map((item) => itemOf(item, menu)));
  menu.setAttribute('aria-label', `Actions for ${row.dataset['number'] ?? ''}`);
  menu.onkeydown = (event) => onKey(event, menu, row);
  menu.showPopover();
  const at = button.getBoundingClientRect();
  menu.style.top = `${Math.max(8, Math.min(at.bottom, document.documentElement.clientHeight - menu.offsetHeight - 8))}px`;
  menu.style.left = `${Math.max(8, at.right - menu.offsetWidth)}px`;
  /** @type {HTMLElement | null} */ (menu.firstElementChild)?.focus();
}

/** @param {Item} item @param {HTMLElement} menu @returns {HTMLElement} */
function itemOf({ word, href, act }, menu) {
  const element = document.createElement(href === undefined ? 'button' : 'a');
  element.className = 'menu-item';
  element.setAttribute('role', 'menuitem');
  element.tabIndex = -1;
  element.textContent = word;
  if (href === undefined) element.setAttribute('type', 'button');
  else element.setAttribute('href', href);
  element.addEventListener('click', () => {
    menu.hidePopover();
    act?.();
  });
  return element;
}

/** @param {KeyboardEvent} event @param {HTMLElement} menu @param {HTMLElement} row */
function onKey(event, menu, row) {
  const items = /** @type {HTMLElement[]} */ ([...menu.children]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const goals = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  const goal = goals[/** @type {keyof typeof goals} */ (event.key)];
  const byLetter = items.findIndex((item) => item.textContent?.toLowerCase().startsWith(event.key.toLowerCase()));
  if (event.key === 'Escape' || event.key === 'Tab') {
    menu.hidePopover();
    row.focus();
  } else if (goal !== undefined) items[goal % items.length]?.focus();
  else if (event.key.length === 1 && event.key !== ' ' && byLetter >= 0) items[byLetter]?.focus();
  else return;
  event.preventDefault();
}
