/** What a fee comes to, while it is being typed. */
import { Preview } from './portal-preview.js';

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-fees]'));
const shown = /** @type {HTMLElement} */ (form.querySelector('[data-preview]'));
const preview = new Preview(form, (part) => shown.replaceChildren(...part.body.childNodes));

form.addEventListener('input', () => preview.soon());
