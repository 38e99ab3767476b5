import type { World } from './api-world.js';

export const BRANCH = {
  name: 'Main Street',
  timeZone: 'America/New_York',
  currency: 'USD',
  locale: 'en-US',
  country: 'US',
  region: 'NJ',
  replyTo: 'office@example.com',
};

export const POLICY = {
  enabled: true,
  rateBps: 300,
  fixed: 0,
  capBps: 300,
  costBps: 300,
  fundings: ['credit'],
  label: 'Processing fee',
};

export function invoiceOf(branchId: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    branchId,
    number: 'INV-1001',
    issuedOn: '2026-11-20',
    dueOn: '2026-12-20',
    currency: 'USD',
    customer: { name: 'Ada Byron', email: 'ada@example.com', phone: '+12125550100' },
    lines: [{ description: 'Cold storage, 3 days', quantity: '3', unitPrice: 12500 }],
    tax: 3094,
    ...changes,
  };
}

export async function makeBranch(world: World, changes: Record<string, unknown> = {}): Promise<string> {
  const { body } = (await world
    .call('post', '/api/v1/branches')
    .send({ ...BRANCH, ...changes })
    .expect(201)) as { body: { id: string } };
  return body.id;
}

export async function makeInvoice(
  world: World,
  branchId: string,
  changes: Record<string, unknown> = {},
): Promise<string> {
  const { body } = (await world.call('post', '/api/v1/invoices').send(invoiceOf(branchId, changes)).expect(201)) as {
    body: { id: string };
  };
  return body.id;
}

export async function makeKey(
  world: World,
  role: string,
  branchIds?: readonly string[],
): Promise<{ id: string; key: string }> {
  const { body } = await world
    .call('post', '/api/v1/api-keys')
    .send({ name: `a ${role}`, role, ...(branchIds ? { branchIds } : {}) })
    .expect(201);
  return body as { id: string; key: string };
}

let made = 0;

/** A capture, as the payment's own use case would record it. */
export async function capture(
  world: World,
  invoiceId: string,
  branchId: string,
  changes: Record<string, unknown> = {},
): Promise<string> {
  made += 1;
  const paymentId = `00000000-0000-5000-8000-${String(made).padStart(12, '0')}`;
  const receiptId = `receipt${String(made).padStart(9, '0')}`;
  await world.append(`invoice-${invoiceId}`, [
    {
      type: 'PaymentStarted',
      data: {
        attemptId: paymentId,
        linkId: 'linklinklinklink',
        branchId,
        processor: 'stripe',
        account: { mode: 'platform' },
        paymentIntentId: `pi_${made}`,
        confirmationTokenId: `ctoken_${made}`,
        amountMinor: 40594,
        feeMinor: 1217,
        totalMinor: 41811,
        currency: 'USD',
        payableVersion: '0',
      },
    },
    {
      type: 'PaymentCaptured',
      data: {
        paymentId,
        attemptId: paymentId,
        linkId: 'linklinklinklink',
        branchId,
        processor: 'stripe',
        paymentIntentId: `pi_${made}`,
        chargeId: `ch_${made}`,
        amountMinor: 40594,
        feeMinor: 1217,
        totalMinor: 41811,
        currency: 'USD',
        card: { brand: 'visa', last4: '4242', funding: 'credit', country: 'US' },
        capturedAt: '2026-11-22T03:30:00.000Z',
        ...changes,
      },
    },
    { type: 'ReceiptIssued', data: { paymentId, receiptId, number: '000001' } },
  ]);
  await world.catchUp();
  return paymentId;
}
