/**
 * A PDF under construction: fonts, paper, tagged structure and pages. Everything drawn is either content of a structure
 * element, which a screen reader reads in its order, or an artifact, which it leaves out.
 */
import PDFDocument from 'pdfkit';
import { look, type ColourName } from '../look/tokens.js';
import { interFont, printable, MISSING_MARK, type Weight } from './inter-font.js';
import { wrapText } from './text-wrap.js';

export type StructureContent = PDFKit.PDFStructureContent;
export type StructureElement = PDFKit.PDFStructureElement;

export interface TextStyle {
  /** In points. */
  readonly size: number;
  readonly weight?: Weight;
  readonly colour?: ColourName;
  readonly align?: 'left' | 'right';
}

/** CSS pixels, in which the design tokens are given, as points. */
export const points = (pixels: number): number => pixels * 0.75;

const MARGIN = points(look.space[7]!);
const SMALL = points(look.text[0]!) * 0.9;
/** Countries that write on Letter; the others write on A4. */
const LETTER_COUNTRIES = new Set(['US', 'CA', 'MX', 'CL', 'CO', 'CR', 'DO', 'GT', 'PA', 'PH', 'PR', 'SV', 'VE']);

export interface SheetOptions {
  readonly title: string;
  /** BCP 47 of the words, for screen readers. */
  readonly language: string;
  readonly country: string;
  /** The document's own date: the file says nothing of when it was made, so that it can be made again. */
  readonly createdAt: Date;
}

export class Sheet {
  readonly left = MARGIN;
  readonly right: number;
  readonly top = MARGIN;
  /** Content ends here; the footer stands below. */
  readonly bottom: number;
  y = MARGIN;

  readonly #pdf: PDFKit.PDFDocument;
  readonly #root: StructureElement;
  #missing = false;

