import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Channel } from '../../domain/invoice/link-events.js';
import { Execute } from '../execute.js';
import { Clock } from '../ports.js';
import { loadInvoice } from './invoice-view.js';
import { SendingChecks, type SendWarning } from './sending-checks.js';

/** What staff should know before a message is sent, with the address as it would be used. */
export class GetSendWarnings extends Query<{
  readonly branchId: string;
  readonly to: string | undefined;
  readonly warnings: readonly SendWarning[];
}> {
  constructor(
    readonly input: {
      readonly invoiceId: string;
      readonly channel: Channel;
      /** Absent: the customer's own address or number. */
      readonly to?: string | undefined;
      /** `staff:<id>` of who would send it. */
      readonly actor: string;
    },
  ) {
    super();
  }
}

@QueryHandler(GetSendWarnings)
export class GetSendWarningsHandler implements IQueryHandler<GetSendWarnings> {
  constructor(
    private readonly executor: Execute,
    private readonly checks: SendingChecks,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `invoice_not_found`, and as the address is refused */
  async execute({ input }: GetSendWarnings) {
    const { invoiceId, channel, actor } = input;
    const loaded = await loadInvoice(this.executor, invoiceId);
    const { invoice, branch } = loaded;
    const recipient = this.checks.recipient(channel, input.to, loaded);
    // No message has this id, so nothing that was sent is left out of the count.
    const sending = { messageId: '', channel, recipient, actor, at: this.clock.now() };
    const warnings = await this.checks.warnings(sending, invoice, branch);
    return { branchId: branch.branchId, to: recipient, warnings };
  }
}
