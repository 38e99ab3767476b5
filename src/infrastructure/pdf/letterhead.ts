/** What invoice and receipt share: the branch above, the title, the branch's contact in the footer. */
import type { Words } from '../../application/words/words.js';
import type { BranchDetails } from '../../domain/branch/events.js';
import { decimalText, formatMoney } from '../../domain/money.js';
import { look } from '../look/tokens.js';
import { MISSING_MARK, printable } from './inter-font.js';
import { readLogo } from './logo.js';
import { points, type Sheet, type TextStyle } from './sheet.js';

const TITLE: TextStyle = { size: points(look.text[4]!), weight: 'semibold' };
export const STRONG: TextStyle = { size: points(look.text[1]!) * 0.9, weight: 'semibold' };
export const BODY: TextStyle = { size: points(look.text[0]!) };
export const QUIET: TextStyle = { size: points(look.text[0]!) * 0.92, colour: 'muted' };

const SPACE = look.space.map(points);
const LOGO = { width: 180, height: 44 };

/** Draws the branch at the left and what the document is at the right, and leaves `y` below both. */
export function drawLetterhead(
  sheet: Sheet,
  branch: BranchDetails,
  paper: Words['paper'],
  { title, below }: { readonly title: string; readonly below: readonly string[] },
): void {
  const top = sheet.top;
  sheet.rule(top - SPACE[4]!, sheet.left, sheet.right, accentOf(branch), 2.5);
  const titleRoom = Math.max(
    ...[title, ...below].map((text, index) => sheet.widthOf(text, index === 0 ? TITLE : BODY)),
  );
  const room = sheet.width - Math.min(titleRoom, sheet.width / 2) - SPACE[4]!;

  drawBranch(sheet, branch, paper.logoOf({ branch: branch.name }), room);
  const bottomOfBranch = sheet.y;

  sheet.y = top;
  drawRight(sheet, [title], TITLE, 'H1');
  drawRight(
    sheet,
    below.flatMap((text) => sheet.wrap(text, sheet.width / 2, BODY)),
    BODY,
    'P',
  );
  sheet.y = Math.max(sheet.y, bottomOfBranch) + SPACE[5]!;
}

function drawBranch(sheet: Sheet, branch: BranchDetails, logoText: string, room: number): void {
  const logo = readLogo(branch.logo);
  if (logo) {
    const height = sheet.picture(logo, { x: sheet.left, y: sheet.top, ...LOGO }, logoText);
    sheet.y += height === 0 ? 0 : height + SPACE[1]!;
  }
  sheet.paragraph(sheet.wrap(branch.name, room, STRONG), sheet.left, STRONG);
  const address = branch.address ?? [];
  sheet.paragraph(
    address.flatMap((text) => sheet.wrap(text, room, QUIET)),
    sheet.left,
    QUIET,
  );
}

/** Lines that end at the right margin, each an element of its own. */
export function drawRight(sheet: Sheet, lines: readonly string[], style: TextStyle, tag: string): void {
  for (const text of lines) {
    const content = sheet.mark(tag, () => sheet.line(text, sheet.right, sheet.y, { ...style, align: 'right' }));
    sheet.add(sheet.element(tag, [content]));
    sheet.y += sheet.lineHeight(style.size);
  }
}

/** How to reach the branch, in one line. */
export function contactLine(branch: BranchDetails): string {
  return [branch.name, branch.telephone, branch.replyTo]
    .filter((part) => part !== undefined && part !== '')
    .join('  ·  ');
}

/** Money that the font can print: where it has not a locale's own digits or sign, a plain decimal with the currency's code. */
export function printableMoney(amountMinor: number, currency: string, locale: string): string {
  const text = formatMoney({ amount: amountMinor, currency }, locale);
  return printable(text).includes(MISSING_MARK) ? `${currency} ${decimalText(amountMinor, currency)}` : text;
}

/** The first of these that the font has every character for; dates of some languages are written in another script. */
export function firstPrintable(preferred: string, fallback: string): string {
  return printable(preferred).includes(MISSING_MARK) ? fallback : preferred;
}

function accentOf(branch: BranchDetails): string {
  return branch.colour !== undefined && /^#[0-9a-f]{6}$/i.test(branch.colour) ? branch.colour : look.light.accent;
}
