import { z } from 'zod';
import { id, plainDate, instant, searchText } from './values.js';

const MAX_POSITION = 2n ** 63n - 1n;

export const ledgerPosition = z
  .string()
  .refine(isPosition, { error: 'must be a Ledger-Position that a write answered' })
  .optional()
  .describe('Ledger-Position of a write: the list waits until it shows it');

/** What lists take that are served from read models. */
export const page = {
  limit: z.coerce
    .number<string>({ error: 'must be a whole number from 1 to 200' })
    .int({ error: 'must be a whole number from 1 to 200' })
    .min(1, { error: 'must be a whole number from 1 to 200' })
    .max(200, { error: 'must be a whole number from 1 to 200' })
    .default(50),
  cursor: z.string().min(1).max(1000).optional().describe('"next" of the page before'),
  after: ledgerPosition,
};

function isPosition(text: string): boolean {
  return /^\d{1,19}$/.test(text) && BigInt(text) <= MAX_POSITION;
}

/** The end of a list is `null`. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return { items: z.array(item), next: z.string().nullable().describe('Cursor of the next page') };
}

export const INVOICE_STATUSES = ['open', 'partially_paid', 'paid', 'partially_refunded', 'refunded', 'void'] as const;
export const PAYMENT_STATUSES = ['captured', 'recorded', 'reversed', 'partially_refunded', 'refunded'] as const;
export const PAYMENT_METHODS = ['card', 'cash', 'check', 'transfer', 'other'] as const;

export const invoiceQuery = z.strictObject({
  q: searchText(200).optional().describe('In number, customer, email, telephone or amount'),
  branchId: id.optional(),
  status: z.enum([...INVOICE_STATUSES, 'overdue']).optional(),
  from: plainDate.optional().describe('Date of issue, inclusive'),
  to: plainDate.optional().describe('Date of issue, inclusive'),
  number: searchText(60).optional(),
  externalId: searchText(100).optional(),
  customerId: id.optional(),
  ...page,
});

const dateOrInstant = z.union([plainDate, instant], {
  error: 'must be a date like 2026-11-20 or an RFC 3339 instant like 2026-11-20T14:30:00Z',
});

const paymentFilter = {
  from: dateOrInstant.optional().describe('A date in the zone of each branch, inclusive, or an instant, inclusive'),
  to: dateOrInstant.optional().describe('A date in the zone of each branch, inclusive, or an instant, exclusive'),
  branchId: id.optional(),
  status: z.enum(PAYMENT_STATUSES).optional(),
  method: z.enum(PAYMENT_METHODS).optional(),
  q: searchText(200).optional().describe('In invoice number, customer, reference, receipt number or last four digits'),
  asOf: dateOrInstant
    .optional()
    .describe('The list as it stood at an instant, or at the end of a date in the zone of each branch'),
};

export const paymentQuery = z.strictObject({ ...paymentFilter, ...page });
export const paymentSummaryQuery = z.strictObject({ ...paymentFilter, after: page.after });

export const branchQuery = z.strictObject(page);

/** Of a list that is no read model: what was just done is in it at once. */
export const pageQuery = z.strictObject({ limit: page.limit, cursor: page.cursor });
