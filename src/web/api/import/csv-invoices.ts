/** Reads a table of invoices: one row a line of an invoice, rows that follow each other with one number are one invoice. */
import type { InvoiceRow } from '../../../application/import/invoice-rows.js';
import { checkInvoice, MAX_PROBLEMS, type RowProblem } from './check-invoice.js';
import {
  cellInBrokenLine,
  cellsOf,
  columnOf,
  INVOICE_COLUMNS,
  minorUnitsOf,
  readHeader,
  type Cells,
  type Header,
} from './csv-columns.js';
import { textLines } from './text-lines.js';

/** Longer than the longest cells together. */
const LONGEST_LINE = 16_000;
/** One more than an invoice may have lines: the schema then says so, and no more of them need be kept. */
const MAX_ROWS_OF_INVOICE = 1_001;

const MONEY_COLUMNS: readonly string[] = ['unit_price', 'amount', 'tax', 'expected_total'];

interface TableRow {
  readonly line: number;
  readonly number: string | undefined;
  readonly branchId: string | undefined;
  readonly content: Cells | { readonly problem: string };
}

interface Group {
  readonly rows: TableRow[];
  lastLine: number;
}

export async function* csvInvoices(
  chunks: AsyncIterable<Buffer>,
  branchId: string | undefined,
): AsyncGenerator<InvoiceRow> {
  let header: Header | undefined;
  let group: Group | undefined;
  for await (const { line, text } of textLines(chunks, LONGEST_LINE)) {
    if (!header) {
      const read = readHeader(text ?? '');
      // Looked at when the file was taken on.
      if ('problems' in read) return;
      header = read;
      continue;
    }
    if (text !== undefined && text.trim() === '') continue;
    const row = toRow(line, text, header, branchId);
    if (group && belongs(row, group.rows[0]!)) {
      if (group.rows.length < MAX_ROWS_OF_INVOICE) group.rows.push(row);
      group.lastLine = line;
      continue;
    }
    if (group) yield toInvoice(group);
    group = { rows: [row], lastLine: line };
  }
  if (group) yield toInvoice(group);
}

function toRow(line: number, text: string | undefined, header: Header, branchId: string | undefined): TableRow {
  if (text === undefined) {
    const content = { problem: `is longer than ${LONGEST_LINE} characters` };
    return { line, number: undefined, branchId, content };
  }
  const cells = cellsOf(text, header.delimiter);
  if (!cells || cells.length !== header.columns.length) {
    const problem = cells
      ? `has ${cells.length} cells, and the first line ${header.columns.length}`
      : 'has a quotation mark that is not closed on this line, or one in the middle of a cell';
    const content = { problem };
    // What stands in it belongs to an invoice, which must not be registered without it.
    const branch = cellInBrokenLine(text, header, 'branch_id') ?? branchId;
    return { line, number: cellInBrokenLine(text, header, 'number'), branchId: branch, content };
  }
  const named = header.columns.map((column, index) => [column, cells[index]!.trim()] as const);
  const content: Cells = Object.fromEntries(named.filter(([, cell]) => cell !== ''));
  return { line, number: content.number, branchId: content.branch_id ?? branchId, content };
}

function belongs(row: TableRow, first: TableRow): boolean {
  return row.number !== undefined && row.number === first.number && row.branchId === first.branchId;
}

function toInvoice({ rows, lastLine }: Group): InvoiceRow {
  const { line, number, branchId } = rows[0]!;
  const shared = { line, lastLine, number: number?.slice(0, 60) };
  const broken = complaintsIn(rows);
  if (broken.length > 0) return { ...shared, problems: broken };
  const all = rows.map(({ content }) => content as Cells);
  const checked = checkInvoice(toBody(all, branchId), (path) => {
    const { field, lineIndex } = columnOf(path);
    return { field, line: rows[lineIndex ?? 0]?.line ?? line };
  });
  if ('input' in checked) return { ...shared, input: checked.input };
  return { ...shared, problems: checked.problems.map(inWordsOfTables) };
}

/** The body has integers of minor units; whoever writes a table knows nothing of them. */
function inWordsOfTables(problem: RowProblem): RowProblem {
  const isAmount = MONEY_COLUMNS.includes(problem.field) && problem.reason?.includes('minor units');
  return isAmount ? { ...problem, reason: 'must be a decimal of the currency, like 125.00' } : problem;
}

/** As many as are said of one invoice: a thousand rows with a dozen mistakes each would fill the memory with complaints. */
function complaintsIn(rows: readonly TableRow[]): readonly RowProblem[] {
  const found: RowProblem[] = [];
  for (const row of rows) {
    found.push(...complaintsOf(row, rows[0]!));
    if (found.length >= MAX_PROBLEMS) break;
  }
  return found.slice(0, MAX_PROBLEMS);
}

function complaintsOf({ line, content }: TableRow, first: TableRow): readonly RowProblem[] {
  const complaint = (field: string, reason: string): RowProblem => ({ line, field, code: 'malformed_row', reason });
  if ('problem' in content) return [complaint('', content.problem)];
  if ('problem' in first.content) return [];
  const head = first.content;
  return INVOICE_COLUMNS.filter((column) => content[column] !== undefined && content[column] !== head[column]).map(
    (column) => complaint(column, `must be empty or the same as on line ${first.line}, where the invoice begins`),
  );
}

function toBody(rows: readonly Cells[], branchId: string | undefined): object {
  const head = rows[0]!;
  const currency = head.currency ?? '';
  const money = (cell: string | undefined) => (cell === undefined ? undefined : minorUnitsOf(cell, currency));
  return given({
    branchId,
    number: head.number,
    externalId: head.external_id,
    issuedOn: head.issued_on,
    dueOn: head.due_on,
    currency: head.currency,
    customer: given({
      name: head.customer_name,
      email: head.customer_email,
      phone: head.customer_phone,
      externalId: head.customer_external_id,
      locale: head.customer_locale,
    }),
    lines: rows.map((row) =>
      given({
        description: row.description,
        quantity: row.quantity,
        unitPrice: money(row.unit_price),
        amount: money(row.amount),
      }),
    ),
    tax: money(head.tax),
    expectedTotal: money(head.expected_total),
  });
}

function given(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
