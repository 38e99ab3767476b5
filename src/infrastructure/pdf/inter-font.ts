/**
 * Inter, parsed once for the life of the process. Parsing it and shaping words are nearly all of what a page costs, so both
 * are kept; what is handed to pdfkit is a view of the parsed font with a layout of our own.
 */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

export type Weight = 'regular' | 'semibold';

/** Stands where the font has no glyph: pdfkit would print nothing, and nobody would know that something is missing. */
export const MISSING_MARK = '□';

const MAX_KEPT_WORDS = 5_000;
const MAX_KEPT_LENGTH = 48;

interface GlyphPosition {
  readonly xAdvance: number;
  readonly yAdvance: number;
  readonly xOffset: number;
  readonly yOffset: number;
}

interface ShapedGlyph {
  readonly id: number;
  readonly advanceWidth: number;
  readonly codePoints: readonly number[];
}

interface ShapedText {
  readonly glyphs: readonly ShapedGlyph[];
  readonly positions: readonly GlyphPosition[];
}

/** What pdfkit is given: positions of its own, because it scales them in place and then asks for the width. */
class Run implements ShapedText {
  readonly glyphs: readonly ShapedGlyph[];
  readonly positions: readonly GlyphPosition[];

  constructor({ glyphs, positions }: ShapedText) {
    this.glyphs = glyphs;
    this.positions = positions.map((position) => ({ ...position }));
  }

  get advanceWidth(): number {
    return this.positions.reduce((width, { xAdvance }) => width + xAdvance, 0);
  }
}

/** The part of pdfkit's own font object that is used here. */
interface ParsedFont {
  layout(text: string, features: Readonly<Record<string, boolean>>): ShapedText;
  hasGlyphForCodePoint(codePoint: number): boolean;
}

export interface KeptFont {
  /** What `registerFont` takes. */
  readonly source: string;
  has(codePoint: number): boolean;
}

const require = createRequire(import.meta.url);

/** Only looked for when a document is made. */
const FILES: Readonly<Record<Weight, () => string>> = {
  regular: () => require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  semibold: () => require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
};

const kept = new Map<Weight, KeptFont>();

/** The font of this weight; read and parsed at the first call. */
export function interFont(weight: Weight): KeptFont {
  let font = kept.get(weight);
  if (!font) {
    font = keep(parse(FILES[weight]()));
    kept.set(weight, font);
  }
  return font;
}

/** pdfkit parses fonts with a library that it does not hand out; a document that is thrown away gives up what it parsed. */
function parse(file: string): ParsedFont {
  const document = new PDFDocument({ font: file, autoFirstPage: false }) as unknown as { _font: { font: ParsedFont } };
  return document._font.font;
}

function keep(parsed: ParsedFont): KeptFont {
  const words = new Map<string, ShapedText>();
  const view = Object.create(parsed) as ParsedFont;
  view.layout = (text) => {
    let shaped = words.get(text);
    if (!shaped) {
      shaped = shape(parsed, text);
      if (text.length <= MAX_KEPT_LENGTH) {
        words.set(text, shaped);
        forgetOldest(words);
      }
    }
    return new Run(shaped);
  };
  return {
    // pdfkit takes a parsed font here; its published types do not say so.
    source: view as unknown as string,
    has: (codePoint) => parsed.hasGlyphForCodePoint(codePoint),
  };
}

/**
 * Shapes a word: kerning, and figures of one width so that columns of money align. Contextual alternates are off: they turn
 * the `x` of `1x2` into a multiplication sign that copies as something else than was written.
 *
 * A parsed font remembers for each glyph the characters that it was first used for, in whatever document that was. The
 * characters are therefore put in from this very text, so that the bytes of a document do not depend on the ones before it.
 */
function shape(font: ParsedFont, text: string): ShapedText {
  const characters = [...text];
  const run = font.layout(text, { calt: false, tnum: /^\P{L}*\d\P{L}*$/u.test(text) });
  if (run.glyphs.length !== characters.length && characters.length > 1) {
    return join(characters.map((character) => shape(font, character)));
  }
  return {
    glyphs: run.glyphs.map(({ id, advanceWidth }, index) => ({
      id,
      advanceWidth,
      codePoints: [characters[index]?.codePointAt(0) ?? 0x20],
    })),
    positions: run.positions.map(({ xAdvance, yAdvance, xOffset, yOffset }) => ({
      xAdvance,
      yAdvance,
      xOffset,
      yOffset,
    })),
  };
}

function join(parts: readonly ShapedText[]): ShapedText {
  return {
    glyphs: parts.flatMap((part) => part.glyphs),
    positions: parts.flatMap((part) => part.positions),
  };
}

function forgetOldest(words: Map<string, ShapedText>): void {
  if (words.size > MAX_KEPT_WORDS) {
    words.delete(words.keys().next().value!);
  }
}

const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The text as this font can print it: composed, without control and direction marks, a compatible form where the font has only
 * that (`ﬁ` as `fi`), and the missing mark for every character that it has not.
 */
export function printable(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) {
    return text;
  }
  const composed = text
    .normalize('NFC')
    .replaceAll(/\s/g, (space) => (space === '\u00a0' || space === '\u202f' ? space : ' '));
  let result = '';
  for (const { segment } of clusters.segment(composed)) {
    const visible = segment.replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
    const compatible = hasAll(visible) ? visible : visible.normalize('NFKC');
    result += hasAll(compatible) ? compatible : MISSING_MARK;
  }
  return result;
}

function hasAll(text: string): boolean {
  const font = interFont('regular');
  return [...text].every((character) => font.has(character.codePointAt(0)!));
}
