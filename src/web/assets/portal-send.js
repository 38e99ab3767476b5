/** *Email or Text…*: the message as it will arrive, while channel, recipient and time are chosen. */
import { openDialog } from './portal-dialog.js';
import { Preview } from './portal-preview.js';

/** @param {string} invoiceId @param {HTMLElement} opener @param {string} [address] where the form is, filled in already */
export function openSend(invoiceId, opener, address = `/staff/invoices/${invoiceId}/send`) {
  void openDialog(address, opener, (dialog) => {
    dialog.classList.add('dialog-wide');
    prepareSend(dialog);
  });
}

/** Brings the form to life. @param {HTMLElement} within */
export function prepareSend(within) {
  const form = /** @type {HTMLFormElement} */ (within.querySelector('[data-send]'));
  const to = /** @type {HTMLInputElement} */ (form.elements.namedItem('to'));
  const sendAt = /** @type {HTMLInputElement} */ (form.elements.namedItem('sendAt'));
  const preview = /** @type {HTMLElement} */ (form.querySelector('[data-preview]'));
  /** What was typed for each channel. @type {Record<string, string>} */
  const typed = { [channelOf(form)]: to.value };
  const message = new Preview(
    form,
    (part) => {
      preview.replaceChildren(...part.body.childNodes);
      showParts(form, preview);
    },
    () => [
      ['channel', channelOf(form)],
      ['to', to.value],
      ['when', whenOf(form)],
      ['sendAt', sendAt.value],
    ],
  );

  form.addEventListener('change', (event) => {
    const radio = event.target;
    if (!(radio instanceof HTMLInputElement) || !['channel', 'when'].includes(radio.name)) return;
    if (radio.name === 'channel') {
      to.value = typed[radio.value] ?? radio.dataset['own'] ?? '';
      to.removeAttribute('aria-invalid');
    }
    void message.now();
  });
  to.addEventListener('input', () => {
    typed[channelOf(form)] = to.value;
    message.soon();
  });
  sendAt.addEventListener('input', () => message.soon());
  preview.addEventListener('click', (event) => {
    const tab = /** @type {HTMLElement} */ (event.target).closest('[data-tab]');
    if (tab instanceof HTMLElement) selectTab(tab);
  });
  preview.addEventListener('keydown', (event) => {
    const tab = /** @type {HTMLElement} */ (event.target).closest('[data-tab]');
    if (tab === null || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    const other = preview.querySelector('[data-tab][aria-selected=false]');
    if (other instanceof HTMLElement) selectTab(other);
  });
  showParts(form, preview);
}

/** @param {HTMLFormElement} form */
function channelOf(form) {
  return String(new FormData(form).get('channel'));
}

/** @param {HTMLFormElement} form */
function whenOf(form) {
  return String(new FormData(form).get('when'));
}

/** @param {HTMLFormElement} form @param {HTMLElement} preview */
function showParts(form, preview) {
  const consent = /** @type {HTMLElement | null} */ (form.querySelector('[data-consent]'));
  const needed = preview.querySelector('[data-needs-consent]')?.getAttribute('data-needs-consent') === 'yes';
  if (consent) consent.hidden = !needed;
  for (const part of preview.querySelectorAll('[data-tab-hidden]')) part.setAttribute('hidden', '');
}

/** @param {HTMLElement} tab */
function selectTab(tab) {
  for (const each of tab.parentElement?.querySelectorAll('[data-tab]') ?? []) {
    const chosen = each === tab;
    each.setAttribute('aria-selected', String(chosen));
    /** @type {HTMLElement} */ (each).tabIndex = chosen ? 0 : -1;
    const part = document.getElementById(each.getAttribute('aria-controls') ?? '');
    if (part) part.hidden = !chosen;
  }
  tab.focus();
}
