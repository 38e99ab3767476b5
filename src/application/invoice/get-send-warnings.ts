import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import type { Channel } from '../../domain/invoice/link-events.js';
import { scheduleOf, sendingTime } from '../../domain/invoice/schedule.js';
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
      /** As for `SendLink`; one that cannot be has no warnings yet. */
      readonly sendAt?: string | undefined;
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
    const { branch } = loaded;
    const recipient = this.checks.recipient(channel, input.to, loaded);
    // No message has this id, so nothing that was sent is left out of the count.
    const at = this.clock.now();
    const scheduledFor = input.sendAt === undefined ? undefined : timeOf(input.sendAt, branch.details.timeZone, at);
    const warnings = await this.checks.warnings({ messageId: '', channel, recipient, actor, at, scheduledFor }, loaded);
    return { branchId: branch.branchId, to: recipient, warnings };
  }
}

function timeOf(sendAt: string, timeZone: string, now: Date): Date | undefined {
  try {
    return sendingTime({ sendAtLocal: undefined, ...scheduleOf(sendAt, timeZone, now) });
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
