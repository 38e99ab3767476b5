/** *Payment history*: the search is one key away. */
const search = /** @type {HTMLInputElement} */ (document.getElementById('q'));

document.addEventListener('keydown', (event) => {
  const { target } = event;
  const types = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (event.key !== '/' || types || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  search.focus();
  search.select();
});
