/** Which invoices a bulk sending is for, as the address of its page says it: ids that were ticked, or the filter of the list. */
import { z } from 'zod';
import type { Selection } from '../../../application/bulk/invoice-selection.js';
import { HttpProblem } from '../../http-problem.js';
import { invoiceQuery } from '../../api/schemas/lists.js';
import { id } from '../../api/schemas/values.js';

/** As many as an address holds. Whoever wants more says it by a filter. */
const MAX_IDS = 400;

const FILTERS = invoiceQuery.pick({
  q: true,
  branchId: true,
  status: true,
  from: true,
  to: true,
  customerId: true,
}).shape;
type FilterName = keyof typeof FILTERS;

const ticked = z.array(id).max(MAX_IDS);

export interface BulkChoice {
  readonly selection: Selection;
  readonly channel: 'email' | 'sms';
  /** The same choice as fields of a form. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Undefined where nothing was chosen at all.
 * @param given the query of the address, or the body of the form
 * @throws HttpProblem for what no page of this portal says
 */
export function bulkChoice(given: Readonly<Record<string, unknown>>): BulkChoice | undefined {
  const channel = given['channel'] === 'sms' ? 'sms' : 'email';
  const ids = [given['ids'] ?? []].flat();
  if (ids.length > 0) {
    const read = ticked.safeParse(ids);
    if (!read.success) throw malformed();
    const invoiceIds = [...new Set(read.data)];
    return { selection: { invoiceIds }, channel, fields: invoiceIds.map((value) => ({ name: 'ids', value })) };
  }
  if (given['all'] !== '1') return undefined;
  const filter: Partial<Record<FilterName, string>> = {};
  for (const name of Object.keys(FILTERS) as FilterName[]) {
    const value = given[name];
    if (value === undefined || value === '') continue;
    const read = FILTERS[name].safeParse(value);
    if (!read.success || read.data === undefined) throw malformed();
    filter[name] = read.data;
  }
  const fields = Object.entries({ all: '1', ...filter }).map(([name, value]) => ({ name, value }));
  return { selection: { filter }, channel, fields };
}

export function choiceHref({ fields }: BulkChoice, channel: 'email' | 'sms'): string {
  const query = new URLSearchParams(fields.map(({ name, value }): [string, string] => [name, value]));
  query.set('channel', channel);
  return `/staff/bulk?${query.toString()}`;
}

function malformed(): HttpProblem {
  return new HttpProblem('malformed_request', { detail: 'The address does not say which invoices are meant.' });
}
