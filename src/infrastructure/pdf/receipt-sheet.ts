import type { ReceiptDocument } from '../../application/documents.js';
import { wordsFor, type Words } from '../../application/words/words.js';
import { look } from '../look/tokens.js';
import { cardName } from '../messages/card-name.js';
import { formatInstant } from '../messages/dates.js';
import { BODY, contactLine, drawLetterhead, firstPrintable, printableMoney, QUIET, STRONG } from './letterhead.js';
import { points, Sheet, type StructureElement, type TextStyle } from './sheet.js';

const SPACE = look.space.map(points);
const TOTAL: TextStyle = { size: points(look.text[3]!), weight: 'semibold' };
const TEST: TextStyle = { size: points(look.text[1]!), weight: 'semibold', colour: 'warn' };

interface Entry {
  readonly label: string;
  readonly text: string;
  readonly style: TextStyle;
}

/** A receipt on paper: the invoice's amount and the fee as two lines, their sum, the card and the time. */
export async function renderReceipt(receipt: ReceiptDocument): Promise<Buffer> {
  const { language, paper, mail } = wordsFor(receipt.locale);
  const sheet = new Sheet({
    title: paper.receiptTitle({ number: receipt.receiptNumber }),
    language,
    country: receipt.branch.country,
    createdAt: new Date(receipt.capturedAt),
  });
  drawLetterhead(sheet, receipt.branch, paper, { title: paper.receipt, below: [receipt.receiptNumber] });
  if (receipt.testMode) {
    sheet.paragraph([mail.noMoneyMoved], sheet.left, TEST);
    sheet.y += SPACE[3]!;
  }
  sheet.rule(sheet.y);
  drawTable(sheet, factsOf(receipt, wordsFor(receipt.locale)));
  sheet.y += SPACE[4]!;
  drawTable(sheet, amountsOf(receipt, wordsFor(receipt.locale)));
  return sheet.finish(contactLine(receipt.branch), (page, pages) => paper.pageOf({ page, pages }));
}

function factsOf(receipt: ReceiptDocument, words: Words): readonly Entry[] {
  const { paper } = words;
  const { locale, capturedAt, branch } = receipt;
  const paidOn = firstPrintable(
    formatInstant(capturedAt, locale, branch.timeZone),
    formatInstant(capturedAt, 'en-GB', branch.timeZone),
  );
  return [
    { label: paper.receivedFrom, text: receipt.customerName, style: BODY },
    { label: paper.paidOn, text: paidOn, style: BODY },
    { label: paper.paidWith, text: cardName(receipt.card, words), style: BODY },
  ];
}

function amountsOf(receipt: ReceiptDocument, { paper }: Words): readonly Entry[] {
  const money = (amountMinor: number) => printableMoney(amountMinor, receipt.currency, receipt.locale);
  const fee = receipt.feeMinor === 0 ? [] : [{ label: receipt.feeLabel, text: money(receipt.feeMinor), style: BODY }];
  return [
    { label: paper.invoiceTitle({ number: receipt.invoiceNumber }), text: money(receipt.amountMinor), style: BODY },
    ...fee,
    { label: paper.totalPaid, text: money(receipt.totalMinor), style: TOTAL },
  ];
}

/** Label at the left, value at the right edge, a line below each. */
function drawTable(sheet: Sheet, entries: readonly Entry[]): void {
  sheet.add(
    sheet.element(
      'Table',
      entries.map((entry) => drawEntry(sheet, entry)),
    ),
  );
}

function drawEntry(sheet: Sheet, { label, text, style }: Entry): StructureElement {
  const labelStyle = style === BODY ? { ...QUIET, size: BODY.size } : STRONG;
  const labels = sheet.wrap(label, sheet.width * 0.45, labelStyle);
  const values = sheet.wrap(text, sheet.width * 0.5, style);
  const top = sheet.y + SPACE[2]!;
  // Label and value stand on one baseline although their sizes differ.
  const labelTop = top + (style.size - labelStyle.size);
  const draw = (tag: 'TH' | 'TD', lines: readonly string[], from: number, drawn: TextStyle) =>
    sheet.mark(tag, () => {
      const x = tag === 'TH' ? sheet.left : sheet.right;
      lines.forEach((line, index) => sheet.line(line, x, from + index * sheet.lineHeight(drawn.size), drawn));
    });
  const header = draw('TH', labels, labelTop, labelStyle);
  const value = draw('TD', values, top, { ...style, align: 'right' });
  const height = Math.max(
    labelTop - top + labels.length * sheet.lineHeight(labelStyle.size),
    values.length * sheet.lineHeight(style.size),
  );
  sheet.y = top + height + SPACE[2]!;
  sheet.rule(sheet.y);
  return sheet.element('TR', [sheet.element('TH', [header], { scope: 'Row' }), sheet.element('TD', [value])]);
}
