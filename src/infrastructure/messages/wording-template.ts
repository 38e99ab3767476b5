/**
 * A branch's own words with placeholders. Handlebars parses them and nothing more: what staff wrote is never compiled and
 * never run, only walked, and what is walked is text and names out of a list.
 */
import Handlebars from 'handlebars';
import { INVOICE_LINK_PLACEHOLDERS } from '../../application/documents.js';
import { DomainError } from '../../domain/errors.js';
import { assertNoCardNumber } from '../../domain/free-text.js';

export type Placeholder = (typeof INVOICE_LINK_PLACEHOLDERS)[number];
export type WordingPart = 'email.subject' | 'email.body' | 'sms.body';

/** Text as it stands, or the name of what goes there. */
export type Piece = { readonly text: string } | { readonly placeholder: Placeholder };

const MAX_BYTES = 10_240;
const ALLOWED = INVOICE_LINK_PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ');

/**
 * Takes a wording apart.
 * @throws DomainError `template_invalid` with `part`, `reason` and `line` (from 1) for anything but text and plain placeholders
 */
export function parseWording(part: WordingPart, source: string): readonly Piece[] {
  if (Buffer.byteLength(source) > MAX_BYTES) {
    refuseWording(part, 1, `It is longer than ${MAX_BYTES} bytes.`);
  }
  const control = /[^\P{Cc}\n\r\t]/u.exec(source);
  if (control) {
    refuseWording(part, lineAt(source, control.index), 'It contains a control character.');
  }
  return parse(part, source).body.map((statement) => pieceOf(part, statement));
}

function parse(part: WordingPart, source: string): hbs.AST.Program {
  try {
    return Handlebars.parseWithoutProcessing(source);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const line = Number(/line (\d+)/.exec(message)?.[1] ?? 1);
    return refuseWording(
      part,
      line,
      `Its braces do not match. Only these may stand between double braces: ${ALLOWED}.`,
    );
  }
}

function pieceOf(part: WordingPart, statement: hbs.AST.Statement): Piece {
  switch (statement.type) {
    case 'ContentStatement': {
      const text = (statement as hbs.AST.ContentStatement).value.replaceAll('\r\n', '\n');
      assertNoCardNumber(part, text);
      return { text };
    }
    case 'MustacheStatement':
      return placeholderOf(part, statement as hbs.AST.MustacheStatement);
    default:
      return refuseWording(part, statement.loc.start.line, `Only these may stand between double braces: ${ALLOWED}.`);
  }
}

function placeholderOf(part: WordingPart, statement: hbs.AST.MustacheStatement): Piece {
  const { path, params, hash, escaped, strip, loc } = statement;
  const name = path.type === 'PathExpression' ? (path as hbs.AST.PathExpression).original : undefined;
  const placeholder = INVOICE_LINK_PLACEHOLDERS.find((allowed) => allowed === name);
  // With parameters it would be a helper, unescaped with triple braces, and with `~` it would eat the spaces around it.
  const isPlain =
    params.length === 0 && (hash as hbs.AST.Hash | undefined) === undefined && escaped && !strip.open && !strip.close;
  if (placeholder === undefined || !isPlain) {
    return refuseWording(part, loc.start.line, `Only these may stand between double braces, plainly: ${ALLOWED}.`);
  }
  return { placeholder };
}

export function refuseWording(part: WordingPart, line: number, reason: string): never {
  throw new DomainError('template_invalid', { part, line, reason });
}

/** True when a placeholder stands in the wording. */
export function mentions(pieces: readonly Piece[], placeholder: Placeholder): boolean {
  return pieces.some((piece) => 'placeholder' in piece && piece.placeholder === placeholder);
}

/** Puts values in. They are used as they are: whoever shows the result as HTML escapes all of it. */
export function fill(pieces: readonly Piece[], values: Readonly<Record<Placeholder, string>>): string {
  return pieces.map((piece) => ('text' in piece ? piece.text : values[piece.placeholder])).join('');
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
