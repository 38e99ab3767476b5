/** The columns of an imported table, and how its cells become the body of an invoice. */
import { parse } from 'csv-parse/sync';
import { currencyDigits, isCurrency } from '../../../domain/money.js';

/** Columns of the invoice: on its first row; on the rows of its further lines empty or the same. */
export const INVOICE_COLUMNS = [
  'number',
  'branch_id',
  'external_id',
  'issued_on',
  'due_on',
  'currency',
  'customer_name',
  'customer_email',
  'customer_phone',
  'customer_external_id',
  'customer_locale',
  'tax',
  'expected_total',
] as const;
/** Columns of one line of an invoice. */
const LINE_COLUMNS = ['description', 'quantity', 'unit_price', 'amount'] as const;

export const COLUMNS = [...INVOICE_COLUMNS, ...LINE_COLUMNS] as const;
export type Column = (typeof COLUMNS)[number];
export type Cells = Readonly<Partial<Record<Column, string>>>;

const NEEDED: readonly Column[] = ['number', 'issued_on', 'due_on', 'currency', 'description'];

/** Where the fields of the body come from: a complaint about one names its column. */
const FIELDS: Readonly<Record<string, Column>> = {
  branchId: 'branch_id',
  number: 'number',
  externalId: 'external_id',
  issuedOn: 'issued_on',
  dueOn: 'due_on',
  currency: 'currency',
  customer: 'customer_name',
  'customer.name': 'customer_name',
  'customer.email': 'customer_email',
  'customer.phone': 'customer_phone',
  'customer.externalId': 'customer_external_id',
  'customer.locale': 'customer_locale',
  tax: 'tax',
  expectedTotal: 'expected_total',
  description: 'description',
  quantity: 'quantity',
  unitPrice: 'unit_price',
  amount: 'amount',
};

export interface Header {
  readonly delimiter: ',' | ';' | '\t';
  readonly columns: readonly Column[];
}

export interface HeaderProblem {
  readonly path: string;
  readonly message: string;
}

/** The first line of a file: which columns it has, and what stands between them. */
export function readHeader(text: string): Header | { readonly problems: readonly HeaderProblem[] } {
  const delimiter = [',', ';', '\t'].sort((one, other) => text.split(other).length - text.split(one).length)[0] as ',';
  const names = (cellsOf(text, delimiter) ?? []).map((name) => name.trim().toLowerCase());
  const problems: HeaderProblem[] = [];
  for (const [index, name] of names.entries()) {
    const path = name.slice(0, 60);
    if (!(COLUMNS as readonly string[]).includes(name)) {
      problems.push({ path, message: `is no column that is known here: there are ${COLUMNS.join(', ')}` });
    } else if (names.indexOf(name) !== index) problems.push({ path, message: 'is there twice' });
  }
  for (const column of NEEDED) {
    if (!names.includes(column))
      problems.push({ path: column, message: 'is a column that is missing from the first line' });
  }
  if (!names.includes('unit_price') && !names.includes('amount')) {
    problems.push({ path: 'unit_price', message: 'or "amount" is a column that is missing from the first line' });
  }
  return problems.length > 0 ? { problems } : { delimiter, columns: names as Column[] };
}

/** The cells of one line; undefined where its quotation marks do not match. A cell has no line breaks: no field takes one. */
export function cellsOf(text: string, delimiter: string): readonly string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter);
  try {
    const [cells]: readonly string[][] = parse(text, { delimiter, relax_column_count: true });
    return cells ?? [''];
  } catch {
    return undefined;
  }
}

/** What can be made out of a cell of a line that cannot be read. */
export function cellInBrokenLine(text: string, { delimiter, columns }: Header, column: Column): string | undefined {
  const index = columns.indexOf(column);
  return index < 0 ? undefined : text.split(delimiter)[index]?.replaceAll('"', '').trim() || undefined;
}

/** The column that a field of the body comes from, by the field's path; and, of a field of a line, which of them. */
export function columnOf(path: string): { readonly field: string; readonly lineIndex: number | undefined } {
  const ofLine = /^lines\.(\d+)(?:\.(.+))?$/.exec(path);
  const name = ofLine ? (ofLine[2] ?? 'description') : path;
  return { field: FIELDS[name] ?? name, lineIndex: ofLine ? Number(ofLine[1]) : undefined };
}

/** `1,234.50` is refused: what the comma means depends on where one is. */
const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,4}))?$/;

/**
 * A decimal of a currency in minor units: `405.94` USD is 40594. What is no such decimal stays as it is. Of a currency that is
 * none every number is 0: it is the currency that is refused then.
 */
export function minorUnitsOf(cell: string, currency: string): number | string {
  const match = DECIMAL.exec(cell);
  if (!isCurrency(currency)) return 0;
  if (!match) return cell;
  const digits = currencyDigits(currency);
  const [, sign, whole, fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(digits))) return cell;
  return Number(`${sign}${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
}
