/** *Customers*: finds while somebody types; the arrows walk from the search through the names. */
import { Finder } from './portal-finder.js';

const finder = new Finder('No customer matches.');
const { form, search, results } = finder;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  finder.now();
  void finder.settled.then(() => names()[0]?.focus());
});

/** @returns {HTMLElement[]} */
function names() {
  return [...results.querySelectorAll('[data-row]')].filter((name) => name instanceof HTMLElement);
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key === '/' && target.closest('input, select, textarea') === null) {
    search.focus();
    search.select();
  } else if (event.key === 'ArrowDown' && target === search) {
    void finder.settled.then(() => names()[0]?.focus());
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && target.matches('[data-row]')) {
    const at = names().indexOf(target) + (event.key === 'ArrowDown' ? 1 : -1);
    if (at < 0) search.focus();
    else names()[at]?.focus();
  } else return;
  event.preventDefault();
});
