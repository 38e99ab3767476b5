import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import { PayLinks } from './pay-link.js';
import { PaymentSettlement, type PaymentOutcome } from './payment-settlement.js';

/** After the bank's step, on the return to the page, and while it says *being checked*: asks what became of the attempt. */
export class SettleOpenPayment extends Command<PaymentOutcome> {
  constructor(
    readonly input: { readonly linkId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SettleOpenPayment)
export class SettleOpenPaymentHandler implements ICommandHandler<SettleOpenPayment> {
  constructor(
    private readonly links: PayLinks,
    private readonly settlement: PaymentSettlement,
  ) {}

  async execute({ input, context }: SettleOpenPayment): Promise<PaymentOutcome> {
    const { invoice } = await this.links.load(input.linkId);
    const { openAttempt } = invoice;
    if (openAttempt) return this.settlement.settle(invoice.registered.invoiceId, openAttempt, context);
    const last = [...invoice.attempts.values()].findLast(({ started }) => started.linkId === input.linkId);
    return last?.outcome === 'captured'
      ? { outcome: 'captured', paymentId: last.started.attemptId }
      : { outcome: 'released' };
  }
}
