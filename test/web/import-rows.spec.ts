import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ImportFormat, InvoiceRow } from '../../src/application/import/invoice-rows.js';
import { FileRows } from '../../src/web/api/import/file-rows.js';

const BRANCH_ID = '4b2f8a54-1c1b-5d3e-9a56-0f4f5d0c2e11';
const HEADER = 'number,issued_on,due_on,currency,customer_name,customer_email,description,quantity,unit_price,tax';
const good = (number: string, more = 'Storage,2,12.50,'): string =>
  `${number},2026-11-20,2026-12-20,USD,Ada Byron,ada@example.com,${more}`;

/** Reads a file that arrives in pieces of this many bytes. */
async function read(text: string, format: ImportFormat = 'csv', piece = 7): Promise<InvoiceRow[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  const rows: InvoiceRow[] = [];
  for await (const row of new FileRows().read(format, chunks(), BRANCH_ID)) rows.push(row);
  return rows;
}

const problemsOf = (rows: readonly InvoiceRow[]): unknown[] =>
  rows.flatMap((row) =>
    'problems' in row ? row.problems.map(({ line, field, reason }) => [line, field, reason]) : [],
  );

describe('a table of invoices', () => {
  it('has one invoice for the rows that follow each other with one number', async () => {
    const text = [HEADER, good('A-1'), 'A-1,,,,,,Delivery,1,40.00,', good('A-2', '"Storage, cold",1,0.99,1.01')].join(
      '\r\n',
    );
    const rows = await read(text);
    expect(rows).toMatchObject([
      { line: 2, lastLine: 3, number: 'A-1', input: { branchId: BRANCH_ID, number: 'A-1', tax: 0 } },
      { line: 4, lastLine: 4, number: 'A-2', input: { tax: 101 } },
    ]);
    expect(rows.map((row) => 'input' in row && row.input.lines)).toEqual([
      [
        { description: 'Storage', quantity: '2', unitPrice: 1250, amount: undefined },
        { description: 'Delivery', quantity: '1', unitPrice: 4000, amount: undefined },
      ],
      [{ description: 'Storage, cold', quantity: '1', unitPrice: 99, amount: undefined }],
    ]);
  });

  it('names line and column of what is wrong, and goes on', async () => {
    const bad = good('A-2').replace('2026-11-20', '2026-13-40');
    const text = [HEADER, good('A-1'), bad, 'A-2,,,,,,,1,x,', good('A-3')].join('\n');
    const rows = await read(text);
    expect(rows.map(({ number }) => number)).toEqual(['A-1', 'A-2', 'A-3']);
    expect(problemsOf(rows)).toEqual([
      [3, 'issued_on', 'must be a date of the calendar, like 2026-11-20'],
      [4, 'description', 'is required'],
      [4, 'unit_price', 'must be a decimal of the currency, like 125.00'],
    ]);
  });

  it('refuses an invoice whole where one of its rows cannot be read', async () => {
    const rows = await read([HEADER, good('A-1'), 'A-1,,,,,,"open,1,40.00,', good('A-2')].join('\n'));
    expect(rows).toMatchObject([{ number: 'A-1', lastLine: 3 }, { number: 'A-2' }]);
    expect(problemsOf(rows)).toEqual([[3, '', expect.stringContaining('quotation mark')]]);
  });

  it('refuses rows of one invoice that say different things of it', async () => {
    const rows = await read([HEADER, good('A-1'), good('A-1').replace('2026-12-20', '2026-12-21')].join('\n'));
    expect(problemsOf(rows)).toEqual([[3, 'due_on', expect.stringContaining('the same as on line 2')]]);
  });

  it('says twenty things of one invoice and no more, however many of its rows are wrong', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => good('A-1').replaceAll('Ada Byron', `Ada ${index}`));
    const text = [HEADER, ...rows, good('A-2')].join('\n');
    const [first, second] = await read(text, 'csv', 4_096);
    expect(problemsOf([first!])).toHaveLength(20);
    expect(first).toMatchObject({ line: 2, lastLine: 501 });
    expect(second).toMatchObject({ number: 'A-2', input: {} });
  });

  it('takes semicolons and tabs, a byte order mark, empty lines and columns in any order', async () => {
    const header = 'unit_price;description;currency;due_on;issued_on;customer_name;number';
    const text = `\ufeff${header}\n\n12.50;"a; b";USD;2026-12-20;2026-11-20;Ada Byron;A-1\n`;
    expect(await read(text)).toMatchObject([{ line: 3, input: { number: 'A-1', lines: [{ description: 'a; b' }] } }]);
    expect(await read(text.replace('a; b', 'a b').replaceAll(';', '\t'))).toMatchObject([{ input: { number: 'A-1' } }]);
  });

  it('reads money by the digits of its currency, and nothing that could be read in two ways', async () => {
    const line = (currency: string, price: string): string =>
      `A-1,2026-11-20,2026-12-20,${currency},Ada Byron,,Storage,1,${price},`;
    const prices = async (currency: string, price: string): Promise<unknown> => {
      const [row] = await read([HEADER, line(currency, price)].join('\n'));
      return row && 'input' in row ? row.input.lines[0]!.unitPrice : 'refused';
    };
    expect(await prices('USD', '-0.05')).toBe(-5);
    expect(await prices('USD', '7')).toBe(700);
    expect(await prices('USD', '7.500')).toBe(750);
    expect(await prices('JPY', '7')).toBe(7);
    for (const price of ['7.505', '"1,234.50"', '1e3', '0x10', '$5', '٣'])
      expect(await prices('USD', price)).toBe('refused');
    expect(await prices('JPY', '7.5')).toBe('refused');
  });

  it('gives up a line that is too long, and no other', async () => {
    const rows = await read([HEADER, good('A-1'), 'x'.repeat(20_000), good('A-2')].join('\n'), 'csv', 1_000);
    expect(problemsOf(rows)).toEqual([[3, '', 'is longer than 16000 characters']]);
    expect(rows.map(({ number }) => number)).toEqual(['A-1', undefined, 'A-2']);
  });

  it('reads any text to its end, the same however it is cut', async () => {
    const cell = fc.constantFrom(
      'A-1',
      'A-2',
      '"',
      '""',
      ',',
      '\n',
      '\r\n',
      'é',
      '€',
      '=1+1',
      '\u0000',
      ' ',
      '2026-11-20',
      '"a\nb"',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), async (cells, piece) => {
        const text = `${HEADER}\n${cells.join(',')}\n${good('A-9')}`;
        const rows = await read(text, 'csv', piece);
        expect(rows).toEqual(await read(text, 'csv', 10_000));
        expect(rows.at(-1)).toMatchObject({ number: 'A-9' });
      }),
      { numRuns: 200 },
    );
  });
});

