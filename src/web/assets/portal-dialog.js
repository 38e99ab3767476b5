/**
 * Dialogs whose contents come from the server, where they are pages of their own for whoever has no scripts. One that is closed is
 * kept with what was typed into it, until it was sent or the page is left.
 */
import { csrf, renewCsrf, toast } from './portal-shell.js';

/** @type {Map<string, HTMLElement & { showModal(): void, close(): void }>} */
const kept = new Map();

/**
 * @param {string} address of the page that the dialog is
 * @param {HTMLElement} opener has the focus again afterwards
 * @param {(dialog: HTMLElement) => void} [prepare] called once, when the contents are there
 */
export async function openDialog(address, opener, prepare) {
  const dialog = kept.get(address) ?? newDialog(address);
  dialog.onclose = () => {
    // One that is put by is out of the page: its fields have the same ids as those of the next.
    dialog.remove();
    if (opener.isConnected) opener.focus();
  };
  document.body.append(dialog);
  dialog.showModal();
  if (dialog.dataset['filled'] === undefined) await fill(dialog, address, prepare);
  else dialog.querySelector('[data-ask]')?.dispatchEvent(new CustomEvent('portal:reopened'));
}

/** @param {string} address */
function newDialog(address) {
  const dialog = /** @type {HTMLElement & { showModal(): void, close(): void }} */ (document.createElement('dialog'));
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  kept.set(address, dialog);
  dialog.addEventListener('click', (event) => {
    if (/** @type {HTMLElement} */ (event.target).closest('[data-close]') === null) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset['ask'] === undefined) return;
    event.preventDefault();
    void ask(form, { done: () => forget(address), letGo: () => kept.delete(address) });
  });
  return dialog;
}

/** @param {HTMLElement} dialog @param {string} address @param {((dialog: HTMLElement) => void) | undefined} prepare */
async function fill(dialog, address, prepare) {
  dialog.setAttribute('aria-busy', 'true');
  const waiting = document.createElement('p');
  waiting.textContent = 'One moment…';
  dialog.replaceChildren(waiting);
  try {
    const answer = await fetch(address, { headers: { 'X-Part': 'dialog', Accept: 'text/html' } });
    if (!answer.ok) throw new Error(String(answer.status));
    const part = new DOMParser().parseFromString(await answer.text(), 'text/html');
    dialog.replaceChildren(...part.body.childNodes);
    dialog.dataset['filled'] = '';
    prepare?.(dialog);
    /** @type {HTMLElement | null} */ (dialog.querySelector('[autofocus]'))?.focus();
  } catch {
    forget(address);
    toast('The dialog could not be loaded.', { bad: true, offers: [{ word: 'Open as a page', href: address }] });
  }
  dialog.removeAttribute('aria-busy');
}

/** @param {string} address */
function forget(address) {
  const dialog = kept.get(address);
  kept.delete(address);
  dialog?.close();
  dialog?.remove();
}

/**
 * Sends a form and says what came of it: beside each field what is wrong, in a toast what was done. What is of yesterday stays open
 * with what was typed, and is loaded anew the next time.
 * @param {HTMLFormElement} form @param {{ done: () => void, letGo: () => void }} then
 */
async function ask(form, { done, letGo }) {
  if (held.get(form)?.size) return;
  hold(form, 'on its way');
  clearMistakes(form);
  const answer = await post(form.getAttribute('action') ?? '', new URLSearchParams(fieldsOf(form)));
  letGoOf(form, 'on its way');
  if (answer.body === undefined) {
    showMistake(form, '', 'The service did not answer. Try again: nothing is sent twice.');
  } else if (answer.ok) {
    done();
    tell(answer.body);
  } else if (answer.body.code === 'unauthenticated') {
    showMistake(form, '', 'You are signed out. What you typed stays here while you sign in in another tab.');
    offerSignIn(form);
  } else if (answer.body.code === 'session_changed') {
    await renewCsrf().catch(() => undefined);
    showMistake(form, '', 'You have signed in anew. Nothing is sent yet: press once more.');
  } else {
    if (answer.body.isStale) letGo();
    const errors = answer.body.errors ?? [];
    if (errors.length === 0) showMistake(form, '', answer.body.detail ?? 'It was refused.');
    // The first one last, so that the focus ends there.
    for (const { path, message } of [...errors].reverse()) showMistake(form, path, message);
    form.dispatchEvent(new CustomEvent('portal:refused'));
  }
}

