/** Ticks invoices in the list: how many there are stands on the button, and a space ticks the highlighted row. */

const results = document.getElementById('results');
if (results) watch(results);

/** @param {HTMLElement} within where the list is put, again and again */
function watch(within) {
  const tell = () => {
    const send = within.querySelector('[data-choose-send]');
    const chosen = within.querySelectorAll('input[name=ids]:checked').length;
    if (!(send instanceof HTMLButtonElement)) return;
    send.disabled = chosen === 0;
    send.textContent = chosen === 0 ? 'Send the chosen…' : `Send the ${chosen} chosen…`;
  };
  within.addEventListener('change', tell);
  within.addEventListener('keydown', (event) => {
    const row = /** @type {HTMLElement} */ (event.target);
    if (event.key !== ' ' || !row.matches('tr[data-id]')) return;
    const box = row.querySelector('input[name=ids]');
    if (!(box instanceof HTMLInputElement)) return;
    event.preventDefault();
    box.checked = !box.checked;
    tell();
  });
  // A new list has nothing ticked.
  new MutationObserver(tell).observe(within, { childList: true });
  tell();
}
