/** *Email or Text…*: the message as it will arrive, while channel, recipient and time are chosen. */
import { allow, openDialog, refuse } from './portal-dialog.js';
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
      forgetRecipient(form);
    }
    void message.now();
  });
  to.addEventListener('input', () => {
    typed[channelOf(form)] = to.value;
    forgetRecipient(form);
    message.soon();
  });
  sendAt.addEventListener('input', () => message.soon());
  form.addEventListener('submit', (event) => {
    if (form.querySelector('[data-go]')?.getAttribute('aria-disabled') === 'true') event.preventDefault();
  });
  // What it shows is of yesterday then.
  for (const name of ['portal:refused', 'portal:reopened']) form.addEventListener(name, () => void message.now());
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
  const facts = /** @type {HTMLElement} */ (preview.querySelector('[data-facts]'));
  if (consent) consent.hidden = facts.dataset['needsConsent'] !== 'yes';
  const due = form.querySelector('[data-due]');
  if (due) due.textContent = facts.dataset['dueNow'] ?? '';
  sayWhyNot(form, facts.dataset['whyNot'] ?? '');
  for (const part of preview.querySelectorAll('[data-tab-hidden]')) part.setAttribute('hidden', '');
}

/** What cannot be sent is not asked for, and the reason stands beside the button. @param {HTMLFormElement} form @param {string} words */
function sayWhyNot(form, words) {
  const place = form.querySelector('#send-why-not');
  if (place) place.textContent = words;
  if (words === '') allow(form);
  else refuse(form);
}

/** Of another recipient nothing is known until the service has said it. @param {HTMLFormElement} form */
function forgetRecipient(form) {
  const facts = form.querySelector('[data-facts]');
  if (facts?.getAttribute('data-refused-of') === 'recipient') sayWhyNot(form, '');
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
