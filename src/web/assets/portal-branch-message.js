/** Wording a message: the preview follows the words, and placeholders come from a menu. */
import { csrf } from './portal-shell.js';

const PAUSE_MS = 300;

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-message]'));
const preview = /** @type {HTMLElement} */ (document.querySelector('[data-preview]'));
const toFrame = /** @type {HTMLButtonElement} */ (form.querySelector('[data-to-frame]'));
const PARTS = ['email.subject', 'email.body', 'sms.body'];
/** @type {HTMLInputElement | HTMLTextAreaElement} */
let lastField = fieldOf('email.body');
let asked = 0;
let timer = 0;
let frames = 0;

/** @param {string} name @returns {HTMLInputElement | HTMLTextAreaElement} */
function fieldOf(name) {
  return /** @type {HTMLTextAreaElement} */ (form.elements.namedItem(name));
}

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
    showMistakes(part);
    const wasOpen = preview.querySelector('details')?.open ?? false;
    preview.replaceChildren(...part.body.childNodes);
    const details = preview.querySelector('details');
    if (details) details.open = wasOpen;
    if (details) showEmail();
  } catch {
    // The preview of before stands; saving says for itself whether the service answers.
  }
}

/** @param {Document} part */
function showMistakes(part) {
  const mistakes = new Map(
    [...part.querySelectorAll('[data-mistakes] [data-of]')].map((each) => [
      each.getAttribute('data-of'),
      each.textContent,
    ]),
  );
  part.querySelector('[data-mistakes]')?.remove();
  for (const name of PARTS) {
    const words = mistakes.get(name) ?? '';
    const error = document.getElementById(`f-${name}-error`);
    if (error && error.textContent !== words) error.textContent = words;
    if (words === '') fieldOf(name).removeAttribute('aria-invalid');
    else fieldOf(name).setAttribute('aria-invalid', 'true');
  }
}

/** Each time in a frame of its own, so that the way back of the browser does not lead through every letter that was typed. */
function showEmail() {
  const present = /** @type {HTMLIFrameElement} */ (document.querySelector('.mail-iframe:last-of-type'));
  const next = /** @type {HTMLIFrameElement} */ (present.cloneNode(false));
  frames += 1;
  next.removeAttribute('src');
  next.name = `mail-preview-${frames}`;
  next.hidden = true;
  present.after(next);
  next.addEventListener('load', () => {
    if (next.hidden === false || next.dataset['asked'] === undefined) return;
    next.hidden = false;
    for (const frame of document.querySelectorAll('.mail-iframe')) if (frame !== next) frame.remove();
  });
  next.dataset['asked'] = '';
  toFrame.formTarget = next.name;
  form.requestSubmit(toFrame);
}

form.addEventListener('focusin', (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (PARTS.includes(field.name)) lastField = field;
});
form.addEventListener('input', (event) => {
  if (!PARTS.includes(/** @type {HTMLInputElement} */ (event.target).name)) return;
  clearTimeout(timer);
  timer = setTimeout(() => void update(), PAUSE_MS);
});
document.getElementById('preview-invoice')?.addEventListener('change', () => void update());
form.addEventListener('click', (event) => {
  const item = /** @type {HTMLElement} */ (event.target).closest('[data-insert]');
  if (!item) return;
  const { selectionStart, selectionEnd, value } = lastField;
  lastField.setRangeText(
    item.getAttribute('data-insert') ?? '',
    selectionStart ?? value.length,
    selectionEnd ?? value.length,
    'end',
  );
  item.closest('details')?.removeAttribute('open');
  lastField.focus();
  lastField.dispatchEvent(new Event('input', { bubbles: true }));
});
form.addEventListener('keydown', (event) => {
  const menu = form.querySelector('.placeholders');
  if (event.key !== 'Escape' || !menu?.hasAttribute('open')) return;
  menu.removeAttribute('open');
  menu.querySelector('summary')?.focus();
});
if (form.dataset['typed'] !== undefined) void update();
