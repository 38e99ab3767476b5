/**
 * A branch's own words with placeholders. Handlebars parses them and nothing more: what staff wrote is never compiled and
 * never run, only walked, and what is walked is text and names out of a list.
 */
import Handlebars from 'handlebars';
import { MESSAGE_PLACEHOLDERS, type Placeholder } from '../../application/branch/placeholders.js';
import type { MessageKind } from '../../domain/branch/events.js';
import { DomainError } from '../../domain/errors.js';
import { assertNoCardNumber, invisibleCharacterIn } from '../../domain/free-text.js';

export type WordingPart = 'email.subject' | 'email.body' | 'sms.body';

/** Text as it stands, or the name of what goes there. */
export type Piece = { readonly text: string } | { readonly placeholder: Placeholder };

/** What is put in, by placeholder: every one of the message's. */
export type Values = Readonly<Partial<Record<Placeholder, string>>> & { readonly link: string };

const MAX_BYTES = 10_240;

/** Where a piece of a wording stands, for saying what is wrong with it. */
interface Place {
  readonly kind: MessageKind;
  readonly part: WordingPart;
}

/**
 * Takes a wording apart.
 * @throws DomainError `template_invalid` with `part`, `reason` and `line` (from 1) for anything but text and plain placeholders
 */
export function parseWording(kind: MessageKind, part: WordingPart, source: string): readonly Piece[] {
  if (Buffer.byteLength(source) > MAX_BYTES) {
    refuseWording(part, 1, `It is longer than ${MAX_BYTES} bytes.`);
  }
  const control = /[^\P{Cc}\n\r\t]/u.exec(source);
  if (control) {
    refuseWording(part, lineAt(source, control.index), 'It contains a control character.');
  }
  const invisible = invisibleCharacterIn(source);
  if (invisible !== undefined) {
    refuseWording(part, 1, `It contains the invisible character ${invisible}.`);
  }
  const place = { kind, part };
  return parse(place, source).body.map((statement) => pieceOf(place, statement));
}

function parse({ kind, part }: Place, source: string): hbs.AST.Program {
  try {
    return Handlebars.parseWithoutProcessing(source);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const line = Number(/line (\d+)/.exec(message)?.[1] ?? 1);
    return refuseWording(
      part,
      line,
      `Its braces do not match. Only these may stand between double braces: ${allowed(kind)}.`,
    );
  }
}

function pieceOf(place: Place, statement: hbs.AST.Statement): Piece {
  switch (statement.type) {
    case 'ContentStatement': {
      const text = (statement as hbs.AST.ContentStatement).value.replaceAll('\r\n', '\n');
      assertNoCardNumber(place.part, text);
      return { text };
    }
    case 'MustacheStatement':
      return placeholderOf(place, statement as hbs.AST.MustacheStatement);
    default:
      return refuseWording(
        place.part,
        statement.loc.start.line,
        `Only these may stand between double braces: ${allowed(place.kind)}.`,
      );
  }
}

function placeholderOf({ kind, part }: Place, statement: hbs.AST.MustacheStatement): Piece {
  const { path, params, hash, escaped, strip, loc } = statement;
  const name = path.type === 'PathExpression' ? (path as hbs.AST.PathExpression).original : undefined;
  const placeholder = namesOf(kind).find((known) => known === name);
  // With parameters it would be a helper, unescaped with triple braces, and with `~` it would eat the spaces around it.
  const isPlain =
    params.length === 0 && (hash as hbs.AST.Hash | undefined) === undefined && escaped && !strip.open && !strip.close;
  if (placeholder === undefined || !isPlain) {
    return refuseWording(
      part,
      loc.start.line,
      `Only these may stand between double braces, plainly: ${allowed(kind)}.`,
    );
  }
  return { placeholder };
}

function namesOf(kind: MessageKind): readonly Placeholder[] {
  return Object.keys(MESSAGE_PLACEHOLDERS[kind]) as readonly Placeholder[];
}

function allowed(kind: MessageKind): string {
  return namesOf(kind)
    .map((name) => `{{${name}}}`)
    .join(', ');
}

export function refuseWording(part: WordingPart, line: number, reason: string): never {
  throw new DomainError('template_invalid', { part, line, reason });
}

/** True when a placeholder stands in the wording. */
export function mentions(pieces: readonly Piece[], placeholder: Placeholder): boolean {
  return pieces.some((piece) => 'placeholder' in piece && piece.placeholder === placeholder);
}

/** Puts values in. They are used as they are: whoever shows the result as HTML escapes all of it. */
export function fill(pieces: readonly Piece[], values: Values): string {
  return pieces.map((piece) => ('text' in piece ? piece.text : (values[piece.placeholder] ?? ''))).join('');
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
