import type { InvoiceDocument } from '../../application/documents.js';
import { wordsFor } from '../../application/words/words.js';
import { look } from '../look/tokens.js';
import { formatPlainDate } from '../messages/dates.js';
import { drawLines } from './invoice-table.js';
import {
  BODY,
  contactLine,
  drawLetterhead,
  drawRight,
  firstPrintable,
  printableMoney,
  QUIET,
  STRONG,
} from './letterhead.js';
import { points, Sheet, type TextStyle } from './sheet.js';

const SPACE = look.space.map(points);
const AMOUNT_DUE: TextStyle = { size: points(look.text[3]!), weight: 'semibold' };
const WAYS_TO_PAY_MAX_LINES = 12;

interface Total {
  readonly label: string;
  readonly text: string;
  readonly style: TextStyle;
}

/** An invoice on paper: who, to whom, what for, how much, until when. */
export async function renderInvoice(invoice: InvoiceDocument): Promise<Buffer> {
  const { language, paper } = wordsFor(invoice.locale);
  const sheet = new Sheet({
    title: paper.invoiceTitle({ number: invoice.number }),
    language,
    country: invoice.branch.country,
    createdAt: new Date(`${invoice.issuedOn}T00:00:00Z`),
  });
  drawLetterhead(sheet, invoice.branch, paper, { title: paper.invoice, below: [invoice.number] });
  drawParties(sheet, invoice);

  const totals = totalsOf(invoice);
  const ways = waysToPay(sheet, invoice);
  drawLines(sheet, invoice, heightOf(sheet, totals) + heightOfWays(sheet, ways), () => drawRunningHead(sheet, invoice));
  drawTotals(sheet, totals);
  if (ways.length > 0) {
    sheet.y += SPACE[4]!;
    sheet.paragraph([paper.waysToPay], sheet.left, STRONG);
    sheet.paragraph(ways, sheet.left, BODY);
  }
  return sheet.finish(contactLine(invoice.branch), (page, pages) => paper.pageOf({ page, pages }));
}

/** The customer at the left; dates and the amount due at the right. */
function drawParties(sheet: Sheet, invoice: InvoiceDocument): void {
  const { paper } = wordsFor(invoice.locale);
  const top = sheet.y;
  const half = sheet.width / 2 - SPACE[3]!;
  sheet.paragraph([paper.billTo], sheet.left, QUIET);
  sheet.paragraph(sheet.wrap(invoice.customer.name, half, STRONG), sheet.left, STRONG);
  const { address = [], email } = invoice.customer;
  const reach = [...address, ...(email === undefined ? [] : [email])];
  sheet.paragraph(
    reach.flatMap((text) => sheet.wrap(text, half, BODY)),
    sheet.left,
    BODY,
  );
  const bottom = sheet.y;

  sheet.y = top;
  const date = (plainDate: string) => firstPrintable(formatPlainDate(plainDate, invoice.locale), plainDate);
  const dates = [paper.issued({ date: date(invoice.issuedOn) }), paper.due({ date: date(invoice.dueOn) })];
  drawRight(sheet, dates, BODY, 'P');
  sheet.y += SPACE[1]!;
  drawRight(sheet, [headline(invoice).label], QUIET, 'P');
  drawRight(sheet, [headline(invoice).text], AMOUNT_DUE, 'P');
  sheet.y = Math.max(sheet.y, bottom) + SPACE[5]!;
}

/** The one figure that the reader looks for. */
function headline(invoice: InvoiceDocument): { label: string; text: string } {
  const { paper } = wordsFor(invoice.locale);
  const money = (amountMinor: number) => printableMoney(amountMinor, invoice.currency, invoice.locale);
  switch (invoice.status) {
    case 'open':
    case 'partially_paid':
      return { label: paper.amountDue, text: money(invoice.balanceMinor) };
    case 'paid':
      return { label: paper.paidInFull, text: money(invoice.totalMinor) };
    case 'void':
      return { label: paper.nothingDue, text: money(0) };
    default:
      return invoice.status satisfies never;
  }
}

