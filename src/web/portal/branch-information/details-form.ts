/** The form of a branch's details. */
import type { Request } from 'express';
import type { z } from 'zod';
import type { BranchView } from '../../../application/branch/branch-view.js';
import type { UpdateBranch } from '../../../application/branch/update-branch.js';
import { branchChanges, newBranch } from '../../api/schemas/branches.js';
import { fieldViews, readAs, readTyped, type FieldLook, type Mistakes, type Read, type Typed } from './form-fields.js';

const LOOKS: readonly FieldLook[] = [
  {
    name: 'name',
    label: 'Name',
    required: true,
    max: 120,
    hint: 'As customers know you; every message begins with it.',
  },
  { name: 'telephone', label: 'Telephone', type: 'tel', max: 40, hint: 'Shown on the pay page and in messages.' },
  {
    ...{ name: 'address', label: 'Address', type: 'textarea', rows: 3, max: 620 },
    hint: 'Up to six lines, as on the invoice.',
  },
  {
    name: 'country',
    label: 'Country',
    required: true,
    max: 2,
    hint: 'Two letters, like US. Decides which fees are allowed.',
  },
  {
    name: 'region',
    label: 'State or region',
    max: 3,
    hint: 'Without its country, like NY. Some states have fee rules.',
  },
  {
    ...{ name: 'timeZone', label: 'Time zone', required: true, list: 'time-zones', max: 64 },
    hint: 'Due dates, reports and expiry go by its clocks.',
  },
  {
    ...{ name: 'locale', label: 'Language and formats', required: true, list: 'locales', max: 35 },
    hint: 'For customers whose own language is not known, like en-US.',
  },
  { name: 'currency', label: 'Currency', required: true, max: 3, hint: 'Three letters, like USD. It never changes.' },
  { name: 'colour', label: 'Colour', max: 7, hint: 'Like #0a5c8f; corrected where it could not be read.' },
  {
    ...{ name: 'otherWaysToPay', label: 'Other ways to pay', type: 'textarea', rows: 3, max: 500 },
    hint: 'Said beside the fee: how to pay without a card, and so without a fee.',
  },
  {
    name: 'privacyUrl',
    label: 'Privacy notice',
    type: 'url',
    max: 500,
    hint: 'An https address, linked on every page.',
  },
  { name: 'termsUrl', label: 'Terms', type: 'url', max: 500, hint: 'An https address, linked on every page.' },
];

const NAMES = LOOKS.map(({ name }) => name);
const OPTIONAL = ['region', 'telephone', 'address', 'otherWaysToPay', 'colour', 'privacyUrl', 'termsUrl'];
/** What browsers send as it was typed, though case says nothing in it. */
const CAPITALS = new Set(['country', 'region', 'currency']);

const LOCALES: readonly { readonly value: string; readonly word: string }[] = [
  { value: 'en-US', word: 'English, United States' },
  { value: 'en-GB', word: 'English, United Kingdom' },
  { value: 'en-CA', word: 'English, Canada' },
  { value: 'es-US', word: 'Spanish, United States' },
  { value: 'es-MX', word: 'Spanish, Mexico' },
  { value: 'es-ES', word: 'Spanish, Spain' },
  { value: 'fr-CA', word: 'French, Canada' },
  { value: 'fr-FR', word: 'French, France' },
];

export const EMPTY_DETAILS: Typed = {
  ...Object.fromEntries(NAMES.map((name) => [name, ''])),
  ...{ country: 'US', timeZone: 'America/New_York', locale: 'en-US', currency: 'USD' },
};

export function typedDetails(details: BranchView['details']): Typed {
  const { address = [], ...rest } = details;
  const text = rest as Readonly<Record<string, string | undefined>>;
  return Object.fromEntries(NAMES.map((name) => [name, name === 'address' ? address.join('\n') : (text[name] ?? '')]));
}

export function readDetails(request: Request): Typed {
  return readTyped(request, NAMES);
}

/** What was typed as the API takes it: an empty field clears what is optional. */
function asBody(typed: Typed, empty: null | undefined): Record<string, unknown> {
  const entries = Object.entries(typed).map(([name, text]): [string, unknown] => {
    const value = CAPITALS.has(name) ? text.trim().toUpperCase() : text.trim();
    if (value === '' && OPTIONAL.includes(name)) return [name, empty];
    return [name, name === 'address' ? linesOf(value) : value];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

type Changes = UpdateBranch['input']['changes'];

export function detailChanges(typed: Typed): Read<Changes> {
  const { currency: _never, ...changeable } = typed;
  return changesIn(asBody(changeable, null));
}

/** What the API takes as changes of a branch. */
export function changesIn(body: object): Read<Changes> {
  // Only the schema's type allows `undefined`: a form's fields are given, or they are not there.
  return readAs(branchChanges.safeParse(body) as z.ZodSafeParseResult<Changes>);
}

export function newDetails(typed: Typed): Read<BranchView['details']> {
  return readAs(newBranch.safeParse(asBody(typed, undefined)) as z.ZodSafeParseResult<BranchView['details']>);
}

/** @param isNew the currency can be chosen once */
export function detailsView(typed: Typed, mistakes: Mistakes, isNew: boolean): object {
  const looks = LOOKS.map((look) => (look.name === 'currency' ? { ...look, readonly: !isNew } : look));
  return {
    fields: fieldViews(looks, typed, mistakes),
    timeZones: Intl.supportedValuesOf('timeZone'),
    locales: LOCALES,
  };
}
