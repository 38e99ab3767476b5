import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import { PayLinks } from './pay-link.js';
import { lastOutcome, orChecking, PaymentSettlement, type PaymentOutcome } from './payment-settlement.js';

/** After the bank's step, on the return to the page, and while it says *being checked*: asks what became of the attempt. */
export class SettleOpenPayment extends Command<PaymentOutcome> {
  constructor(
    /** `quoteId` where the page knows by which quote it paid, and lost the answer. */
    readonly input: { readonly linkId: string; readonly quoteId?: string | undefined },
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
    if (!openAttempt) return lastOutcome(invoice, input.linkId, input.quoteId);
    const settled = await orChecking(() => this.settlement.settle(invoice.registered.invoiceId, openAttempt, context));
    return openAttempt.started.linkId === input.linkId ? settled : asSeenFromAnotherLink(settled);
  }
}

/** Whoever holds another link learns that the invoice is paid or free again, but gets no client secret and no decline. */
function asSeenFromAnotherLink(settled: PaymentOutcome): PaymentOutcome {
  switch (settled.outcome) {
    case 'captured':
      return settled;
    case 'requires_action':
    case 'checking':
      return { outcome: 'checking' };
    case 'failed':
    case 'released':
      return { outcome: 'released' };
  }
}
