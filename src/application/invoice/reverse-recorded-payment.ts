import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertNoCardNumber } from '../../domain/free-text.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { Clock } from '../ports.js';
import { withInvoice, type PaymentWithInvoice } from './record-payment.js';

/** Takes a recorded payment back: it was a mistake, or the check came back. The amount is owed again. */
export class ReverseRecordedPayment extends Command<PaymentWithInvoice> {
  constructor(
    readonly input: {
      readonly invoiceId: string;
      readonly paymentId: string;
      readonly reason?: string | undefined;
      /** What `If-Match` named. */
      readonly seenRevision?: bigint | undefined;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ReverseRecordedPayment)
export class ReverseRecordedPaymentHandler implements ICommandHandler<ReverseRecordedPayment> {
  constructor(
    private readonly executor: Execute,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: ReverseRecordedPayment): Promise<PaymentWithInvoice> {
    const { invoiceId, paymentId, reason = '', seenRevision } = input;
    assertNoCardNumber('reason', reason);
    const { position } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: { type: 'ReversePaymentRecord', paymentId, reason, seenRevision },
      context,
    });
    return { ...(await withInvoice(this.executor, this.clock, invoiceId, paymentId)), position };
  }
}
