import type { z } from 'zod';
import type { PaymentHistory, PaymentRow } from '../../projections/payment-history.js';
import type { paymentBody, paymentPage, paymentSummary } from './schemas/payments.js';
import { toMoney } from './schemas/values.js';

export type PaymentBody = z.infer<typeof paymentBody>;
export type PaymentPage = z.infer<typeof paymentPage>;
export type PaymentSummaryBody = z.infer<typeof paymentSummary>;
type PaymentSummary = Awaited<ReturnType<PaymentHistory['summary']>>;
type PaymentTotals = Awaited<ReturnType<PaymentHistory['find']>>['totals'][number];

/** A payment as it is answered. */
export function toPayment(row: PaymentRow): PaymentBody {
  const money = (amountMinor: number) => toMoney(amountMinor, row.currency);
  const { cardBrand: brand, cardLast4: last4, cardFunding: funding } = row;
  return {
    id: row.paymentId,
    invoiceId: row.invoiceId,
    invoiceNumber: row.invoiceNumber,
    branchId: row.branchId,
    customerName: row.customerName,
    method: row.method,
    capturedAt: row.capturedAt,
    receivedOn: row.receivedOn,
    reference: row.reference,
    amount: money(row.amountMinor),
    fee: money(row.feeMinor),
    total: money(row.totalMinor),
    refunded: money(row.refundedMinor),
    card: brand === null ? null : { brand, last4: last4 ?? '', funding: funding ?? 'unknown' },
    status: row.status,
    receiptNumber: row.receiptNumber,
    paymentIntentId: row.paymentIntentId,
  };
}

export function toTotals(totals: PaymentTotals): PaymentPage['totals'][number] {
  const { currency, count, amountMinor, feeMinor, totalMinor, refundedMinor } = totals;
  return { currency, count, amount: amountMinor, fee: feeMinor, total: totalMinor, refunded: refundedMinor };
}

export function toSummary({ totals, byDay, byBranch, byMethod }: PaymentSummary): PaymentSummaryBody {
  return {
    totals: totals.map(toTotals),
    byDay: byDay.map((row) => ({ day: row.day, ...toTotals(row) })),
    byBranch: byBranch.map((row) => ({ branchId: row.branchId, branchName: row.branchName, ...toTotals(row) })),
    byMethod: byMethod.map((row) => ({ method: row.method, cardBrand: row.cardBrand, ...toTotals(row) })),
  };
}
