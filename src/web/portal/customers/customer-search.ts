/** What the address of *Customers* asks for. */
import { z } from 'zod';
import { given } from '../../api/given.js';
import { id, searchText } from '../../api/schemas/values.js';

export interface CustomerSearch {
  readonly q?: string;
  readonly branchId?: string;
  readonly cursor?: string;
}

export interface ParsedCustomerSearch {
  /** What could be read; a field that was left empty is none. */
  readonly search: CustomerSearch;
  /** What is wrong with the words that are looked for, and how to mend it. */
  readonly mistake: string | undefined;
  /** The position of what staff have just written, so that the list that follows shows it. */
  readonly after: string | undefined;
}

const cursor = z.string().max(1000);

export function parseCustomerSearch(query: Readonly<Record<string, unknown>>): ParsedCustomerSearch {
  const text = (name: string) => {
    const value = query[name];
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  };
  const q = searchText(200).optional().safeParse(text('q'));
  const after = text('after');
  return {
    search: given({
      q: q.data,
      branchId: id.safeParse(text('branchId')).data,
      cursor: cursor.safeParse(text('cursor')).data,
    }),
    mistake: q.success ? undefined : `It ${q.error.issues[0]?.message ?? 'cannot be used'}.`,
    after: after !== undefined && /^\d{1,18}$/.test(after) ? after : undefined,
  };
}

/** The address of the list with these filters. */
export function customersHref(search: CustomerSearch): string {
  const query = new URLSearchParams(Object.entries(search));
  return query.size === 0 ? '/staff/customers' : `/staff/customers?${query.toString()}`;
}
