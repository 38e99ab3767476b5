/** What a fee comes to, while it is being typed. */
import { csrf } from './portal-shell.js';

const PAUSE_MS = 300;

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-fees]'));
const preview = /** @type {HTMLElement} */ (form.querySelector('[data-preview]'));
let asked = 0;
let timer = 0;

async function update() {
  asked += 1;
  const mine = asked;
  try {
    const answer = await fetch(`${form.getAttribute('action')}/preview`, {
      method: 'POST',
      headers: { Accept: 'text/html', 'X-Part': 'preview', 'X-CSRF-Token': csrf() },
      body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
    });
    if (!answer.ok || mine !== asked) return;
    const part = new DOMParser().parseFromString(await answer.text(), 'text/html');
    preview.replaceChildren(...part.body.childNodes);
  } catch {
    // The preview of before stands; saving says for itself whether the service answers.
  }
}

form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(() => void update(), PAUSE_MS);
});
