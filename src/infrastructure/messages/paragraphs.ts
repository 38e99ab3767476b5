/** A wording with its values put in, as paragraphs, and the place among them where the link stands alone. */
import type { Paragraph, Stretch } from './email-layout.js';
import type { Piece, Values } from './wording-template.js';

export interface Words {
  readonly before: readonly Paragraph[];
  /** What follows the paragraph that is nothing but the link; empty when the link stands inside a sentence only. */
  readonly after: readonly Paragraph[];
}

/**
 * Parts the words at the first paragraph that is nothing but `{{link}}`: there the amount and the button go. Where the link
 * stands inside a sentence it stays there, and the button goes below all words.
 */
export function toWords(pieces: readonly Piece[], values: Values): Words {
  const paragraphs = groupLines(toLines(pieces, values));
  const alone = paragraphs.findIndex((paragraph) => paragraph.length === 1 && paragraph[0]!.url !== undefined);
  return alone < 0
    ? { before: paragraphs, after: [] }
    : { before: paragraphs.slice(0, alone), after: paragraphs.slice(alone + 1) };
}

function toLines(pieces: readonly Piece[], values: Values): Stretch[][] {
  const lines: Stretch[][] = [[]];
  for (const piece of pieces) {
    if ('placeholder' in piece && piece.placeholder === 'link') {
      lines.at(-1)!.push({ text: '', br: false, url: values.link });
      continue;
    }
    // Only the wording breaks lines: a value with a line break could pass for words of the branch.
    const texts = 'text' in piece ? piece.text.split('\n') : [values[piece.placeholder] ?? ''];
    texts.forEach((text, index) => {
      if (index > 0) {
        lines.push([]);
      }
      if (text !== '') {
        lines.at(-1)!.push({ text, br: false, url: undefined });
      }
    });
  }
  return lines.map(withoutOuterSpaces);
}

function withoutOuterSpaces(line: readonly Stretch[]): Stretch[] {
  const isBlank = ({ url, text }: Stretch) => url === undefined && text.trim() === '';
  const first = line.findIndex((stretch) => !isBlank(stretch));
  const last = line.findLastIndex((stretch) => !isBlank(stretch));
  return first < 0 ? [] : line.slice(first, last + 1);
}

function groupLines(lines: readonly Stretch[][]): Paragraph[] {
  const paragraphs: Stretch[][] = [];
  let isOpen = false;
  for (const line of lines) {
    if (line.length === 0) {
      isOpen = false;
    } else if (isOpen) {
      paragraphs.at(-1)!.push(...line.map((stretch, index) => ({ ...stretch, br: index === 0 })));
    } else {
      paragraphs.push([...line]);
      isOpen = true;
    }
  }
  return paragraphs;
}