  constructor(options: SheetOptions) {
    this.#pdf = new PDFDocument({
      size: LETTER_COUNTRIES.has(options.country) ? 'LETTER' : 'A4',
      margin: MARGIN,
      pdfVersion: '1.7',
      tagged: true,
      displayTitle: true,
      lang: options.language,
      bufferPages: true,
      font: '',
      info: {
        Title: plainTitle(options.title),
        Producer: 'pdfkit',
        Creator: 'Paylink Ledger',
        CreationDate: options.createdAt,
      },
    });
    this.#pdf.registerFont('regular', interFont('regular').source);
    this.#pdf.registerFont('semibold', interFont('semibold').source);
    this.right = this.#pdf.page.width - MARGIN;
    this.bottom = this.#pdf.page.height - MARGIN - SMALL * 2;
    this.#root = this.#pdf.struct('Document');
    this.#pdf.addStructure(this.#root);
  }

  get width(): number {
    return this.right - this.left;
  }

  lineHeight(size: number): number {
    return size * 1.4;
  }

  widthOf(text: string, style: TextStyle): number {
    this.#use(style);
    return this.#pdf.widthOfString(this.#printable(text));
  }

  wrap(text: string, width: number, style: TextStyle): string[] {
    this.#use(style);
    return wrapText(this.#printable(text), width, (part) => this.#pdf.widthOfString(part));
  }

  /** One line, its top at `y`; `x` is its left or, aligned right, its right edge. Must stand inside `mark` or `artifact`. */
  line(text: string, x: number, y: number, style: TextStyle): void {
    const content = this.#printable(text);
    if (content === '') {
      return;
    }
    this.#use(style);
    const start = style.align === 'right' ? x - this.#pdf.widthOfString(content) : x;
    this.#pdf.fillColor(look.light[style.colour ?? 'ink']);
    this.#pdf.text(content, start, y, { lineBreak: false });
  }

  /** Draws content of one structure element; attach what it answers by `element`. */
  mark(tag: string, draw: () => void): StructureContent {
    const content = this.#pdf.markStructureContent(tag);
    draw();
    this.#pdf.endMarkedContent();
    return content;
  }

  /** A finished structure element. `scope` says what a header cell is the header of. */
  element(
    tag: string,
    children: readonly (StructureContent | StructureElement)[],
    options: { scope?: 'Column' | 'Row'; alt?: string; bbox?: readonly number[] } = {},
  ): StructureElement {
    return this.#pdf.struct(tag, options, [...children]);
  }

  /** Puts a finished element at the end of the document's reading order. */
  add(element: StructureElement): void {
    this.#root.add(element);
  }

  /** A paragraph of lines at `x` from the present `y`, which moves below it. */
  paragraph(lines: readonly string[], x: number, style: TextStyle, tag = 'P'): void {
    const shown = lines.filter((line) => line !== '');
    if (shown.length === 0) {
      return;
    }
    const content = this.mark(tag, () => {
      shown.forEach((line, index) => {
        // The space keeps the last word apart from the next line's first for whoever listens or copies.
        this.line(index < shown.length - 1 ? `${line} ` : line, x, this.y, style);
        this.y += this.lineHeight(style.size);
      });
    });
    this.add(this.element(tag, [content]));
  }

  /** Draws what a screen reader leaves out: lines, repeated headers, page numbers. */
  artifact(type: 'Layout' | 'Pagination', draw: () => void): void {
    this.#pdf.markContent('Artifact', { type });
    draw();
    this.#pdf.endMarkedContent();
  }

  rule(y: number, from = this.left, to = this.right, colour: string = look.light.line, thickness = 0.75): void {
    this.artifact('Layout', () => {
      this.#pdf.moveTo(from, y).lineTo(to, y).lineWidth(thickness).strokeColor(colour).stroke();
    });
  }

  /** Draws a PNG or JPEG into a box, and answers its height; 0 when it cannot be read after all. */
  picture(bytes: Buffer, box: { x: number; y: number; width: number; height: number }, alt: string): number {
    const image = this.#open(bytes);
    if (!image) {
      return 0;
    }
    const scale = Math.min(box.width / image.width, box.height / image.height, 1);
    const size = { width: image.width * scale, height: image.height * scale };
    const content = this.mark('Figure', () => this.#pdf.image(image as unknown as string, box.x, box.y, size));
    const bbox = [box.x, box.y, box.x + size.width, box.y + size.height];
    this.add(this.element('Figure', [content], { alt, bbox }));
    return size.height;
  }

  addPage(): void {
    this.#pdf.addPage();
    this.y = this.top;
  }

  /** True when `height` more fits above the footer. */
  fits(height: number): boolean {
    return this.y + height <= this.bottom;
  }

  /** Numbers the pages, says what the missing mark means if it was needed, and answers the bytes. */
  async finish(footer: string, pageOf: (page: number, pages: number) => string): Promise<Buffer> {
    this.#footers(footer, pageOf);
    this.#root.end();
    const chunks: Buffer[] = [];
    return new Promise((resolve, reject) => {
      this.#pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
      this.#pdf.on('end', () => resolve(Buffer.concat(chunks)));
      this.#pdf.on('error', reject);
      this.#pdf.end();
    });
  }

  #footers(footer: string, pageOf: (page: number, pages: number) => string): void {
    const style: TextStyle = { size: SMALL, colour: 'muted' };
    const note = this.#missing ? `${MISSING_MARK} stands for a character that this document's font does not have.` : '';
    const { start, count } = this.#pdf.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.#pdf.switchToPage(start + page);
      const number = pageOf(page + 1, count);
      const y = this.bottom + SMALL;
      this.artifact('Pagination', () => {
        const room = this.width - this.widthOf(number, style) - points(look.space[3]!);
        this.line(this.wrap(footer, room, style)[0]!, this.left, y, style);
        this.line(number, this.right, y, { ...style, align: 'right' });
        this.line(note, this.left, y + this.lineHeight(SMALL), style);
      });
    }
  }

  #open(bytes: Buffer): { width: number; height: number } | undefined {
    try {
      return (this.#pdf as unknown as { openImage(bytes: Buffer): { width: number; height: number } }).openImage(bytes);
    } catch {
      return undefined;
    }
  }

  #use(style: TextStyle): void {
    this.#pdf.font(style.weight ?? 'regular').fontSize(style.size);
  }

  #printable(text: string): string {
    const content = printable(text);
    this.#missing ||= content.includes(MISSING_MARK) && !text.includes(MISSING_MARK);
    return content;
  }
}

/** pdfkit copies the title into XML as it is. */
function plainTitle(title: string): string {
  return title.replaceAll(/[<>&\p{Cc}\p{Cs}]/gu, ' ');
}
