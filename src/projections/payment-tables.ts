/** The tables of payment history. */
import type { ProjectedRow } from './projection.js';
import type { Table } from './table.js';

export interface StoredPaymentRow extends ProjectedRow {
  readonly paymentId: string;
  readonly invoiceId: string;
  /** Null where staff recorded the payment. */
  readonly linkId: string | null;
  readonly branchId: string;
  readonly invoiceNumber: string;
  readonly customerId: string;
  readonly customerName: string;
  /** `card`, or one of the recorded ways. */
  readonly method: string;
  /** `captured`, `recorded` or `reversed`. */
  readonly status: string;
  /** The processor's time; of a recorded payment noon of `receivedOn`, as the branch's clocks stood when it was recorded. */
  readonly capturedAt: string;
  /** Towards the invoice. */
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly currency: string;
  readonly cardBrand: string | null;
  readonly cardLast4: string | null;
  readonly cardFunding: string | null;
  readonly paymentIntentId: string | null;
  readonly receiptId: string | null;
  readonly receiptNumber: string | null;
  /** Of a recorded payment: the date in its branch's zone. */
  readonly receivedOn: string | null;
  readonly reference: string | null;
  /** When it was written down, taken back, and given its receipt: what the list knew at a moment. */
  readonly recordedAt: string;
  readonly reversedAt: string | null;
  readonly receiptAt: string | null;
  readonly search: string;
  readonly position: string;
}

export interface PaymentInvoiceRow extends ProjectedRow {
  readonly invoiceId: string;
  readonly branchId: string;
  readonly number: string;
  readonly customerId: string;
  readonly customerName: string;
}

export interface PaymentBranchRow extends ProjectedRow {
  readonly branchId: string;
  readonly timeZone: string;
}

export const payments: Table<StoredPaymentRow> = {
  name: 'payments',
  key: 'paymentId',
  columns: {
    paymentId: 'uuid',
    invoiceId: 'uuid',
    linkId: 'text',
    branchId: 'uuid',
    invoiceNumber: 'text',
    customerId: 'uuid',
    customerName: 'text',
    method: 'text',
    status: 'text',
    capturedAt: 'instant',
    amountMinor: 'minor',
    feeMinor: 'minor',
    totalMinor: 'minor',
    refundedMinor: 'minor',
    currency: 'text',
    cardBrand: 'text',
    cardLast4: 'text',
    cardFunding: 'text',
    paymentIntentId: 'text',
    receiptId: 'text',
    receiptNumber: 'text',
    receivedOn: 'date',
    reference: 'text',
    recordedAt: 'instant',
    reversedAt: 'instant',
    receiptAt: 'instant',
    search: 'text',
    position: 'position',
    revision: 'position',
  },
};

export const paymentInvoices: Table<PaymentInvoiceRow> = {
  name: 'payment_invoices',
  key: 'invoiceId',
  columns: {
    invoiceId: 'uuid',
    branchId: 'uuid',
    number: 'text',
    customerId: 'uuid',
    customerName: 'text',
    revision: 'position',
  },
};

export const paymentBranches: Table<PaymentBranchRow> = {
  name: 'payment_branches',
  key: 'branchId',
  columns: { branchId: 'uuid', timeZone: 'text', revision: 'position' },
};
