import { stringify } from 'csv-stringify/sync';
import type { PaymentRow } from '../../projections/payment-history.js';
import { decimalText } from '../../domain/money.js';

const COLUMNS = [
  'captured_at_local',
  'branch',
  'invoice_number',
  'customer',
  'method',
  'card',
  'amount',
  'fee',
  'total',
  'refunded',
  'currency',
  'status',
  'receipt_number',
  'payment_intent',
] as const;

type Cells = Readonly<Record<(typeof COLUMNS)[number], string>>;

/**
 * Payments as text for a spreadsheet, a page at a time, however many there are. Amounts are decimals of their currency, times
 * are of the branch's zone. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export async function* paymentsCsv(pages: AsyncIterable<readonly PaymentRow[]>): AsyncGenerator<string> {
  yield write([], true);
  for await (const rows of pages) yield write(rows.map(toCells), false);
}

function write(rows: readonly Cells[], header: boolean): string {
  // Row by row in the order of COLUMNS; a customer chooses what their name begins with.
  return stringify([...rows], { columns: [...COLUMNS], header, escape_formulas: true });
}

function toCells(row: PaymentRow): Cells {
  const decimal = (amountMinor: number) => decimalText(amountMinor, row.currency);
  return {
    // A recorded payment has a day and no time.
    captured_at_local: row.receivedOn ?? localTime(row.capturedAt, row.branchTimeZone ?? 'UTC'),
    branch: row.branchName ?? row.branchId,
    invoice_number: row.invoiceNumber,
    customer: row.customerName,
    method: row.method,
    card: [row.cardBrand, row.cardLast4].filter((part) => part !== null).join(' '),
    amount: decimal(row.amountMinor),
    fee: decimal(row.feeMinor),
    total: decimal(row.totalMinor),
    refunded: decimal(row.refundedMinor),
    currency: row.currency,
    status: row.status,
    receipt_number: row.receiptNumber ?? '',
    payment_intent: row.paymentIntentId ?? '',
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-20 14:33:05`: sorts as text, and every spreadsheet takes it for a time. */
function localTime(instant: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format.format(new Date(instant));
}
