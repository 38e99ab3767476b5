/** What the address of *Find invoice* asks for. */
import { z } from 'zod';
import { INVOICE_STATUSES } from '../../api/schemas/lists.js';
import { id, plainDate, searchText } from '../../api/schemas/values.js';

const SEARCH = {
  q: searchText(200),
  status: z.enum([...INVOICE_STATUSES, 'overdue'], { error: 'must be a status from the list' }),
  from: plainDate,
  to: plainDate,
  branchId: id,
  customerId: id,
  cursor: z.string().max(1000),
};

type FieldName = keyof typeof SEARCH;

/** The filters that could be read; a field that was left empty is none. */
export type InvoiceSearch = { readonly [Name in FieldName]?: string };

export interface ParsedSearch {
  readonly search: InvoiceSearch;
  /** By field, what is wrong with it and how to mend it. The filter is then left out. */
  readonly mistakes: Readonly<Partial<Record<FieldName, string>>>;
}

export function parseSearch(query: Readonly<Record<string, unknown>>): ParsedSearch {
  const search: Partial<Record<FieldName, string>> = {};
  const mistakes: Partial<Record<FieldName, string>> = {};
  for (const name of Object.keys(SEARCH) as FieldName[]) {
    const value = query[name];
    if (value === undefined || value === '' || (typeof value === 'string' && value.trim() === '')) continue;
    const read = SEARCH[name].safeParse(value);
    if (read.success) search[name] = read.data;
    else mistakes[name] = `It ${read.error.issues[0]?.message ?? 'cannot be used'}.`;
  }
  if (search.from !== undefined && search.to !== undefined && search.from > search.to) {
    mistakes.to = 'It lies before the first day, so no invoice can match.';
  }
  return { search, mistakes };
}

/** The address of the list with these filters. */
export function searchHref(search: InvoiceSearch): string {
  const query = new URLSearchParams(Object.entries(search).filter(([, value]) => value !== ''));
  return query.size === 0 ? '/staff/invoices' : `/staff/invoices?${query.toString()}`;
}
