/**
 * How the customer of an invoice is reached now. The invoice names them as it was issued, and staff may know better since: of each
 * address what was said last counts, and an address that staff have replaced does not come back with an invoice out of older books.
 */
import type { RecordedEvent } from '../../domain/decider.js';
import type { CustomerEvent } from '../../domain/customer/events.js';
import type { InvoiceEvent } from '../../domain/invoice/events.js';

export interface PresentCustomer {
  readonly email: string | undefined;
  readonly phone: string | undefined;
  /** Absent: as the branch has it. */
  readonly locale: string | undefined;
  readonly timeZone: string | undefined;
}

type Field = keyof PresentCustomer;

/** One thing that was said of a field; `undefined` says that there is none. */
interface Said {
  readonly value: string | undefined;
  readonly position: bigint;
}

/** @param events of the invoice, and of its customer, each in the order of its stream; what is left out was not said yet */
export function presentCustomer(
  invoiceEvents: readonly RecordedEvent<InvoiceEvent>[],
  customerEvents: readonly RecordedEvent<CustomerEvent>[],
): PresentCustomer {
  const present = (field: Field) => presentValue(saidByInvoice(invoiceEvents, field), customerEvents, field);
  return {
    email: present('email'),
    phone: present('phone'),
    locale: present('locale'),
    timeZone: present('timeZone'),
  };
}

function presentValue(
  invoice: Said | undefined,
  customerEvents: readonly RecordedEvent<CustomerEvent>[],
  field: Field,
): string | undefined {
  const said = customerEvents.flatMap((recorded) => saidOfCustomer(recorded, field));
  const last = said.at(-1);
  if (invoice?.value === undefined) return last?.value;
  // What was only registered says no more than the invoice does.
  const change = said.length > 1 ? last : undefined;
  if (!change) return invoice.value;
  const isReplaced = invoice.value !== change.value && said.some(({ value }) => value === invoice.value);
  return change.position > invoice.position || isReplaced ? change.value : invoice.value;
}

/** What the invoice says, since it says so. That it was revised for another reason says nothing new. */
function saidByInvoice(events: readonly RecordedEvent<InvoiceEvent>[], field: Field): Said | undefined {
  let said: Said | undefined;
  for (const { event, position } of events) {
    if (event.type !== 'InvoiceRegistered' && event.type !== 'InvoiceRevised') continue;
    const { customer, locale } = event.data;
    const value = { email: customer.email, phone: customer.phone, locale, timeZone: undefined }[field];
    if (!said || said.value !== value) said = { value, position };
  }
  return said;
}

function saidOfCustomer({ event, position }: RecordedEvent<CustomerEvent>, field: Field): readonly Said[] {
  if (event.type === 'CustomerRegistered') {
    const { details, locale } = event.data;
    return [{ value: { email: details.email, phone: details.phone, locale, timeZone: undefined }[field], position }];
  }
  const { changes, locale, timeZone } = event.data;
  const value = { email: changes.email, phone: changes.phone, locale, timeZone }[field];
  return value === undefined ? [] : [{ value: value ?? undefined, position }];
}
