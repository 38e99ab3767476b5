import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import { normaliseEmail } from '../../domain/recipient.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream, receiptEmailId } from '../ids.js';
import { PayLinks } from './pay-link.js';

/** Who paid from a text asks for the receipt by email. Mailed by a process once the wish is in the log. */
export class EmailReceipt extends Command<void> {
  constructor(
    readonly input: { readonly linkId: string; readonly to: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EmailReceipt)
export class EmailReceiptHandler implements ICommandHandler<EmailReceipt> {
  constructor(
    private readonly executor: Execute,
    private readonly links: PayLinks,
  ) {}

  /** @throws DomainError `receipt_not_found` where nothing was paid by this very link, `invalid_recipient` */
  async execute({ input, context }: EmailReceipt): Promise<void> {
    const recipient = normaliseEmail(input.to);
    const { invoice } = await this.links.load(input.linkId);
    const payment = [...invoice.payments.values()].findLast(({ captured }) => captured.linkId === input.linkId);
    if (!payment) throw new DomainError('receipt_not_found');
    const { invoiceId } = invoice.registered;
    const { paymentId } = payment.captured;
    const requestId = receiptEmailId(paymentId, context.cause);
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: { type: 'RequestReceiptEmail', requestId, paymentId, recipient },
      context,
    });
  }
}
