/** What stands beside the form of the import: the columns, and a file to begin with. */

export interface ColumnHelp {
  readonly name: string;
  readonly needed: boolean;
  readonly words: string;
}

export const COLUMN_HELP: readonly ColumnHelp[] = [
  {
    name: 'number',
    needed: true,
    words: 'Unique in the branch. Rows that follow each other with one number are one invoice.',
  },
  { name: 'issued_on', needed: true, words: 'A date like 2026-11-20.' },
  { name: 'due_on', needed: true, words: 'A date like 2026-12-20.' },
  { name: 'currency', needed: true, words: "The branch's, like USD." },
  { name: 'description', needed: true, words: 'Of this line.' },
  { name: 'quantity', needed: false, words: 'A decimal; 1 where it is empty.' },
  { name: 'unit_price', needed: true, words: 'A decimal like 125.00, or give the line’s amount instead.' },
  { name: 'amount', needed: false, words: 'Of this line, in place of quantity × unit price.' },
  { name: 'customer_name', needed: false, words: 'Needed unless the external id is that of a known customer.' },
  { name: 'customer_email', needed: false, words: 'One address.' },
  { name: 'customer_phone', needed: false, words: 'With country code, or as in the branch’s country.' },
  { name: 'customer_external_id', needed: false, words: 'The customer’s id in your books.' },
  { name: 'customer_locale', needed: false, words: 'Like en-US or es.' },
  { name: 'tax', needed: false, words: 'Of the invoice, a decimal; 0 where it is empty.' },
  { name: 'expected_total', needed: false, words: 'The invoice is refused where its total differs.' },
  { name: 'external_id', needed: false, words: 'The invoice’s id in your books.' },
  { name: 'branch_id', needed: false, words: 'Where a file is for several branches.' },
];

/** Two invoices: one of two lines, one of a single line. */
export const TEMPLATE = [
  'number,issued_on,due_on,currency,customer_name,customer_email,customer_phone,description,quantity,unit_price,tax',
  'INV-2001,2026-11-20,2026-12-20,USD,Ada Byron,ada@example.com,+12125550100,"Cold storage, 3 days",3,125.00,30.94',
  'INV-2001,,,,,,,Delivery,1,40.00,',
  'INV-2002,2026-11-20,2026-12-20,USD,Ada Byron,ada@example.com,+12125550100,Inspection,1,90.00,',
  '',
].join('\r\n');
