// @ts-check
/**
 * The card form inside its frame. What is typed leaves it for the stand-in's own API and nowhere else: the page hears only
 * whether the form is complete, and gets a token.
 */
import { applyAppearance } from './appearance.js';
import {
  brandOf,
  digitsOf,
  mistakeInCode,
  mistakeInExpiry,
  mistakeInNumber,
  mistakeInPostalCode,
  readExpiry,
  writeExpiry,
  writeNumber,
} from './card-fields.js';
import { countries } from './countries.js';

/** @typedef {import('./card-fields.js').Mistake} Mistake */
/** @typedef {{ input: HTMLInputElement, error: HTMLElement, mistake: () => Mistake | undefined }} Field */

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));
const country = /** @type {HTMLSelectElement} */ (document.getElementById('country'));
const number = input('number');
const expiry = input('expiry');
const code = input('code');
const postal = input('postal');

/** @type {Readonly<Record<'number' | 'expiry' | 'code' | 'postal', Field>>} */
const fields = {
  number: { input: number, error: element('number-error'), mistake: () => mistakeInNumber(number.value) },
  expiry: { input: expiry, error: element('expiry-error'), mistake: () => mistakeInExpiry(expiry.value, new Date()) },
  code: { input: code, error: element('code-error'), mistake: () => mistakeInCode(code.value, number.value) },
  postal: { input: postal, error: element('postal-error'), mistake: postalMistake },
};

/** The page around this frame, once it has said what it wants; nobody else is heard or told. @type {string | undefined} */
let pageOrigin;
let key = '';
/** The connected account in whose name the key is used. */
let account = '';

/** @param {object} message */
function tell(message) {
  if (pageOrigin !== undefined) window.parent.postMessage(message, pageOrigin);
}

function postalMistake() {
  return element('postal-field').hidden ? undefined : mistakeInPostalCode(postal.value, country.value);
}

/** @param {Field} field @param {Mistake | undefined} mistake */
function show(field, mistake) {
  field.error.textContent = mistake?.message ?? '';
  if (mistake === undefined) field.input.removeAttribute('aria-invalid');
  else field.input.setAttribute('aria-invalid', 'true');
}

function tellChange() {
  const typed = [number, expiry, code].map(({ value }) => value);
  const complete = Object.values(fields).every((field) => field.mistake() === undefined);
  tell({ type: 'change', change: { complete, empty: typed.every((value) => value === '') } });
}

/**
 * Rewrites a field while it is typed in, with the caret behind the same digit as before.
 * @param {HTMLInputElement} field @param {(text: string, isDeleting: boolean) => string} write
 */
function writeWhileTyping(field, write) {
  field.addEventListener('input', (event) => {
    const isDeleting = /** @type {InputEvent} */ (event).inputType?.startsWith('delete') ?? false;
    const atEnd = (field.selectionStart ?? 0) >= field.value.length;
    const digitsBefore = digitsOf(field.value.slice(0, field.selectionStart ?? 0)).length;
    field.value = write(field.value, isDeleting);
    if (atEnd) return;
    let at = 0;
    for (let seen = 0; at < field.value.length && seen < digitsBefore; at += 1) {
      if (/\d/.test(field.value[at] ?? '')) seen += 1;
    }
    field.setSelectionRange(at, at);
  });
}

/** A mistake is shown when the field is left, and goes away as soon as it is mended. @param {Field} field */
function watch(field) {
  field.input.addEventListener('input', () => {
    const mistake = field.mistake();
    const isWhole = mistake?.code.startsWith('invalid') === true;
    if (mistake === undefined || isWhole) show(field, mistake);
    tellChange();
  });
  field.input.addEventListener('blur', () => {
    if (field.input.value !== '') show(field, field.mistake());
  });
}

function showBrand() {
  const brand = brandOf(number.value);
  element('brand').textContent = brand.name;
  code.placeholder = brand.cvc === 4 ? '4 digits' : 'CVC';
  code.maxLength = brand.cvc;
}

function showCountry() {
  const isUs = country.value === 'US';
  element('postal-label').textContent = isUs ? 'ZIP code' : 'Postal code';
  postal.inputMode = isUs ? 'numeric' : 'text';
  postal.placeholder = isUs ? '12345' : '';
  if (postal.value !== '') show(fields.postal, postalMistake());
}

/** @param {string} value @param {string} name */
function optionOf(value, name) {
  const option = document.createElement('option');
  option.value = value;
  option.textContent = name;
  return option;
}