/** Why each form cannot be sent at the moment. @type {WeakMap<HTMLFormElement, Set<string>>} */
const held = new WeakMap();

/** @param {HTMLFormElement} form @param {string} why */
function hold(form, why) {
  held.set(form, (held.get(form) ?? new Set()).add(why));
  form.querySelector('[data-go]')?.setAttribute('aria-disabled', 'true');
}

/** @param {HTMLFormElement} form @param {string} why */
function letGoOf(form, why) {
  held.get(form)?.delete(why);
  if (!held.get(form)?.size) form.querySelector('[data-go]')?.removeAttribute('aria-disabled');
}

/** The service would refuse it: it is not sent until `allow`. @param {HTMLFormElement} form */
export function refuse(form) {
  hold(form, 'refused');
}

/** @param {HTMLFormElement} form */
export function allow(form) {
  letGoOf(form, 'refused');
}

/** In another tab: this page would lose what was typed. @param {HTMLFormElement} form */
function offerSignIn(form) {
  const link = document.createElement('a');
  link.href = '/staff/sign-in';
  link.target = '_blank';
  link.textContent = 'Sign in';
  form.querySelector('[data-mistake] p')?.append(' ', link);
}

/** @param {HTMLFormElement} form @returns {[string, string][]} */
function fieldsOf(form) {
  return /** @type {[string, string][]} */ ([...new FormData(form)]);
}

/**
 * @param {string} address @param {URLSearchParams} fields
 * @returns {Promise<{ ok: boolean, body: any }>} without a body where no answer came
 */
export async function post(address, fields) {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-CSRF-Token': csrf() },
      body: fields,
    });
    return { ok: answer.ok, body: await answer.json() };
  } catch {
    return { ok: false, body: undefined };
  }
}

/** @param {{ said: string, position: string, offers: { word: string, href?: string, post?: string }[] }} done */
function tell({ said, offers, position }) {
  toast(said, {
    offers: offers.map(({ word, href, post: address }) =>
      address === undefined ? { word, href: href ?? '' } : { word, act: () => void act(address) },
    ),
  });
  document.dispatchEvent(new CustomEvent('portal:done', { detail: { position } }));
}

/** A button that does something at once. @param {string} address */
async function act(address) {
  const { ok, body } = await post(address, new URLSearchParams({ cause: crypto.randomUUID() }));
  if (ok) tell(body);
  else toast(body?.detail ?? 'The service did not answer. Try again.', { bad: true });
}

/** @param {HTMLFormElement} form */
function clearMistakes(form) {
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  for (const words of form.querySelectorAll('.field-error')) words.textContent = '';
  form.querySelector('[data-mistake]')?.setAttribute('hidden', '');
}

/** Says what is wrong where it is wrong, and leads there. @param {HTMLFormElement} form @param {string} name @param {string} words */
function showMistake(form, name, words) {
  const field = name === '' ? null : form.querySelector(`[data-field="${name}"]`);
  const input = field?.querySelector('input, textarea, select');
  const box = /** @type {HTMLElement | null} */ (form.querySelector('[data-mistake]'));
  if (field && input instanceof HTMLElement) {
    field.removeAttribute('hidden');
    input.setAttribute('aria-invalid', 'true');
    const place = field.querySelector('.field-error');
    if (place) place.textContent = words;
    input.focus();
  } else if (box) {
    const place = box.querySelector('p');
    if (place) place.textContent = words;
    box.hidden = false;
    box.focus();
  }
}
