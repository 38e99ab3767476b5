/** What messages are shown on where there is no real invoice: an example, as the branch would issue it today. */
import type { Branch } from '../../domain/branch/decider.js';
import { addDays, localDate } from '../../domain/zoned-time.js';
import type { InvoiceDocument, ReceiptDocument } from '../documents.js';
import { branchFeeLabel } from '../fee-words.js';

const DAYS_TO_PAY = 30;

export function exampleInvoice({ details }: Branch, locale: string, now: Date): InvoiceDocument {
  const issuedOn = localDate(now, details.timeZone);
  return {
    branch: details,
    invoiceId: '00000000-0000-4000-8000-000000000000',
    number: 'INV-1001',
    issuedOn,
    dueOn: addDays(issuedOn, DAYS_TO_PAY),
    currency: details.currency,
    locale,
    customer: { name: 'Ada Byron' },
    lines: [{ description: 'Example', quantity: '1', unitPriceMinor: 40594, amountMinor: 40594 }],
    taxMinor: 0,
    totalMinor: 40594,
    paidMinor: 0,
    balanceMinor: 40594,
    status: 'open',
  };
}

/** The receipt that this invoice would have if it were paid now, by a card without a fee. */
export function exampleReceipt(
  invoice: InvoiceDocument,
  branch: Branch,
  now: Date,
  testMode: boolean,
): ReceiptDocument {
  const { number, customer, locale, currency, totalMinor } = invoice;
  return {
    branch: invoice.branch,
    invoiceNumber: number,
    customerName: customer.name,
    receiptNumber: '000001',
    locale,
    currency,
    amountMinor: totalMinor,
    feeMinor: 0,
    totalMinor,
    feeLabel: branchFeeLabel(branch, locale),
    card: { brand: 'visa', last4: '4242', funding: 'debit' },
    capturedAt: now.toISOString(),
    testMode,
  };
}