/** @param {any} settings */
function apply({ appearance, options, background }) {
  applyAppearance(appearance);
  document.body.style.backgroundColor = typeof background === 'string' ? background : '';
  const chosen = country.value;
  country.replaceChildren(...countries().map(([value, name]) => optionOf(value, name)));
  const known = options?.defaultValues?.billingDetails?.address;
  country.value = chosen || known?.country || 'US';
  if (postal.value === '' && typeof known?.postal_code === 'string') postal.value = known.postal_code;
  const asked = options?.fields?.billingDetails;
  const address = typeof asked === 'string' ? asked : asked?.address;
  element('country-field').hidden = (typeof address === 'string' ? address : address?.country) === 'never';
  element('postal-field').hidden = (typeof address === 'string' ? address : address?.postalCode) === 'never';
  showCountry();
}

/** Shows every mistake and answers the first. */
function validate() {
  let first;
  for (const field of Object.values(fields)) {
    const mistake = field.mistake();
    show(field, mistake);
    if (mistake === undefined || first !== undefined) continue;
    first = { type: 'validation_error', ...mistake };
    field.input.focus();
  }
  return { error: first };
}

/** @param {string} prefix @param {unknown} value @param {URLSearchParams} into */
function encode(prefix, value, into) {
  if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) encode(prefix === '' ? name : `${prefix}[${name}]`, item, into);
  } else if (value !== undefined && value !== null) into.append(prefix, String(value));
  return into;
}

/** @param {any} params What the page adds: a return address, billing details that the form did not ask for. */
async function makeToken(params) {
  const { month, year } = readExpiry(expiry.value);
  const given = params?.payment_method_data?.billing_details ?? {};
  const typed = {
    ...(element('country-field').hidden ? {} : { country: country.value }),
    ...(element('postal-field').hidden ? {} : { postal_code: postal.value.trim() }),
  };
  const body = encode(
    '',
    {
      payment_method_data: {
        type: 'card',
        card: { number: digitsOf(number.value), exp_month: month, exp_year: year, cvc: code.value },
        billing_details: { ...given, address: { ...typed, ...given.address } },
      },
      return_url: params?.return_url,
    },
    new URLSearchParams(),
  );
  try {
    const headers = { authorization: `Bearer ${key}`, ...(account === '' ? {} : { 'stripe-account': account }) };
    const response = await fetch('/v1/confirmation_tokens', { method: 'POST', headers, body });
    const answer = await response.json();
    if (response.ok) return { confirmationToken: answer };
    showRefusal(answer.error);
    return { error: answer.error };
  } catch {
    return { error: { type: 'api_connection_error', message: 'The card processor could not be reached.' } };
  }
}

/** @param {{ code: string, message: string, param?: string }} refusal */
function showRefusal({ param, code: reason, message }) {
  const field = { exp_month: fields.expiry, exp_year: fields.expiry, cvc: fields.code }[param ?? ''] ?? fields.number;
  show(field, { code: reason, message });
}

/** @param {any} message */
async function carryOut(message) {
  if (message.type === 'update') apply(message);
  if (message.type === 'focus') number.focus();
  if (message.type === 'blur') /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
  if (message.type === 'clear') for (const field of Object.values(fields)) clear(field);
  if (message.type === 'validate') tell({ type: 'reply', request: message.request, result: validate() });
  if (message.type === 'token') {
    tell({ type: 'reply', request: message.request, result: await makeToken(message.params) });
  }
}

/** @param {Field} field */
function clear(field) {
  field.input.value = '';
  show(field, undefined);
  showBrand();
}

window.addEventListener('message', (event) => {
  if (event.source !== window.parent) return;
  if (pageOrigin === undefined && event.data?.type === 'init') {
    pageOrigin = event.origin;
    key = String(event.data.key);
    account = String(event.data.account ?? '');
    apply(event.data);
    new ResizeObserver(() => tell({ type: 'height', height: element('card').offsetHeight })).observe(element('card'));
    tell({ type: 'height', height: element('card').offsetHeight });
    tell({ type: 'ready' });
    return;
  }
  if (event.origin === pageOrigin) void carryOut(event.data);
});

writeWhileTyping(number, writeNumber);
writeWhileTyping(expiry, writeExpiry);
writeWhileTyping(code, digitsOf);
for (const field of Object.values(fields)) watch(field);
number.addEventListener('input', showBrand);
country.addEventListener('change', () => {
  showCountry();
  tellChange();
});
element('card').addEventListener('submit', (event) => event.preventDefault());
window.addEventListener('focus', () => tell({ type: 'focus' }));
window.addEventListener('blur', () => tell({ type: 'blur' }));
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') tell({ type: 'escape' });
});
showBrand();
window.parent.postMessage({ type: 'hello' }, '*');