describe('invoices one a line', () => {
  const body = (number: string, more: object = {}): string =>
    JSON.stringify({
      number,
      issuedOn: '2026-11-20',
      dueOn: '2026-12-20',
      currency: 'USD',
      customer: { name: 'Ada Byron' },
      lines: [{ description: 'Storage', unitPrice: 1250 }],
      ...more,
    });

  it('are the bodies of single ones', async () => {
    const other = '9d3f54e6-8a3e-5c60-b6ad-b9c6f2a0d702';
    const rows = await read([body('A-1'), '', body('A-2', { branchId: other })].join('\n'), 'ndjson');
    expect(rows).toMatchObject([
      { line: 1, input: { branchId: BRANCH_ID } },
      { line: 3, input: { branchId: other } },
    ]);
  });

  it('say what is wrong as the API says it', async () => {
    const rows = await read(
      [
        body('A-1', { colour: 'red' }),
        '{',
        '[]',
        'null',
        body('A-2', { lines: [{ description: 'x', quantity: 2 }] }),
      ].join('\n'),
      'ndjson',
    );
    expect(problemsOf(rows)).toEqual([
      [1, 'colour', 'is not known here'],
      [2, '', 'is not JSON'],
      [3, '', 'is not a JSON object'],
      [4, '', 'is not a JSON object'],
      [5, 'lines.0.quantity', 'must be a decimal as text, like "3" or "1.25"'],
    ]);
  });
});
