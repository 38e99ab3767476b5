/** Reads back what is really printed in our PDFs: through the pages' streams, the fonts' widths and their maps to Unicode. */
import { inflateSync } from 'node:zlib';

export interface PrintedText {
  readonly text: string;
  /** Left and right edge and baseline, in points from the lower left corner. */
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
}

interface PdfObject {
  readonly dictionary: string;
  readonly stream: string;
}

interface Font {
  readonly unicode: readonly string[];
  readonly widths: readonly number[];
}

/** The texts of every page, in the order in which they are drawn. */
export function readPages(pdf: Buffer): PrintedText[][] {
  const objects = readObjects(pdf);
  const pages = [...objects.values()].find(({ dictionary }) => dictionary.includes('/Type /Pages'))!;
  const kids = /\/Kids \[([^\]]*)\]/.exec(pages.dictionary)![1]!;
  return references(kids).map((id) => readPage(objects, objects.get(id)!.dictionary));
}

/** All text of a document, a line for each text. */
export function textOf(pdf: Buffer): string {
  return readPages(pdf)
    .flat()
    .map(({ text }) => text.trim())
    .join('\n');
}

/** The structure types, in the order of the tree. */
export function structureOf(pdf: Buffer): string[] {
  const objects = readObjects(pdf);
  const walk = (id: number): string[] => {
    const { dictionary } = objects.get(id)!;
    const type = /\/S \/(\w+)/.exec(dictionary);
    const kids = /\/K \[([^\]]*)\]/.exec(dictionary)?.[1] ?? '';
    const below = references(kids.replaceAll(/\/Pg \d+ 0 R/g, '')).flatMap(walk);
    return type ? [type[1]!, ...below] : below;
  };
  const root = [...objects].find(([, { dictionary }]) => dictionary.includes('/Type /StructTreeRoot'))!;
  return walk(root[0]);
}

function readObjects(pdf: Buffer): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  const body = pdf.toString('latin1');
  for (const match of body.matchAll(/^(\d+) 0 obj\n([^]*?)(?:\nstream\n([^]*?)\nendstream)?\nendobj/gm)) {
    const packed = Buffer.from(match[3] ?? '', 'latin1');
    const isText = match[2]!.includes('FlateDecode') && !match[2]!.includes('/Subtype /Image');
    const stream = isText ? inflateSync(packed).toString('latin1') : packed.toString('latin1');
    objects.set(Number(match[1]), { dictionary: match[2]!, stream });
  }
  return objects;
}

function references(text: string): number[] {
  return [...text.matchAll(/(\d+) 0 R/g)].map((match) => Number(match[1]));
}

function readPage(objects: Map<number, PdfObject>, page: string): PrintedText[] {
  const resources = objects.get(referred(page, 'Resources'))!.dictionary;
  const fonts = new Map(
    [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map((match) => [match[1]!, readFont(objects, Number(match[2]))]),
  );
  const content = objects.get(referred(page, 'Contents'))!.stream;
  return [...content.matchAll(/BT\n([^]*?)ET\n/g)].map((match) => readText(match[1]!, fonts));
}

function readText(block: string, fonts: Map<string, Font>): PrintedText {
  const [, left, baseline] = /1 0 0 1 (\S+) (\S+) Tm/.exec(block)!.map(Number);
  const [, name, size] = /\/(F\d+) (\S+) Tf/.exec(block)!;
  const font = fonts.get(name!)!;
  let text = '';
  let width = 0;
  for (const [, hex, shift] of block.matchAll(/<([0-9a-f]+)> (\S+?)(?=[ \]])/g)) {
    for (const code of hex!.match(/.{4}/g)!.map((part) => parseInt(part, 16))) {
      text += font.unicode[code];
      width += font.widths[code]!;
    }
    width -= Number(shift);
  }
  const points = Number(size);
  return { text, left: left!, right: left! + (width * points) / 1000, baseline: baseline!, size: points };
}

function readFont(objects: Map<number, PdfObject>, id: number): Font {
  const { dictionary } = objects.get(id)!;
  const map = objects.get(referred(dictionary, 'ToUnicode'))!.stream;
  const [descendant] = references(/\/DescendantFonts \[([^\]]*)\]/.exec(dictionary)![1]!);
  const widths = /\/W \[0 \[([^\]]*)\]/.exec(objects.get(descendant!)!.dictionary)![1]!;
  return {
    unicode: [...map.matchAll(/\[(<[^\]]*>)\]/g)].flatMap((range) =>
      [...range[1]!.matchAll(/<([^>]*)>/g)].map((entry) =>
        String.fromCharCode(...entry[1]!.split(' ').map((unit) => parseInt(unit, 16))),
      ),
    ),
    widths: widths.split(' ').map(Number),
  };
}

function referred(dictionary: string, key: string): number {
  return Number(new RegExp(`/${key} (\\d+) 0 R`).exec(dictionary)![1]);
}
