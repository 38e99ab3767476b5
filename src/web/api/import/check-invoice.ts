/** Checks one invoice of a file by the schema of `POST /invoices`. */
import type { InvoiceInput } from '../../../application/invoice/invoice-registration.js';
import { issuesOf } from '../schema-pipe.js';
import { newInvoice } from '../schemas/invoices.js';

export interface RowProblem {
  readonly line: number;
  readonly field: string;
  readonly code: string;
  readonly reason: string | undefined;
}

/** More is not said of one invoice. */
export const MAX_PROBLEMS = 20;

/** @param placeOf where in the file the value at a path of the body stands */
export function checkInvoice(
  body: unknown,
  placeOf: (path: string) => { readonly field: string; readonly line: number },
): { readonly input: InvoiceInput } | { readonly problems: readonly RowProblem[] } {
  const result = newInvoice.safeParse(body);
  if (result.success) return { input: result.data };
  const problems = issuesOf(result.error).map(({ path, message }) => ({
    ...placeOf(path),
    code: 'malformed_row',
    reason: message,
  }));
  return { problems: problems.slice(0, MAX_PROBLEMS) };
}
