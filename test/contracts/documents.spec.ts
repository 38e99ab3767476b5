import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Documents } from '../../src/application/documents.js';
import { PdfkitDocuments } from '../../src/infrastructure/pdf/pdfkit-documents.js';
import { branch, invoice, LOGO, longInvoice, receipt } from '../infrastructure/pdf-fixtures.js';
import { structureOf, textOf } from '../infrastructure/pdf-reader.js';

const documents: Documents = new PdfkitDocuments();
const project = fileURLToPath(new URL('../..', import.meta.url));
const folders: string[] = [];

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A build of these very sources, for a process of its own. */
async function buildElsewhere(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'documents-'));
  folders.push(folder);
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  const target = join(folder, 'built.mjs');
  const swc = join(project, 'node_modules/@swc/cli/bin/swc.js');
  const sources = ['src/infrastructure', 'src/application', 'src/domain', 'src/web/assets'];
  execFileSync(process.execPath, [swc, ...sources, '-d', target, '--strip-leading-paths', '--copy-files', '--quiet'], {
    cwd: project,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return target;
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('an invoice as a PDF', () => {
  it('says who, to whom, what for, how much and until when', async () => {
    const text = textOf(await documents.invoicePdf(invoice()));
    for (const said of [
      'Invoice',
      'INV-1001',
      'Main Street',
      'Austin, TX 78701',
      'Ada Byron',
      'Issued November 20, 2026',
      'Due December 20, 2026',
      'Cold storage, 3 days',
      '$125.00',
      '$375.00',
      '$30.94',
      '$405.94',
      'By check to the address above, or by bank transfer without a fee.',
      'Page 1 of 1',
    ]) {
      expect(text).toContain(said);
    }
  });

  it('shows what was paid and what is left', async () => {
    const text = textOf(
      await documents.invoicePdf(invoice({ status: 'partially_paid', paidMinor: 10_000, balanceMinor: 30_594 })),
    );
    expect(text).toContain('-$100.00');
    expect(text.split('\n').filter((line) => line === '$305.94')).toHaveLength(2);
  });

  it('asks for nothing once it is paid or void', async () => {
    const paid = textOf(await documents.invoicePdf(invoice({ status: 'paid', paidMinor: 40_594, balanceMinor: 0 })));
    expect(paid).toContain('Paid in full');
    expect(paid).toContain('$0.00');
    const voided = textOf(await documents.invoicePdf(invoice({ status: 'void' })));
    expect(voided).toContain('Void: nothing is due');
    expect(voided).not.toContain('Ways to pay');
  });

  it('is tagged: a heading, and the lines as a table with headers', async () => {
    const pdf = await documents.invoicePdf(longInvoice(60));
    const structure = structureOf(pdf);
    expect(structure[0]).toBe('Document');
    expect(structure).toContain('H1');
    const count = (type: string) => structure.filter((found) => found === type).length;
    expect(count('Table')).toBe(2);
    expect(count('TR')).toBe(1 + 60 + 4);
    expect(count('TD')).toBe(60 * 4 + 4);
    expect(pdf.toString('latin1')).toMatch(/\/Marked true/);
    expect(pdf.toString('latin1')).toMatch(/\/Lang \(en\)/);
  });

  it('carries no link and no address that could be followed', async () => {
    expect((await documents.invoicePdf(invoice())).toString('latin1')).not.toMatch(
      /\/URI|\/Annot|https?:\/\/(?!ns\.adobe|www\.w3|purl)/,
    );
  });
});

describe('a receipt as a PDF', () => {
  it('shows the invoice amount and the fee as two lines, the card, the time in the zone of the branch', async () => {
    const text = textOf(await documents.receiptPdf(receipt()));
    const lines = text.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'Receipt',
        'R-000042',
        'Invoice INV-1001',
        '$405.94',
        'Processing fee',
        '$12.17',
        'Total paid',
        '$418.11',
        'Visa ending in 4242',
        'Ada Byron',
      ]),
    );
    expect(text).toMatch(/November 21, 2026 at 10:30\sPM EST/);
  });

  it('has no line for a fee that there was not', async () => {
    const text = textOf(await documents.receiptPdf(receipt({ feeMinor: 0, totalMinor: 40_594 })));
    expect(text).not.toContain('Processing fee');
  });

  it('says that it is a test only where no money moved', async () => {
    expect(textOf(await documents.receiptPdf(receipt()))).toContain('Test: no money moved');
    expect(textOf(await documents.receiptPdf(receipt({ testMode: false })))).not.toContain('Test');
  });
});

describe('the same document', () => {
  const rich = { branch: { ...branch, logo: LOGO }, customer: { name: 'Åsa 北京 1x2' } };

  it('gives the same bytes, whatever was made before', async () => {
    const first = [await documents.invoicePdf(invoice(rich)), await documents.receiptPdf(receipt())].map(hash);
    await documents.invoicePdf(
      invoice({ customer: { name: '3\u00a0×\u00a04 A\u030asa x' }, locale: 'fr-FR', currency: 'EUR' }),
    );
    const again = [await documents.invoicePdf(invoice(rich)), await documents.receiptPdf(receipt())].map(hash);
    expect(again).toEqual(first);
  });

  it('gives the same bytes in another process, in another zone and language, after other documents', async () => {
    const here = [await documents.invoicePdf(invoice(rich)), await documents.receiptPdf(receipt())].map(hash);
    const built = join(await buildElsewhere(), 'infrastructure/pdf/pdfkit-documents.js');
    const script = `
      const { PdfkitDocuments } = await import(process.argv[1]);
      const { createHash } = await import('node:crypto');
      const [invoice, receipt, other] = JSON.parse(process.argv[2]);
      const documents = new PdfkitDocuments();
      await documents.invoicePdf(other);
      const made = [await documents.invoicePdf(invoice), await documents.receiptPdf(receipt)];
      console.log(JSON.stringify(made.map((bytes) => createHash('sha256').update(bytes).digest('hex'))));`;
    const other = invoice({ number: '3\u00a0×\u00a04', customer: { name: '1 × 2 A\u030asa' } });
    const answer = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', script, built, JSON.stringify([invoice(rich), receipt(), other])],
      { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', TZ: 'Pacific/Kiritimati', LANG: 'de_DE.UTF-8' } },
    );
    expect(JSON.parse(answer)).toEqual(here);
  });

  it('differs where the document differs', async () => {
    expect(hash(await documents.invoicePdf(invoice({ number: 'INV-1002' })))).not.toBe(
      hash(await documents.invoicePdf(invoice())),
    );
  });
});
