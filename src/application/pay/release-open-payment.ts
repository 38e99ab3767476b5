import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import type { CommandContext } from '../command-context.js';
import { PayLinks } from './pay-link.js';
import { lastOutcome, PaymentSettlement, type PaymentOutcome } from './payment-settlement.js';

/** *Use another card*: ends this link's own attempt at the processor. Answers `captured` when the charge was faster. */
export class ReleaseOpenPayment extends Command<PaymentOutcome> {
  constructor(
    readonly input: { readonly linkId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ReleaseOpenPayment)
export class ReleaseOpenPaymentHandler implements ICommandHandler<ReleaseOpenPayment> {
  constructor(
    private readonly links: PayLinks,
    private readonly settlement: PaymentSettlement,
  ) {}

  async execute({ input, context }: ReleaseOpenPayment): Promise<PaymentOutcome> {
    const { invoice } = await this.links.load(input.linkId);
    const { openAttempt } = invoice;
    // Somebody else brought the news first: a capture must not be answered as released.
    if (!openAttempt) return lastOutcome(invoice, input.linkId);
    if (openAttempt.started.linkId !== input.linkId) throw new DomainError('payment_in_progress', { sameLink: false });
    return this.settlement.cancel(invoice.registered.invoiceId, openAttempt, 'other_card', context);
  }
}
