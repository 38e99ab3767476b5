/** What the address of *Payment history* asks for. */
import { z } from 'zod';
import { PAYMENT_METHODS, PAYMENT_STATUSES } from '../../api/schemas/lists.js';
import { id, plainDate, searchText } from '../../api/schemas/values.js';

const SEARCH = {
  q: searchText(200),
  from: plainDate,
  to: plainDate,
  status: z.enum(PAYMENT_STATUSES, { error: 'must be a status from the list' }),
  method: z.enum(PAYMENT_METHODS, { error: 'must be a way to pay from the list' }),
  asOf: plainDate,
  branchId: id,
  cursor: z.string().max(1000),
};

type FieldName = keyof typeof SEARCH;

/** The filters that could be read; a field that was left empty is none. */
export type PaymentSearch = { readonly [Name in FieldName]?: string };

export interface ParsedPaymentSearch {
  readonly search: PaymentSearch;
  /** By field, what is wrong with it and how to mend it. The filter is then left out. */
  readonly mistakes: Readonly<Partial<Record<FieldName, string>>>;
}

export function parsePaymentSearch(query: Readonly<Record<string, unknown>>): ParsedPaymentSearch {
  const search: Partial<Record<FieldName, string>> = {};
  const mistakes: Partial<Record<FieldName, string>> = {};
  for (const name of Object.keys(SEARCH) as FieldName[]) {
    const value = query[name];
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) continue;
    const read = SEARCH[name].safeParse(value);
    if (read.success) search[name] = read.data;
    else mistakes[name] = `It ${read.error.issues[0]?.message ?? 'cannot be used'}.`;
  }
  if (search.from !== undefined && search.to !== undefined && search.from > search.to) {
    mistakes.to = 'It lies before the first day, so no payment can match.';
  }
  return { search, mistakes };
}

/** An address below `/staff/payments` with these filters. */
export function paymentsHref(search: PaymentSearch, path = '/staff/payments'): string {
  const query = new URLSearchParams(Object.entries(search).filter(([, value]) => value !== ''));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
