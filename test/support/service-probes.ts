/** What is asked of a running service from outside, to see whether it is well. */
import { expect } from '@jest/globals';
import { call, eventually, type Service } from './service.js';

/** How long a service may need to be well again after an outage has ended, on a machine that is busy. */
export const RECOVERY_LIMIT_MS = 60_000;

interface Invoice {
  readonly id: string;
  readonly number: string;
}

interface Readiness {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly state: string; readonly reason?: string }>>;
}

export async function invoiceNumbers(service: Service): Promise<readonly string[]> {
  const { status, body } = await call<{ items: Invoice[] }>(service, 'GET', '/invoices?limit=100');
  expect(status).toBe(200);
  return body.items.map(({ number }) => number).sort();
}

/** A write, once; the list shows it before this resolves, where it was taken. */
export async function registerInvoice(
  service: Service,
  number: string,
): Promise<{ status: number; retryAfter: string | null }> {
  const { body: branches } = await call<{ items: { id: string }[] }>(service, 'GET', '/branches');
  const made = await call(service, 'POST', '/invoices', {
    ...{
      branchId: branches.items[0]!.id,
      number,
      issuedOn: '2026-11-20',
      dueOn: '2026-12-20',
      currency: 'USD',
      tax: 0,
    },
    customer: { name: 'Ada Byron', email: 'ada@example.com' },
    lines: [{ description: 'Cold storage', quantity: '1', unitPrice: 4_200 }],
  });
  const position = made.headers.get('Ledger-Position');
  if (position !== null)
    await eventually(
      async () => {
        const { status } = await call(service, 'GET', `/invoices?after=${position}`);
        return status === 200 || undefined;
      },
      `the list to show ${number}`,
      RECOVERY_LIMIT_MS,
    );
  return { status: made.status, retryAfter: made.headers.get('Retry-After') };
}

export async function readiness(service: Service): Promise<{ status: number; body: Readiness }> {
  const response = await fetch(`${service.origin}/readyz`);
  return { status: response.status, body: (await response.json()) as Readiness };
}