function totalsOf(invoice: InvoiceDocument): readonly Total[] {
  const { paper } = wordsFor(invoice.locale);
  const money = (amountMinor: number) => printableMoney(amountMinor, invoice.currency, invoice.locale);
  const paid = invoice.paidMinor === 0 ? [] : [{ label: paper.paid, text: money(-invoice.paidMinor), style: BODY }];
  return [
    { label: paper.subtotal, text: money(invoice.totalMinor - invoice.taxMinor), style: BODY },
    { label: paper.tax, text: money(invoice.taxMinor), style: BODY },
    { label: paper.total, text: money(invoice.totalMinor), style: STRONG },
    ...paid,
    { label: paper.amountDue, text: money(invoice.status === 'void' ? 0 : invoice.balanceMinor), style: STRONG },
  ];
}

function heightOf(sheet: Sheet, totals: readonly Total[]): number {
  return totals.reduce((height, { style }) => height + sheet.lineHeight(style.size) + SPACE[0]!, SPACE[4]!);
}

/** Label and amount of each total, right below the column of amounts. */
function drawTotals(sheet: Sheet, totals: readonly Total[]): void {
  sheet.y += SPACE[2]!;
  const amountWidth = Math.max(...totals.map(({ text, style }) => sheet.widthOf(text, style)));
  const labelWidth = Math.max(...totals.map(({ label, style }) => sheet.widthOf(label, style)));
  const labelEdge = sheet.right - Math.max(amountWidth, sheet.width / 6) - SPACE[4]!;
  const rows = totals.map(({ label, text, style }, index) => {
    if (index === totals.length - 1) {
      sheet.rule(sheet.y, labelEdge - labelWidth);
      sheet.y += SPACE[0]!;
    }
    const right = { ...style, align: 'right' } as const;
    const header = sheet.mark('TH', () => sheet.line(label, labelEdge, sheet.y, right));
    const amount = sheet.mark('TD', () => sheet.line(text, sheet.right, sheet.y, right));
    sheet.y += sheet.lineHeight(style.size) + SPACE[0]! / 2;
    return sheet.element('TR', [sheet.element('TH', [header], { scope: 'Row' }), sheet.element('TD', [amount])]);
  });
  sheet.add(sheet.element('Table', rows));
}

/** The branch's own words; cut where they would need a page of their own. */
function waysToPay(sheet: Sheet, invoice: InvoiceDocument): readonly string[] {
  const isDue = invoice.status === 'open' || invoice.status === 'partially_paid';
  const words = isDue ? (invoice.branch.otherWaysToPay ?? '') : '';
  const lines = words.split('\n').flatMap((text) => (text.trim() === '' ? [] : sheet.wrap(text, sheet.width, BODY)));
  return lines.slice(0, WAYS_TO_PAY_MAX_LINES);
}

function heightOfWays(sheet: Sheet, lines: readonly string[]): number {
  return lines.length === 0
    ? 0
    : SPACE[4]! + sheet.lineHeight(STRONG.size) + lines.length * sheet.lineHeight(BODY.size);
}

/** Heads every page but the first, so that a loose sheet says what it belongs to. */
function drawRunningHead(sheet: Sheet, invoice: InvoiceDocument): void {
  const number = wordsFor(invoice.locale).paper.invoiceTitle({ number: invoice.number });
  sheet.artifact('Pagination', () => {
    const room = sheet.width - sheet.widthOf(number, QUIET) - SPACE[4]!;
    sheet.line(sheet.wrap(invoice.branch.name, room, QUIET)[0]!, sheet.left, sheet.y, QUIET);
    sheet.line(number, sheet.right, sheet.y, { ...QUIET, align: 'right' });
  });
  sheet.y += sheet.lineHeight(QUIET.size) + SPACE[3]!;
}
