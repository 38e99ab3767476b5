import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import { loadBranch } from '../branch/branch-view.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { Clock, ContactDigest } from '../ports.js';
import { assertSameRequest } from '../same-request.js';
import { askedFor, InvoiceRegistration, type InvoiceInput } from './invoice-registration.js';
import { invoiceView, loadInvoice, type InvoiceView } from './invoice-view.js';

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
  private readonly registration: InvoiceRegistration;

  constructor(
    private readonly executor: Execute,
    contacts: ContactDigest,
    phones: PhoneNumbers,
    private readonly clock: Clock,
  ) {
    this.registration = new InvoiceRegistration(executor, contacts, phones);
  }

  async execute({ input, context }: RegisterInvoice): Promise<{
    invoice: InvoiceView;
    position: bigint;
    created: boolean;
  }> {
    const facts = await this.registration.factsOf(input, await loadBranch(this.executor, input.branchId));
    const { data } = facts;
    const { position, changed } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(data.invoiceId),
      command: { type: 'RegisterInvoice', data },
      context,
      quietWhenRepeated: true,
    });
    const loaded = await loadInvoice(this.executor, data.invoiceId);
    const first = loaded.events[0]?.event;
    if (first?.type === 'InvoiceRegistered') assertSameRequest(context, askedFor(first.data), askedFor(data));
    await this.registration.registerCustomer(facts, context);
    return {
      invoice: invoiceView(loaded, this.clock.now()),
      // Lists show the invoice: what is waited for is its event, not the customer's, which no read model follows.
      position,
      created: changed,
    };
  }
}
