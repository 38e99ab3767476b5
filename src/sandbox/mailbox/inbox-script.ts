/** Shows what has come since, without losing the reader's place, and the keys; without it a press on reload does the same. */
export const INBOX_SCRIPT = `
const list = document.querySelector('.list');
const talk = document.querySelector('.talk');
const toEnd = () => { if (talk) talk.scrollTop = talk.scrollHeight; };
async function refresh(place, part) {
  const address = new URL(location.href);
  address.searchParams.set('part', part);
  const answer = await fetch(address);
  if (!answer.ok) return;
  const fresh = await answer.text();
  if (fresh === place.dataset.shown) return;
  const isNews = place.dataset.shown !== undefined;
  const focused = document.activeElement?.getAttribute?.('href');
  place.innerHTML = fresh;
  place.dataset.shown = fresh;
  for (const link of place.querySelectorAll('a')) if (link.getAttribute('href') === focused) link.focus();
  if (place === talk && isNews) toEnd();
}
setInterval(async () => {
  if (document.hidden) return;
  try {
    await refresh(list, 'list');
    if (talk) await refresh(talk, 'talk');
  } catch {}
}, 2000);
const step = (by) => {
  const links = [...list.querySelectorAll('ol a')];
  const here = links.findIndex((link) => link === document.activeElement);
  const start = here < 0 ? links.findIndex((link) => link.getAttribute('aria-current')) : here;
  links[Math.max(0, Math.min(links.length - 1, start + by))]?.focus();
};
const keys = {
  '/': () => document.querySelector('#q').focus(),
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  r: () => document.querySelector('#reply')?.focus(),
};
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches('input')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const isInList = list.contains(document.activeElement) || document.activeElement === document.body;
  if (event.key.startsWith('Arrow') && !isInList) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
toEnd();
`;
