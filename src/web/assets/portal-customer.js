/** A customer's page: *Email or Text…* opens over it, instead of leading away from it. */
import { openSend } from './portal-send.js';

document.addEventListener('click', (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest('[data-send-invoice]');
  if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openSend(link.dataset['sendInvoice'] ?? '', link);
});
