import { describe, expect, it } from '@jest/globals';
import { PdfkitDocuments } from '../../src/infrastructure/pdf/pdfkit-documents.js';
import { invoice, LONGEST_GERMAN_NAME, longInvoice, branch, receipt } from './pdf-fixtures.js';
import { readPages, textOf, type PrintedText } from './pdf-reader.js';

const documents = new PdfkitDocuments();

const sizes = (pdf: Buffer) =>
  [...pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 (\S+) (\S+)\]/g)].map((match) => `${match[1]} × ${match[2]}`);
const find = (page: readonly PrintedText[], text: string) => page.filter((printed) => printed.text.trim() === text);

describe('the pages of an invoice', () => {
  it('has every one of 300 lines once, whole, inside the page and above the footer', async () => {
    const document = longInvoice(300);
    const pages = readPages(await documents.invoicePdf(document));

    const printed = pages.flat().filter(({ text }) => text.startsWith('Cold storage of pallet'));
    expect(printed).toHaveLength(300);
    for (const page of pages) {
      const footer = page.find(({ text }) => /^Page \d+ of \d+$/.test(text))!;
      for (const { left, right, baseline, text } of page) {
        expect({ text, inside: left >= 47 && right <= 612 - 47 && baseline >= footer.baseline }).toEqual({
          text,
          inside: true,
        });
      }
    }
    for (const page of pages) {
      const starts = page.filter(({ text }) => text.includes('with handling in and out')).length;
      const ends = page.filter(({ text }) => text.includes('for the customs file')).length;
      expect(ends).toBe(starts);
    }
  });

  it('numbers its pages, and repeats what it belongs to and the headings on each', async () => {
    const pages = readPages(await documents.invoicePdf(longInvoice(300)));

    expect(pages.length).toBeGreaterThan(5);
    expect(pages.length).toBeLessThan(16);
    pages.forEach((page, index) => {
      expect(find(page, `Page ${index + 1} of ${pages.length}`)).toHaveLength(1);
      expect(find(page, 'Description')).toHaveLength(1);
      expect(find(page, 'Main Street')).toHaveLength(1);
      expect(find(page, index === 0 ? 'INV-1001' : 'Invoice INV-1001')).toHaveLength(1);
    });
  });

  it.each(Array.from({ length: 12 }, (_, index) => index * 2 + 8))(
    'keeps the totals together, beside a line, with %i lines',
    async (count) => {
      const pages = readPages(await documents.invoicePdf(longInvoice(count)));

      const last = pages.at(-1)!;
      for (const label of ['Subtotal', 'Tax', 'Total', 'Amount due']) {
        expect(find(last, label).length).toBeGreaterThan(0);
      }
      expect(last.some(({ text }) => text.startsWith('Cold storage of pallet'))).toBe(true);
      for (const page of pages.slice(0, -1)) {
        expect(find(page, 'Subtotal')).toHaveLength(0);
      }
    },
  );

  it('aligns money at the decimal sign, and quantities too', async () => {
    const pages = readPages(await documents.invoicePdf(longInvoice(8)));

    const amounts = pages[0]!.filter(({ text, size }) => /^\$[\d,]+\.\d\d$/.test(text) && size < 11 && size > 9);
    const edges = new Set(amounts.map(({ right }) => right.toFixed(1)));
    expect([...edges]).toHaveLength(2);

    const signs = pages[0]!
      .filter(({ text }) => ['1', '3', '2.5', '0.3333'].includes(text))
      .map(({ text, left, right }) => left + ((right - left) / text.length) * text.split('.')[0]!.length);
    expect(Math.max(...signs) - Math.min(...signs)).toBeLessThan(2);
  });

  it('breaks a description that is longer than a page, and loses nothing of it', async () => {
    const words = Array.from({ length: 4_000 }, (_, index) => `word${index}`);
    const document = invoice({
      lines: [{ description: words.join(' '), quantity: '1', unitPriceMinor: 37_500, amountMinor: 37_500 }],
    });
    const text = textOf(await documents.invoicePdf(document));

    const printed = new Set(text.split(/\s+/));
    expect(words.filter((word) => !printed.has(word))).toEqual([]);
    expect(text).toContain('Amount due');
  });

  it('is on the paper of the branch’s country', async () => {
    expect(new Set(sizes(await documents.invoicePdf(longInvoice(40))))).toEqual(new Set(['612 × 792']));
    const german = invoice({ branch: { ...branch, country: 'DE' } });
    expect(sizes(await documents.invoicePdf(german))).toEqual(['595.28 × 841.89']);
    expect(sizes(await documents.receiptPdf(receipt({ branch: { ...branch, country: 'JP' } })))).toEqual([
      '595.28 × 841.89',
    ]);
  });

  it('has room for the longest German company name', async () => {
    const [page] = readPages(await documents.invoicePdf(invoice({ branch: { ...branch, name: LONGEST_GERMAN_NAME } })));

    const title = page!.find(({ text }) => text === 'Invoice')!;
    const name = page!.filter(
      ({ text, baseline }) => LONGEST_GERMAN_NAME.includes(text.trim()) && text.length > 3 && baseline > 600,
    );
    expect(name.map(({ text }) => text.trim()).join(' ')).toBe(LONGEST_GERMAN_NAME);
    for (const { right } of name) {
      expect(right).toBeLessThan(title.left);
    }
    for (const { right } of page!) {
      expect(right).toBeLessThanOrEqual(612 - 47);
    }
  });
});
