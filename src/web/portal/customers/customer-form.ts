/** The form of a customer's details. */
import type { Request } from 'express';
import type { CustomerView } from '../../../application/customer/customer-view.js';
import type { UpdateCustomerInput } from '../../../application/customer/update-customer.js';
import { customerChanges } from '../../api/schemas/customers.js';
import {
  fieldViews,
  mistakesIn,
  readTyped,
  type FieldLook,
  type FieldView,
  type Mistakes,
  type Typed,
} from '../branch-information/form-fields.js';

export interface CustomerFormView {
  readonly fields: readonly FieldView[];
  readonly timeZones: readonly string[];
  readonly locales: readonly { readonly value: string; readonly word: string }[];
}

const NAMES = ['name', 'email', 'phone', 'address', 'locale', 'timeZone'];

const LOCALES: readonly string[] = ['en-US', 'en-GB', 'en-CA', 'es-US', 'es-MX', 'es-ES', 'fr-CA', 'fr-FR'];

function looks({ branch }: CustomerView): readonly FieldLook[] {
  return [
    { name: 'name', label: 'Name', required: true, max: 200 },
    { name: 'email', label: 'Email address', type: 'email', max: 254, hint: 'Links and PDFs go here.' },
    {
      name: 'phone',
      label: 'Telephone',
      type: 'tel',
      max: 40,
      hint: 'With + and the country code if it is from abroad.',
    },
    {
      ...{ name: 'locale', label: 'Language and formats', list: 'locales', max: 35 },
      hint: `Of messages, pay page and PDF. Empty: as the branch, ${branch.locale}.`,
    },
    {
      ...{ name: 'timeZone', label: 'Time zone', list: 'time-zones', max: 64 },
      hint: `Texts that can wait are not sent at night there. Empty: as the branch, ${branch.timeZone}.`,
    },
    { name: 'address', label: 'Postal address', type: 'textarea', rows: 3, max: 620, hint: 'Up to six lines.' },
  ];
}

export function customerFormView(customer: CustomerView, typed: Typed, mistakes: Mistakes): CustomerFormView {
  return {
    fields: Object.values(fieldViews(looks(customer), typed, mistakes)),
    timeZones: Intl.supportedValuesOf('timeZone'),
    locales: LOCALES.map((value) => ({ value, word: languageWords(value) })),
  };
}

/** What the form shows of a customer as they are. */
export function typedOf({ details, locale = '', timeZone = '' }: CustomerView): Typed {
  const { name, email = '', phone = '', address = [] } = details;
  return { name, email, phone, locale, timeZone, address: address.join('\n') };
}

export function readCustomer(request: Request): Typed {
  return readTyped(request, NAMES);
}

/** What was typed as a change: an empty field takes away what was there. */
export function changesIn(
  typed: Typed,
): { readonly value: Pick<UpdateCustomerInput, 'changes' | 'locale' | 'timeZone'> } | { readonly mistakes: Mistakes } {
  const entries = NAMES.map((name): [string, unknown] => {
    const text = (typed[name] ?? '').trim();
    if (text === '') return [name, name === 'name' ? '' : null];
    return [name, name === 'address' ? linesOf(text) : text];
  });
  const read = customerChanges.safeParse(Object.fromEntries(entries));
  if (!read.success) return { mistakes: mistakesIn(read.error) };
  const { name, email, phone, address, locale, timeZone } = read.data;
  const changes = { name: name!, email: email ?? null, phone: phone ?? null, address: address ?? null };
  return { value: { changes, locale: locale ?? null, timeZone: timeZone ?? null } };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** `fr-CA` is French, Canada. */
function languageWords(tag: string): string {
  const { language, region } = new Intl.Locale(tag);
  const named = (type: 'language' | 'region', code: string) => new Intl.DisplayNames(['en'], { type }).of(code) ?? code;
  return region === undefined
    ? named('language', language)
    : `${named('language', language)}, ${named('region', region)}`;
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  name: 'Name',
  email: 'Email address',
  phone: 'Telephone',
  locale: 'Language and formats',
  timeZone: 'Time zone',
  address: 'Postal address',
};

/** Where what stands there by now differs from what was typed: somebody else was faster. */
export function conflictView(
  customer: CustomerView,
  typed: Typed,
): readonly { field: string; is: string; typed: string }[] {
  const present = typedOf(customer);
  return NAMES.filter((name) => present[name] !== (typed[name] ?? '').trim()).map((name) => ({
    field: FIELD_WORDS[name]!,
    is: present[name] || '(nothing)',
    typed: typed[name]?.trim() || '(nothing)',
  }));
}
