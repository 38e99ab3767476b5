import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { customerDecider } from '../../domain/customer/decider.js';
import type { CustomerDetails, CustomerRegistered } from '../../domain/customer/events.js';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { InvoiceRegistered } from '../../domain/invoice/events.js';
import { loadBranch } from '../branch/branch-view.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { customerId, customerStream, invoiceId, invoiceStream } from '../ids.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { Clock, ContactDigest } from '../ports.js';
import { assertSameRequest } from '../same-request.js';
import { customerDetails, externalKey, sumsOf, type CustomerInput, type SumsInput } from './invoice-content.js';
import { invoiceView, loadInvoice, type InvoiceView } from './invoice-view.js';

export interface InvoiceInput extends SumsInput {
  readonly branchId: string;
  readonly number: string;
  readonly externalId?: string | undefined;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly currency: string;
  readonly customer: CustomerInput;
}

/** Registers an invoice, and its customer where they are new. The id derives from branch and number: a number is taken once. */
export class RegisterInvoice extends Command<{
  readonly invoice: InvoiceView;
  readonly position: bigint;
  readonly created: boolean;
}> {
  constructor(
    readonly input: InvoiceInput,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RegisterInvoice)
export class RegisterInvoiceHandler implements ICommandHandler<RegisterInvoice> {
  constructor(
    private readonly executor: Execute,
    private readonly contacts: ContactDigest,
    private readonly phones: PhoneNumbers,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: RegisterInvoice): Promise<{
    invoice: InvoiceView;
    position: bigint;
    created: boolean;
  }> {
    const branch = await loadBranch(this.executor, input.branchId);
    if (input.currency !== branch.details.currency) {
      throw new DomainError('currency_differs', { currency: input.currency, branchCurrency: branch.details.currency });
    }
    const sums = sumsOf(input);
    const customer = await this.customerOf(input, branch.details.country);
    const id = invoiceId(input.branchId, input.number);
    const data: InvoiceRegistered['data'] = {
      invoiceId: id,
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
    const { position, changed } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(id),
      command: { type: 'RegisterInvoice', data },
      context,
      quietWhenRepeated: true,
    });
    const loaded = await loadInvoice(this.executor, id);
    const first = loaded.events[0]?.event;
    if (first?.type === 'InvoiceRegistered') assertSameRequest(context, askedFor(first.data), askedFor(data));
    await this.registerCustomer(customer, context);
    return {
      invoice: invoiceView(loaded, this.clock.now()),
      // Lists show the invoice: what is waited for is its event, not the customer's, which no read model follows.
      position,
      created: changed,
    };
  }

  private async customerOf(
    { branchId, customer, number }: InvoiceInput,
    country: string,
  ): Promise<CustomerRegistered['data']> {
    const { externalId } = customer;
    if (customer.id !== undefined) return this.knownCustomer(customer.id, branchId, { customerId: customer.id });
    if (customer.name === undefined && externalId !== undefined) {
      return this.knownCustomer(customerId(branchId, externalKey(externalId)), branchId, { externalId });
    }
    const details = customerDetails(customer, country, this.phones);
    const id = customerId(branchId, this.customerKey(externalId, details, branchId, number));
    const { state } = await this.executor.load(customerDecider, customerStream(id));
    const locale = customer.locale ?? (state.status === 'absent' ? undefined : state.locale);
    return {
      customerId: id,
      branchId,
      ...(externalId === undefined ? {} : { externalId }),
      ...(locale === undefined ? {} : { locale }),
      // The invoice names the customer as this request does: an address that was corrected meanwhile is the newer one.
      details,
    };
  }

  /** @throws DomainError `customer_not_found`, with what they were `asked` for by */
  private async knownCustomer(
    id: string,
    branchId: string,
    asked: { readonly customerId: string } | { readonly externalId: string },
  ): Promise<CustomerRegistered['data']> {
    const { state } = await this.executor.load(customerDecider, customerStream(id));
    if (state.status === 'absent' || state.branchId !== branchId) throw new DomainError('customer_not_found', asked);
    const { status: _status, ...known } = state;
    return known;
  }

  /** After the invoice, so that a refused one leaves no customer behind. A repeat of the request makes up for a crash in between. */
  private async registerCustomer(data: CustomerRegistered['data'], context: CommandContext): Promise<void> {
    await this.executor.run({
      decider: customerDecider,
      stream: customerStream(data.customerId),
      command: { type: 'RegisterCustomer', data },
      context,
    });
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
function askedFor(data: InvoiceRegistered['data']): object {
  const { externalId, issuedOn, dueOn, currency, customerId: customer, lines, taxMinor } = data;
  return { externalId, issuedOn, dueOn, currency, customer, lines, taxMinor };
}
