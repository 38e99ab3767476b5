import { describe, expect, it } from '@jest/globals';
import { presentCustomer } from '../../src/application/customer/present-customer.js';
import type { CustomerEvent, CustomerUpdated } from '../../src/domain/customer/events.js';
import type { DomainEvent, RecordedEvent } from '../../src/domain/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import { BRANCH_ID, CUSTOMER_ID, invoiceRegistered, invoiceRevised } from '../support/given-invoice.js';

const customerId = CUSTOMER_ID;

/** An event at a place of the log, which is all that counts here. */
function at<Event extends DomainEvent>(position: number, event: Event): RecordedEvent<Event> {
  const metadata = { schemaVersion: 1, occurredAt: '', actor: '', correlationId: '', causationId: '', hash: '' };
  return { stream: '', revision: 0n, position: BigInt(position), id: '', event, metadata };
}

const issued = (position: number, email?: string, locale?: string): RecordedEvent<InvoiceEvent> =>
  at(
    position,
    invoiceRegistered({
      customer: { name: 'Ada Byron', ...(email === undefined ? {} : { email }) },
      ...(locale === undefined ? {} : { locale }),
    }),
  );
const registered = (position: number, email?: string): RecordedEvent<CustomerEvent> =>
  at(position, {
    type: 'CustomerRegistered',
    data: {
      ...{ customerId, branchId: BRANCH_ID },
      details: { name: 'Ada Byron', ...(email === undefined ? {} : { email }) },
    },
  });
const updated = (position: number, data: Omit<CustomerUpdated['data'], 'customerId'>): RecordedEvent<CustomerEvent> =>
  at(position, { type: 'CustomerUpdated', data: { customerId, ...data } });
const email = (address: string | null) => ({ changes: { email: address } });

describe('how the customer of an invoice is reached', () => {
  it('is as the invoice says, until staff say otherwise', () => {
    expect(presentCustomer([issued(1, 'old@example.com')], []).email).toBe('old@example.com');
    const customer = [registered(2, 'old@example.com'), updated(3, email('new@example.com'))];
    expect(presentCustomer([issued(1, 'old@example.com')], customer).email).toBe('new@example.com');
    expect(presentCustomer([issued(1, 'typed@example.com')], customer).email).toBe('new@example.com');
    expect(presentCustomer([issued(1, 'old@example.com')], [...customer, updated(4, email(null))]).email).toBe(
      undefined,
    );
  });

  it('is as a later invoice says, but for an address that staff have replaced', () => {
    const customer = [registered(2, 'old@example.com'), updated(3, email('new@example.com'))];
    expect(presentCustomer([issued(4, 'newer@example.com')], customer).email).toBe('newer@example.com');
    expect(presentCustomer([issued(4, 'old@example.com')], customer).email).toBe('new@example.com');
    const back = [...customer, updated(5, email('old@example.com'))];
    expect(presentCustomer([issued(4, 'newer@example.com')], back).email).toBe('old@example.com');
    expect(presentCustomer([issued(6, 'old@example.com')], back).email).toBe('old@example.com');
  });

  it('is not said anew by an invoice that is revised for another reason', () => {
    const invoice = [issued(1, 'old@example.com')];
    const revised = at(4, invoiceRevised({ customer: { name: 'Ada Byron', email: 'old@example.com' } }));
    const customer = [registered(2, 'typed@example.com'), updated(3, email('new@example.com'))];
    expect(presentCustomer([...invoice, revised], customer).email).toBe('new@example.com');
    const corrected = at(5, invoiceRevised({ customer: { name: 'Ada Byron', email: 'other@example.com' } }));
    expect(presentCustomer([...invoice, revised, corrected], customer).email).toBe('other@example.com');
  });

  it('is as the customer is known, where the invoice does not say', () => {
    expect(presentCustomer([issued(3)], [registered(2, 'ada@example.com')]).email).toBe('ada@example.com');
  });

  it('goes by the language and the zone that staff chose', () => {
    const chosen = updated(3, { changes: {}, locale: 'fr-CA', timeZone: 'America/Toronto' });
    const present = presentCustomer([issued(1, undefined, 'en-US')], [registered(2), chosen]);
    expect(present).toMatchObject({ locale: 'fr-CA', timeZone: 'America/Toronto' });
    const cleared = updated(4, { changes: {}, locale: null, timeZone: null });
    expect(presentCustomer([issued(1, undefined, 'en-US')], [registered(2), chosen, cleared])).toMatchObject({
      locale: undefined,
      timeZone: undefined,
    });
  });
});
