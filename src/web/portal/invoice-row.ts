import type { InvoiceRow } from '../../projections/invoices.js';
import { invoicePill, type PillView } from './pills.js';
import { dateWords, moneyWords } from './portal-formats.js';

/** An invoice as every list of the portal shows it. */
export interface InvoiceRowView {
  readonly invoiceId: string;
  readonly number: string;
  readonly issued: string;
  readonly due: string;
  readonly overdue: boolean;
  readonly total: string;
  readonly balance: string;
  readonly pill: PillView;
  /** Else a sending would be refused: nothing is owed, or never will be. */
  readonly canSend: boolean;
}

export function invoiceRowView(row: InvoiceRow): InvoiceRowView {
  return {
    invoiceId: row.invoiceId,
    number: row.number,
    issued: dateWords(row.issuedOn),
    due: dateWords(row.dueOn),
    overdue: row.overdue,
    total: moneyWords(row.totalMinor, row.currency),
    balance: moneyWords(row.balanceMinor, row.currency),
    pill: invoicePill(row.status, row.overdue),
    canSend: row.status === 'open' || row.status === 'partially_paid',
  };
}
