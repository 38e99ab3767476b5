/** Characters that nobody sees, in what people write and others read. */
import { describe, expect, it } from '@jest/globals';
import { newInvoice } from '../../src/web/api/schemas/invoices.js';
import { line, paragraph } from '../../src/web/api/schemas/values.js';
import { invoiceOf } from './api-examples.js';

const BRANCH_ID = '6f1d1c2e-6d0b-5f0e-9c39-5b1f7a0c4e11';

describe('an invoice', () => {
  it.each([
    ['a name turned round', { customer: { name: 'Ada \u202enoryB' } }, 'customer.name', 'U+202E'],
    ['a number that hides something', { number: 'INV\u200b-1' }, 'number', 'U+200B'],
    [
      'a description in an isolate',
      { lines: [{ description: 'Cold \u2067x', amount: 1 }] },
      'lines.0.description',
      'U+2067',
    ],
  ])('with %s is refused by its field', (_, changes, field, character) => {
    const { error } = newInvoice.safeParse({ ...invoiceOf(BRANCH_ID), ...changes });
    expect(error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
      [field, `must not contain the invisible character ${character}`],
    ]);
  });
});

describe('every other text', () => {
  it.each([line(100), paragraph(100)])('is refused likewise, and keeps what scripts need', (schema) => {
    expect(schema.safeParse('due \u2060today').success).toBe(false);
    expect(schema.parse('\u0645\u06cc\u200c\u0631\u0648\u0645')).toBe('\u0645\u06cc\u200c\u0631\u0648\u0645');
  });
});
