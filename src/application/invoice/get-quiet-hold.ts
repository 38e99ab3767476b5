import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Channel } from '../../domain/invoice/link-events.js';
import { Execute } from '../execute.js';
import { loadInvoice } from './invoice-view.js';
import { SendingChecks, type QuietHold } from './sending-checks.js';

/** Until when the night holds a message back that is asked for at a time; nothing where it goes at that time. */
export class GetQuietHold extends Query<QuietHold | undefined> {
  constructor(
    readonly input: {
      readonly invoiceId: string;
      readonly channel: Channel;
      /** Absent on what is sent at once: that goes by night too. */
      readonly sendAt: Date | undefined;
    },
  ) {
    super();
  }
}

/** @throws DomainError `invoice_not_found` */
@QueryHandler(GetQuietHold)
export class GetQuietHoldHandler implements IQueryHandler<GetQuietHold> {
  constructor(
    private readonly executor: Execute,
    private readonly checks: SendingChecks,
  ) {}

  async execute({ input }: GetQuietHold): Promise<QuietHold | undefined> {
    const { channel, sendAt } = input;
    return this.checks.quietHold({ channel, scheduledFor: sendAt }, await loadInvoice(this.executor, input.invoiceId));
  }
}
