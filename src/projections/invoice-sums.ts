/** What is owed on an invoice of the list, and what was recorded on it. */
import type { ProjectedRow } from './projection.js';
import type { Table } from './table.js';

interface Sums {
  readonly paidMinor: number;
  readonly balanceMinor: number;
  readonly status: string;
}

/** After the total or what was paid has changed. */
export function sumsAfter(totalMinor: number, paidMinor: number): Sums {
  const balanceMinor = Math.max(0, totalMinor - paidMinor);
  const partly = paidMinor > 0 ? 'partially_paid' : 'open';
  return { paidMinor, balanceMinor, status: balanceMinor === 0 ? 'paid' : partly };
}

export interface RecordedAmountRow extends ProjectedRow {
  readonly paymentId: string;
  readonly amountMinor: number;
}

/** A reversal names the payment alone: how much is owed again stands here. */
export const recordedAmounts: Table<RecordedAmountRow> = {
  name: 'invoice_recorded_payments',
  key: 'paymentId',
  columns: { paymentId: 'uuid', amountMinor: 'minor', revision: 'position' },
};
