/** The lines of an invoice as a table that runs over as many pages as it needs. */
import type { InvoiceDocument } from '../../application/documents.js';
import { wordsFor } from '../../application/words/words.js';
import type { InvoiceLine } from '../../domain/invoice/events.js';
import { look } from '../look/tokens.js';
import { BODY, printableMoney, QUIET } from './letterhead.js';
import { points, type Sheet, type StructureContent, type StructureElement, type TextStyle } from './sheet.js';

const HEADING: TextStyle = { ...QUIET, weight: 'semibold' };
const GAP = points(look.space[4]!);
const PADDING = points(look.space[1]!);

interface Quantity {
  readonly text: string;
  /** Its decimal sign and what follows. */
  readonly fraction: string;
}

interface Row {
  readonly description: readonly string[];
  readonly quantity: Quantity;
  readonly unitPrice: string;
  readonly amount: string;
}

interface Columns {
  /** Of description, quantity, unit price and amount. */
  readonly headings: readonly [string, string, string, string];
  readonly descriptionWidth: number;
  /** Right edges of quantity, unit price and amount. */
  readonly edges: readonly [number, number, number];
  /** How far the longest fraction of a quantity reaches beyond the decimal sign. */
  readonly fraction: number;
}

/**
 * Draws all lines, repeating the headings on each page. `tail` is the height of what must stand on one page with the last
 * line, so that totals are never alone; `onNewPage` draws what heads a further page.
 */
export function drawLines(sheet: Sheet, invoice: InvoiceDocument, tail: number, onNewPage: () => void): void {
  const numbers = invoice.lines.map((line) => numbersOf(line, invoice));
  const columns = measure(sheet, numbers, invoice.locale);
  const head = sheet.element('THead', [drawHeadings(sheet, columns)]);
  const body: StructureElement[] = [];
  const turnPage = () => {
    sheet.addPage();
    onNewPage();
    sheet.artifact('Pagination', () => columns.headings.forEach((_, index) => drawHeading(sheet, columns, index)));
    finishHeadings(sheet);
  };

  invoice.lines.forEach((line, index) => {
    const description = sheet.wrap(line.description, columns.descriptionWidth, BODY);
    const isLast = index === invoice.lines.length - 1;
    const height = description.length * sheet.lineHeight(BODY.size) + PADDING * 2 + (isLast ? tail : 0);
    // A line that is itself longer than a page is broken inside; every other stays whole.
    if (!sheet.fits(height) && height < (sheet.bottom - sheet.top) * 0.8) {
      turnPage();
    }
    body.push(drawRow(sheet, columns, { description, ...numbers[index]! }, turnPage));
  });
  sheet.add(sheet.element('Table', [head, sheet.element('TBody', body)]));
  if (!sheet.fits(tail)) {
    sheet.addPage();
    onNewPage();
  }
}

function numbersOf(line: InvoiceLine, { currency, locale }: InvoiceDocument): Omit<Row, 'description'> {
  return {
    quantity: quantityOf(line.quantity, locale),
    unitPrice: printableMoney(line.unitPriceMinor, currency, locale),
    amount: printableMoney(line.amountMinor, currency, locale),
  };
}

function quantityOf(decimal: string, locale: string): Quantity {
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 4, numberingSystem: 'latn' });
  const parts = format.formatToParts(decimal as Intl.StringNumericLiteral);
  const textOf = (chosen: typeof parts) => chosen.map(({ value }) => value).join('');
  return {
    text: textOf(parts),
    fraction: textOf(parts.filter(({ type }) => type === 'decimal' || type === 'fraction')),
  };
}

/**
 * Number columns are as wide as their widest entry; the description has the rest. Amounts of one currency have equally many
 * decimals and align at their right edge; quantities do not, and are moved so that they align at the decimal sign.
 */
