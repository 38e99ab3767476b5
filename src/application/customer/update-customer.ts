import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Branch } from '../../domain/branch/decider.js';
import { customerDecider, type Customer } from '../../domain/customer/decider.js';
import type { CustomerChanges } from '../../domain/customer/events.js';
import { DomainError } from '../../domain/errors.js';
import { assertNoCardNumber } from '../../domain/free-text.js';
import { normaliseEmail } from '../../domain/recipient.js';
import { loadBranch } from '../branch/branch-view.js';
import type { CommandContext } from '../command-context.js';
import { Contacts } from '../contact/contacts.js';
import { Execute } from '../execute.js';
import { customerStream } from '../ids.js';
import { inField } from '../in-field.js';
import { SendingChecks } from '../invoice/sending-checks.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { Clock } from '../ports.js';
import type { CustomerWritten } from './customer-view.js';
import { Customers } from './customers.js';

export interface UpdateCustomerInput {
  readonly customerId: string;
  /** As typed; `null` takes one away. */
  readonly changes: CustomerChanges;
  /** `null`: as the branch has it. */
  readonly locale?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  /** Whether the customer agreed to texts at their telephone, or asked for none, and whose word it is. */
  readonly textConsent?: { readonly agreed: boolean; readonly how: 'staff' | 'api' } | undefined;
  /** What whoever asks has looked at. */
  readonly seenRevision?: bigint | undefined;
}

/** Changes what is known of a customer. Invoices that were issued keep what they say. */
export class UpdateCustomer extends Command<CustomerWritten> {
  constructor(
    readonly input: UpdateCustomerInput,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateCustomer)
export class UpdateCustomerHandler implements ICommandHandler<UpdateCustomer> {
  constructor(
    private readonly executor: Execute,
    private readonly customers: Customers,
    private readonly contacts: Contacts,
    private readonly checks: SendingChecks,
    private readonly phones: PhoneNumbers,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError `customer_not_found`, `version_changed`, `contact_opted_out`, and as an address is refused, with `field`;
   * nothing is kept then
   */
  async execute({ input, context }: UpdateCustomer): Promise<CustomerWritten> {
    const { customerId, locale, timeZone, seenRevision } = input;
    const customer = await this.customers.load(customerId);
    const branch = await loadBranch(this.executor, customer.branchId);
    const changes = this.normalised(input.changes, branch.details.country);
    const number = await this.assertMayRecord(input, customer, changes, branch);
    const { state, position } = await this.executor.run({
      decider: customerDecider,
      stream: customerStream(customerId),
      command: {
        type: 'UpdateCustomer',
        data: {
          customerId,
          changes,
          ...(locale === undefined ? {} : { locale }),
          ...(timeZone === undefined ? {} : { timeZone }),
        },
        seenRevision,
      },
      context,
      quietWhenRepeated: true,
    });
    const noted = number === undefined ? position : await this.record(input, number, branch, context);
    if (state.status === 'absent') throw new DomainError('customer_not_found', { customerId });
    return { customer: await this.customers.view(state), position: noted > position ? noted : position };
  }

  private normalised(changes: CustomerChanges, country: string): CustomerChanges {
    const { name, email, phone, address } = changes;
    if (name !== undefined) assertNoCardNumber('name', name);
    address?.forEach((line, index) => assertNoCardNumber(`address.${index}`, line));
    return {
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email: email && inField('email', () => normaliseEmail(email)) }),
      ...(phone === undefined ? {} : { phone: phone && inField('phone', () => this.phones.read(phone, country).e164) }),
      ...(address === undefined ? {} : { address: address?.length ? address : null }),
    };
  }

  /** Asked first, so that a refused consent changes no detail. Answers the number that it is about, where it is asked for. */
  private async assertMayRecord(
    { textConsent }: UpdateCustomerInput,
    { details }: Customer,
    { phone = details.phone }: CustomerChanges,
    branch: Branch,
  ): Promise<string | undefined> {
    if (textConsent === undefined) return undefined;
    if (phone === undefined || phone === null) {
      const reason = 'The customer has no telephone. Give one first.';
      throw new DomainError('recipient_missing', { channel: 'sms', field: 'textConsent', reason });
    }
    if (textConsent.agreed) this.checks.assertNotOptedOut(await this.contacts.of(phone), branch);
    return phone;
  }

  private async record(
    { textConsent }: UpdateCustomerInput,
    number: string,
    { branchId }: Branch,
    context: CommandContext,
  ): Promise<bigint> {
    const at = this.clock.now().toISOString();
    const { position } = await this.contacts.record(
      number,
      textConsent!.agreed
        ? { type: 'RecordTextConsent', data: { how: textConsent!.how, branchId, at } }
        : { type: 'OptOut', data: { channel: 'sms', source: 'staff', at } },
      context,
    );
    return position;
  }
}
