/** Wording a message: the preview follows the words, and placeholders come from a menu. */
import { Preview } from './portal-preview.js';

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-message]'));
const shown = /** @type {HTMLElement} */ (document.querySelector('[data-preview]'));
const toFrame = /** @type {HTMLButtonElement} */ (form.querySelector('[data-to-frame]'));
const PARTS = ['email.subject', 'email.body', 'sms.body'];
/** Of more characters than this no part is taken, and a form of a megabyte would not even be read. */
const MOST = 10_240;
const TOO_LONG = `It is longer than ${MOST} bytes.`;
/** @type {HTMLInputElement | HTMLTextAreaElement} */
let lastField = fieldOf('email.body');
const preview = new Preview(form, show);
let frames = 0;

/** @param {string} name @returns {HTMLInputElement | HTMLTextAreaElement} */
function fieldOf(name) {
  return /** @type {HTMLTextAreaElement} */ (form.elements.namedItem(name));
}

/** @param {Document} part */
function show(part) {
  showMistakes(part);
  const wasOpen = shown.querySelector('details')?.open ?? false;
  shown.replaceChildren(...part.body.childNodes);
  const details = shown.querySelector('details');
  if (!details) return;
  details.open = wasOpen;
  showEmail();
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
  sayBeside(mistakes);
}

/** @param {Map<string | null, string | null>} mistakes */
function sayBeside(mistakes) {
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
/** Says so beside each part that is too long. @returns {string | undefined} the first of them */
function tooLong() {
  const long = PARTS.filter((name) => fieldOf(name).value.length > MOST);
  if (long.length > 0) sayBeside(new Map(long.map((name) => [name, TOO_LONG])));
  return long[0];
}

form.addEventListener('input', (event) => {
  if (!PARTS.includes(/** @type {HTMLInputElement} */ (event.target).name)) return;
  if (tooLong() === undefined) preview.soon();
});
form.addEventListener('submit', (event) => {
  const name = tooLong();
  if (name === undefined) return;
  event.preventDefault();
  fieldOf(name).focus();
});
document.getElementById('preview-invoice')?.addEventListener('change', () => void preview.now());
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
if (form.dataset['typed'] !== undefined) void preview.now();
