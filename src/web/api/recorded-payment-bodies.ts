import type { z } from 'zod';
import type { RecordedPaymentView } from '../../application/invoice/recorded-payment-view.js';
import type { recordedPayment } from './schemas/recorded-payments.js';
import { toMoney } from './schemas/values.js';

/** A payment that staff recorded, as it is answered. */
export function toRecordedPayment(view: RecordedPaymentView, currency: string): z.infer<typeof recordedPayment> {
  return {
    id: view.paymentId,
    status: view.status,
    method: view.method,
    amount: toMoney(view.amountMinor, currency),
    receivedOn: view.receivedOn,
    reference: view.reference ?? null,
    recordedAt: view.recordedAt,
    recordedBy: view.recordedBy,
    reversedAt: view.reversal?.at ?? null,
    reversalReason: view.reversal?.reason || null,
  };
}
