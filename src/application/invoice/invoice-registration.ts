/** What an invoice and its customer are registered as: the facts that a request leaves to be found out. */
import { customerDecider } from '../../domain/customer/decider.js';
import type { Branch } from '../../domain/branch/decider.js';
import type { CustomerDetails, CustomerRegistered } from '../../domain/customer/events.js';
import { DomainError } from '../../domain/errors.js';
import type { InvoiceRegistered } from '../../domain/invoice/events.js';
import type { CommandContext } from '../command-context.js';
import type { Execute } from '../execute.js';
import { customerId, customerStream, invoiceId } from '../ids.js';
import type { PhoneNumbers } from '../phone-numbers.js';
import type { ContactDigest } from '../ports.js';
import { customerDetails, externalKey, sumsOf, type CustomerInput, type SumsInput } from './invoice-content.js';

export interface InvoiceInput extends SumsInput {
  readonly branchId: string;
  readonly number: string;
  readonly externalId?: string | undefined;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly currency: string;
  readonly customer: CustomerInput;
}

export interface InvoiceFacts {
  readonly data: InvoiceRegistered['data'];
  readonly customer: CustomerRegistered['data'];
  /** False where nobody had registered the customer when they were looked for. */
  readonly customerIsKnown: boolean;
}

export class InvoiceRegistration {
  constructor(
    private readonly executor: Execute,
    private readonly contacts: ContactDigest,
    private readonly phones: PhoneNumbers,
  ) {}

  /** @throws DomainError for what can never be registered; whether the number is free is for the stream to say. */
  async factsOf(input: InvoiceInput, branch: Branch): Promise<InvoiceFacts> {
    if (input.currency !== branch.details.currency) {
      throw new DomainError('currency_differs', { currency: input.currency, branchCurrency: branch.details.currency });
    }
    const sums = sumsOf(input);
    const { customer, customerIsKnown } = await this.customerOf(input, branch.details.country);
    const data: InvoiceRegistered['data'] = {
      invoiceId: invoiceId(input.branchId, input.number),
      branchId: input.branchId,
      number: input.number.trim(),
      ...(input.externalId === undefined ? {} : { externalId: input.externalId }),
      issuedOn: input.issuedOn,
      dueOn: input.dueOn,
      currency: input.currency,
      customerId: customer.customerId,
      customer: customer.details,
      ...(customer.locale === undefined ? {} : { locale: customer.locale }),
      ...sums,
    };
    return { data, customer, customerIsKnown };
  }

  /** After the invoice, so that a refused one leaves no customer behind. A repeat of the request makes up for a crash in between. */
  async registerCustomer({ customer, customerIsKnown }: InvoiceFacts, context: CommandContext): Promise<void> {
    await this.executor.run({
      decider: customerDecider,
      stream: customerStream(customer.customerId),
      command: { type: 'RegisterCustomer', data: customer },
      context,
      presumedAbsent: !customerIsKnown,
    });
  }

  private async customerOf(
    { branchId, customer, number }: InvoiceInput,
    country: string,
  ): Promise<Pick<InvoiceFacts, 'customer' | 'customerIsKnown'>> {
    const { externalId } = customer;
    if (customer.id !== undefined) return this.knownCustomer(customer.id, branchId, { customerId: customer.id });
    if (customer.name === undefined && externalId !== undefined) {
      return this.knownCustomer(customerId(branchId, externalKey(externalId)), branchId, { externalId });
    }
    const details = customerDetails(customer, country, this.phones);
    const id = customerId(branchId, this.customerKey(externalId, details, branchId, number));
    const { state } = await this.executor.load(customerDecider, customerStream(id));
    const locale = customer.locale ?? (state.status === 'absent' ? undefined : state.locale);
    const named: CustomerRegistered['data'] = {
      customerId: id,
      branchId,
      ...(externalId === undefined ? {} : { externalId }),
      ...(locale === undefined ? {} : { locale }),
      // The invoice names the customer as this request does: an address that was corrected meanwhile is the newer one.
      details,
    };
    return { customer: named, customerIsKnown: state.status !== 'absent' };
  }

  /** @throws DomainError `customer_not_found`, with what they were `asked` for by */
  private async knownCustomer(
    id: string,
    branchId: string,
    asked: { readonly customerId: string } | { readonly externalId: string },
  ): Promise<Pick<InvoiceFacts, 'customer' | 'customerIsKnown'>> {
    const { state } = await this.executor.load(customerDecider, customerStream(id));
    if (state.status === 'absent' || state.branchId !== branchId) throw new DomainError('customer_not_found', asked);
    const { status: _status, revision: _revision, timeZone: _timeZone, ...known } = state;
    return { customer: known, customerIsKnown: true };
  }

  /** What makes two invoices name the same customer: their number in staff's books, else their address, else nothing. */
  private customerKey(
    externalId: string | undefined,
    { email, phone }: CustomerDetails,
    branchId: string,
    number: string,
  ): string {
    if (externalId !== undefined) return externalKey(externalId);
    const contact = email?.toLowerCase() ?? phone;
    return contact === undefined ? `invoice:${invoiceId(branchId, number)}` : `contact:${this.contacts.of(contact)}`;
  }
}

/** What a repeat has to ask for again. What the customer is called may have been looked up, and changed since. */
export function askedFor(data: InvoiceRegistered['data']): object {
  const { externalId, issuedOn, dueOn, currency, customerId: customer, lines, taxMinor } = data;
  return { externalId, issuedOn, dueOn, currency, customer, lines, taxMinor };
}