function measure(sheet: Sheet, rows: readonly Omit<Row, 'description'>[], locale: string): Columns {
  const { paper } = wordsFor(locale);
  const headings = [paper.description, paper.quantity, paper.unitPrice, paper.amount] as const;
  const widest = (texts: readonly string[]) => Math.max(0, ...new Set(texts.map((text) => sheet.widthOf(text, BODY))));
  const heading = (index: number) => sheet.widthOf(headings[index]!, HEADING);
  const fraction = widest(rows.map(({ quantity }) => quantity.fraction));
  const whole = widest(
    rows.map(({ quantity }) => quantity.text.slice(0, quantity.text.length - quantity.fraction.length)),
  );
  const amount = Math.max(heading(3), widest(rows.map((row) => row.amount)));
  const unitPrice = Math.max(heading(2), widest(rows.map((row) => row.unitPrice)));
  const quantity = Math.max(heading(1), whole + fraction);
  const unitPriceEdge = sheet.right - amount - GAP;
  const quantityEdge = unitPriceEdge - unitPrice - GAP;
  return {
    headings,
    edges: [quantityEdge, unitPriceEdge, sheet.right],
    descriptionWidth: quantityEdge - quantity - GAP - sheet.left,
    fraction,
  };
}

function drawHeadings(sheet: Sheet, columns: Columns): StructureElement {
  const cells = columns.headings.map((_, index) => {
    const content = sheet.mark('TH', () => drawHeading(sheet, columns, index));
    return sheet.element('TH', [content], { scope: 'Column' });
  });
  finishHeadings(sheet);
  return sheet.element('TR', cells);
}

function drawHeading(sheet: Sheet, columns: Columns, index: number): void {
  const edge = columns.edges[index - 1];
  sheet.line(columns.headings[index]!, edge ?? sheet.left, sheet.y, {
    ...HEADING,
    align: edge === undefined ? 'left' : 'right',
  });
}

function finishHeadings(sheet: Sheet): void {
  sheet.y += sheet.lineHeight(HEADING.size) + PADDING / 2;
  sheet.rule(sheet.y);
}

function drawRow(sheet: Sheet, columns: Columns, row: Row, turnPage: () => void): StructureElement {
  sheet.y += PADDING;
  const parts = [drawPart(sheet, row.description)];
  const shift = columns.fraction - sheet.widthOf(row.quantity.fraction, BODY);
  const top = parts[0]!.top;
  const numbers = [
    drawNumber(sheet, row.quantity.text, columns.edges[0] - shift, top),
    drawNumber(sheet, row.unitPrice, columns.edges[1], top),
    drawNumber(sheet, row.amount, columns.edges[2], top),
  ];
  while (parts.at(-1)!.rest.length > 0) {
    turnPage();
    sheet.y += PADDING;
    parts.push(drawPart(sheet, parts.at(-1)!.rest));
  }
  sheet.y += PADDING;
  sheet.rule(sheet.y);
  const description = sheet.element(
    'TD',
    parts.map(({ content }) => content),
  );
  return sheet.element('TR', [description, ...numbers]);
}

function drawNumber(sheet: Sheet, text: string, edge: number, y: number): StructureElement {
  return sheet.element('TD', [sheet.mark('TD', () => sheet.line(text, edge, y, { ...BODY, align: 'right' }))]);
}

/** Draws as much of a description as the page takes, at least one line of it. */
function drawPart(
  sheet: Sheet,
  lines: readonly string[],
): { content: StructureContent; top: number; rest: readonly string[] } {
  const top = sheet.y;
  const lineHeight = sheet.lineHeight(BODY.size);
  const room = Math.max(1, Math.floor((sheet.bottom - top) / lineHeight));
  const content = sheet.mark('TD', () => {
    lines.slice(0, room).forEach((text, index) => {
      sheet.line(index < lines.length - 1 ? `${text} ` : text, sheet.left, sheet.y, BODY);
      sheet.y += lineHeight;
    });
  });
  return { content, top, rest: lines.slice(room) };
}
