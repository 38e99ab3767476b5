/** Reads invoices that stand one a line, each as the body of `POST /invoices`. */
import type { InvoiceRow } from '../../../application/import/invoice-rows.js';
import { checkInvoice } from './check-invoice.js';
import { textLines } from './text-lines.js';

/** As long as the body of one request. */
const LONGEST_LINE = 1_000_000;

export async function* ndjsonInvoices(
  chunks: AsyncIterable<Buffer>,
  branchId: string | undefined,
): AsyncGenerator<InvoiceRow> {
  for await (const { line, text } of textLines(chunks, LONGEST_LINE)) {
    if (text?.trim() !== '') yield toInvoice(line, text, branchId);
  }
}

function toInvoice(line: number, text: string | undefined, branchId: string | undefined): InvoiceRow {
  const refused = (reason: string): InvoiceRow => ({
    line,
    lastLine: line,
    number: undefined,
    problems: [{ line, field: '', code: 'malformed_row', reason }],
  });
  if (text === undefined) return refused(`is longer than ${LONGEST_LINE} characters`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return refused('is not JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refused('is not a JSON object');
  const { number } = body as { number?: unknown };
  const shared = { line, lastLine: line, number: typeof number === 'string' ? number.slice(0, 60) : undefined };
  const checked = checkInvoice(branchId === undefined ? body : { branchId, ...body }, (field) => ({ field, line }));
  return 'input' in checked ? { ...shared, input: checked.input } : { ...shared, problems: checked.problems };
}
