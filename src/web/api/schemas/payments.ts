import { z } from 'zod';
import { listOf } from './lists.js';
import { answer } from './registry.js';
import { money } from './values.js';

export const paymentBody = answer('Payment', {
  id: z.string(),
  invoiceId: z.string(),
  invoiceNumber: z.string(),
  branchId: z.string(),
  customerName: z.string(),
  method: z.string(),
  capturedAt: z.string().describe("The processor's time; of a recorded payment noon of receivedOn where the branch is"),
  receivedOn: z.string().nullable().describe('Of a recorded payment'),
  reference: z.string().nullable(),
  amount: money.describe('Towards the invoice, without the fee'),
  fee: money,
  total: money,
  refunded: money,
  card: z.object({ brand: z.string(), last4: z.string(), funding: z.string() }).nullable(),
  status: z.string(),
  receiptNumber: z.string().nullable(),
  paymentIntentId: z.string().nullable(),
});

const sums = {
  currency: z.string(),
  count: z.int(),
  amount: z.int(),
  fee: z.int(),
  total: z.int(),
  refunded: z.int(),
};
const totals = z
  .array(z.object(sums))
  .describe('One entry a currency, in minor units, over the whole filter; without what was reversed');

export const paymentPage = answer('PaymentPage', { ...listOf(paymentBody), totals });

export const paymentSummary = answer('PaymentSummary', {
  totals,
  byDay: z.array(z.object({ day: z.string().describe('A date in the zone of each branch'), ...sums })),
  byBranch: z.array(z.object({ branchId: z.string(), branchName: z.string().nullable(), ...sums })),
  byMethod: z.array(z.object({ method: z.string(), cardBrand: z.string().nullable(), ...sums })),
});

const auditEvent = answer('AuditEvent', {
  revision: z.string(),
  type: z.string(),
  id: z.string(),
  occurredAt: z.string(),
  actor: z.string(),
  correlationId: z.string(),
  causationId: z.string(),
  schemaVersion: z.int(),
  position: z.string(),
  data: z.record(z.string(), z.unknown()),
  hash: z.string().describe('SHA-256 of the hash before and this event'),
});
export const auditPage = answer('AuditPage', listOf(auditEvent));
