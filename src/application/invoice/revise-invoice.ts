import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Branch } from '../../domain/branch/decider.js';
import { customerDecider } from '../../domain/customer/decider.js';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { InvoiceRevised } from '../../domain/invoice/events.js';
import type { Invoice } from '../../domain/invoice/state.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { customerId, customerStream, invoiceId, invoiceStream } from '../ids.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { Clock } from '../ports.js';
import { customerDetails, externalKey, sumsOf, type CustomerInput, type SumsInput } from './invoice-content.js';
import { invoiceView, loadInvoice, type InvoiceView } from './invoice-view.js';

export interface RevisionInput extends SumsInput {
  readonly invoiceId: string;
  /** What `If-Match` named. */
  readonly seenRevision?: bigint | undefined;
  /** Branch, number and currency never change; who sends them along means the same ones. */
  readonly branchId?: string | undefined;
  readonly number?: string | undefined;
  readonly currency?: string | undefined;
  readonly externalId?: string | undefined;
  readonly issuedOn: string;
  readonly dueOn: string;
  /** How the invoice names its customer from now on; absent: as before. It stays the same customer. */
  readonly customer?: CustomerInput | undefined;
}

/** Replaces what an invoice says. Open quotes end with it, because what is payable is another sum or another document. */
export class ReviseInvoice extends Command<{ readonly invoice: InvoiceView; readonly position: bigint }> {
  constructor(
    readonly input: RevisionInput,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ReviseInvoice)
export class ReviseInvoiceHandler implements ICommandHandler<ReviseInvoice> {
  constructor(
    private readonly executor: Execute,
    private readonly phones: PhoneNumbers,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: ReviseInvoice): Promise<{ invoice: InvoiceView; position: bigint }> {
    const { invoice, branch } = await loadInvoice(this.executor, input.invoiceId);
    assertSameInvoice(input, invoice);
    const sums = sumsOf(input);
    const { customer, locale } = await this.customerOf(input.customer, invoice, branch);
    const data: InvoiceRevised['data'] = {
      ...(input.externalId === undefined ? {} : { externalId: input.externalId }),
      issuedOn: input.issuedOn,
      dueOn: input.dueOn,
      customerId: invoice.registered.customerId,
      customer,
      ...(locale === undefined ? {} : { locale }),
      ...sums,
    };
    const { position } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(input.invoiceId),
      command: { type: 'ReviseInvoice', data, seenRevision: input.seenRevision },
      context,
      quietWhenRepeated: true,
    });
    const revised = await loadInvoice(this.executor, input.invoiceId);
    return { invoice: invoiceView(revised, this.clock.now()), position };
  }

  private async customerOf(
    asked: CustomerInput | undefined,
    { registered }: Invoice,
    branch: Branch,
  ): Promise<Pick<InvoiceRevised['data'], 'customer' | 'locale'>> {
    if (!asked) return { customer: registered.customer, ...localeFields(registered.locale) };
    const { id, externalId } = asked;
    const meant =
      id ?? (externalId === undefined ? undefined : customerId(registered.branchId, externalKey(externalId)));
    if (meant !== undefined && meant !== registered.customerId) {
      throw new DomainError('customer_differs', { customerId: registered.customerId });
    }
    if (asked.name !== undefined) {
      const customer = customerDetails(asked, branch.details.country, this.phones);
      return { customer, ...localeFields(asked.locale ?? registered.locale) };
    }
    // By id alone: as staff's books have them now.
    const { state } = await this.executor.load(customerDecider, customerStream(registered.customerId));
    if (state.status === 'absent') throw new DomainError('customer_not_found', { customerId: registered.customerId });
    return { customer: state.details, ...localeFields(state.locale) };
  }
}

/** @throws DomainError `field_never_changes` with the field */
function assertSameInvoice({ branchId, number, currency }: RevisionInput, { registered }: Invoice): void {
  const differs = (field: string): never => {
    throw new DomainError('field_never_changes', { field });
  };
  if (branchId !== undefined && branchId !== registered.branchId) differs('branchId');
  if (number !== undefined && invoiceId(registered.branchId, number) !== registered.invoiceId) differs('number');
  if (currency !== undefined && currency !== registered.currency) differs('currency');
}

function localeFields(locale: string | undefined): { readonly locale?: string } {
  return locale === undefined ? {} : { locale };
}
