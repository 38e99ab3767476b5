import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PdfkitDocuments } from '../../src/infrastructure/pdf/pdfkit-documents.js';
import { printable } from '../../src/infrastructure/pdf/inter-font.js';
import { branch, invoice, LOGO, receipt } from './pdf-fixtures.js';
import { readPages, textOf } from './pdf-reader.js';

const documents = new PdfkitDocuments();

describe('characters', () => {
  it('prints Latin, Greek and Cyrillic as they are', async () => {
    const names = ['Łukasz Ångström', 'Ελένη', 'Жанна Ёлкина', 'Nguyễn Thị', 'Groß & Söhne', 'e\u0301te\u0301'];
    for (const name of names) {
      expect(textOf(await documents.invoicePdf(invoice({ customer: { name } })))).toContain(name.normalize('NFC'));
    }
  });

  it('prints a mark for each character that the font lacks, and says what the mark means', async () => {
    const text = textOf(
      await documents.invoicePdf(
        invoice({ customer: { name: '北京 Trading' }, branch: { ...branch, name: 'שלום Shop' } }),
      ),
    );

    expect(text).toContain('□□ Trading');
    expect(text).toContain('□□□□ Shop');
    expect(text).toContain('□ stands for a character');
    expect(textOf(await documents.invoicePdf(invoice()))).not.toContain('□');
  });

  it('counts a composed emoji as one character, and takes a compatible form where there is one', () => {
    expect(printable('👩‍👩‍👧 ok')).toBe('□ ok');
    expect(printable('ﬁne')).toBe('fine');
    expect(printable('a\u202eb\u0000c\nd')).toBe('abc d');
  });

  it('keeps money readable where the locale writes its own digits', async () => {
    const document = invoice({ locale: 'ar-EG', currency: 'EGP' });
    expect(textOf(await documents.invoicePdf(document))).toContain('EGP 405.94');
  });

  it('prints yen without decimals and a date that it has the characters for', async () => {
    const text = textOf(await documents.invoicePdf(invoice({ locale: 'ja-JP', currency: 'JPY' })));

    expect(text).toContain('\u00a540,594');
    expect(text).toContain('2026-12-20');
    expect(text).not.toContain('□');
  });

  it('copies figures and letters as they were written', async () => {
    const description = '1x2 3:4 -> 5-6 Room 12';
    const document = invoice({ lines: [{ description, quantity: '1', unitPriceMinor: 37_500, amountMinor: 37_500 }] });
    expect(textOf(await documents.invoicePdf(document))).toContain(description);
  });

  it('survives any text in any place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const hostile = invoice({
          number: text,
          customer: { name: text, address: [text] },
          branch: { ...branch, name: text, address: [text], telephone: text, otherWaysToPay: text },
          lines: [{ description: text, quantity: '1', unitPriceMinor: 37_500, amountMinor: 37_500 }],
        });
        expect(textOf(await documents.invoicePdf(hostile))).toContain('$405.94');
        await documents.receiptPdf(receipt({ customerName: text, receiptNumber: text, feeLabel: text }));
      }),
      { numRuns: 40 },
    );
  });
});

describe('the logo', () => {
  const withLogo = (logo: string) => documents.invoicePdf(invoice({ branch: { ...branch, logo } }));

  it('stands on the page when it is a sound picture', async () => {
    expect((await withLogo(LOGO)).toString('latin1')).toContain('/Subtype /Image');
  });

  it('is left out when it is broken, oversized or no picture, and the invoice is made', async () => {
    const bytes = Buffer.from(LOGO.split(',')[1]!, 'base64');
    const huge = Buffer.from(bytes);
    huge.writeUInt32BE(60_000, 16);
    const flipped = Buffer.from(bytes);
    flipped.fill(0, 45, 60);
    const png = (data: Buffer) => `data:image/png;base64,${data.toString('base64')}`;
    const broken = [
      png(huge),
      png(flipped),
      png(bytes.subarray(0, 60)),
      'data:image/jpeg;base64,/9j/2Q==',
      'data:image/png;base64,',
      'nonsense',
    ];
    for (const logo of broken) {
      const pdf = await withLogo(logo);
      expect(pdf.toString('latin1')).not.toContain('/Subtype /Image');
      expect(readPages(pdf)).toHaveLength(1);
    }
  });
});
