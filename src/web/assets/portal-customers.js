/** *Customers*: finds while somebody types; the arrows walk from the search through the names. */
const PAUSE_MS = 150;

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-finder]'));
const search = /** @type {HTMLInputElement} */ (document.getElementById('q'));
const results = /** @type {HTMLElement} */ (document.getElementById('results'));
const failed = /** @type {HTMLElement} */ (document.getElementById('failed'));
const said = /** @type {HTMLElement} */ (document.getElementById('said'));
/** @type {AbortController | undefined} */
let asking;
/** What is being asked for: whoever goes on to the names waits for the answer to what was typed. */
let settled = Promise.resolve();
let timer = 0;

async function show() {
  const fields = [...new FormData(form)].filter(([, value]) => value !== '');
  const query = new URLSearchParams(/** @type {[string, string][]} */ (fields)).toString();
  const address = query === '' ? form.action : `${form.action}?${query}`;
  asking?.abort();
  asking = new AbortController();
  results.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(address, {
      headers: { 'X-Part': 'results', Accept: 'text/html' },
      signal: asking.signal,
    });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html');
    results.replaceChildren(...found.body.childNodes);
    history.replaceState(null, '', address);
    said.textContent = results.querySelector('[data-count]')?.textContent ?? 'No customer matches.';
    failed.hidden = true;
    results.hidden = false;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return;
    results.hidden = true;
    failed.hidden = false;
    said.textContent = 'The list could not be loaded.';
  }
  results.removeAttribute('aria-busy');
}

search.addEventListener('input', () => {
  clearTimeout(timer);
  settled = new Promise((done) => {
    timer = setTimeout(() => void show().then(done), PAUSE_MS);
  });
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(timer);
  settled = show();
  void settled.then(() => names()[0]?.focus());
});
failed.querySelector('[data-retry]')?.addEventListener('click', () => void show());

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
    void settled.then(() => names()[0]?.focus());
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && target.matches('[data-row]')) {
    const at = names().indexOf(target) + (event.key === 'ArrowDown' ? 1 : -1);
    if (at < 0) search.focus();
    else names()[at]?.focus();
  } else return;
  event.preventDefault();
});
