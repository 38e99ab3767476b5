/** Decides what an invoice says: when it is registered, and when it is revised. */
import { DomainError } from '../errors.js';
import { MAX_AMOUNT_MINOR, sumMinor } from '../money.js';
import type { RegisterInvoice, ReviseInvoice } from './commands.js';
import type { InvoiceEvent, InvoiceRevised } from './events.js';
import type { Invoice, InvoiceState } from './state.js';

export function decideRegister({ data }: RegisterInvoice, state: InvoiceState): readonly InvoiceEvent[] {
  if (state.status !== 'absent') {
    throw new DomainError('number_taken', { invoiceId: state.registered.invoiceId, number: data.number });
  }
  assertInOrder(data);
  return [{ type: 'InvoiceRegistered', data }];
}

/**
 * The document is replaced whole. Refused while somebody pays what it said, and below what was paid already. A revision that
 * changes nothing is quiet.
 */
export function decideRevise({ data, seenRevision }: ReviseInvoice, state: Invoice): readonly InvoiceEvent[] {
  assertSeen(seenRevision, state);
  if (state.status === 'void') throw new DomainError('invoice_void');
  if (data.customerId !== state.registered.customerId) {
    throw new DomainError('customer_differs', { customerId: state.registered.customerId });
  }
  assertInOrder(data);
  if (saysTheSame(data, state)) return [];
  if (state.openAttempt) throw new DomainError('payment_in_progress');
  if (data.totalMinor < state.paidMinor) {
    throw new DomainError('total_below_paid', { total: data.totalMinor, paid: state.paidMinor });
  }
  return [{ type: 'InvoiceRevised', data }];
}

/** @throws DomainError `version_changed` where what is payable changed after that revision, or there is no such revision. */
export function assertSeen(seenRevision: bigint | undefined, state: Invoice): void {
  if (seenRevision === undefined) return;
  if (seenRevision < state.payableVersion) {
    throw new DomainError('version_changed', { payableVersion: String(state.payableVersion) });
  }
  if (seenRevision > state.revision) throw new DomainError('version_changed', { revision: String(state.revision) });
}

/** Its lines add up to its total, which one invoice can be for, and it is not due before it is issued. */
function assertInOrder(data: InvoiceRevised['data']): void {
  const total = sumMinor([...data.lines.map((line) => line.amountMinor), data.taxMinor]);
  if (total !== data.totalMinor) throw new DomainError('total_mismatch', { expected: data.totalMinor, actual: total });
  if (total < 0 || total > MAX_AMOUNT_MINOR) {
    throw new DomainError('amount_out_of_range', { amount: total, least: 0, most: MAX_AMOUNT_MINOR });
  }
  if (data.dueOn < data.issuedOn) {
    throw new DomainError('invalid_due_date', { issuedOn: data.issuedOn, dueOn: data.dueOn });
  }
}

function saysTheSame(data: InvoiceRevised['data'], { registered }: Invoice): boolean {
  return content(data) === content(registered);
}

/** Everything that a revision can change, field by field in one order. */
function content(data: InvoiceRevised['data']): string {
  const { issuedOn, dueOn, externalId, locale, taxMinor, totalMinor } = data;
  const { name, email, phone, address } = data.customer;
  const lines = data.lines.map((line) => [line.description, line.quantity, line.unitPriceMinor, line.amountMinor]);
  return JSON.stringify([
    issuedOn,
    dueOn,
    externalId,
    locale,
    taxMinor,
    totalMinor,
    name,
    email,
    phone,
    address,
    lines,
  ]);
}
