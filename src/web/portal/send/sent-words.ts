import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetQuietHold } from '../../../application/invoice/get-quiet-hold.js';
import type { LinkView } from '../../../application/invoice/invoice-view.js';
import { Clock } from '../../../application/ports.js';
import { queuedWords } from './send-time.js';

/** What is said once a message was asked for: by the toast, and by the page that a browser without scripts is led to. */
@Injectable()
export class SentWords {
  constructor(
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  /** @param branchZone the zone in which its time was chosen */
  async of(link: LinkView, invoiceId: string, branchZone: string): Promise<string> {
    const { channel } = link;
    const sendAt = link.sendAt === undefined ? undefined : new Date(link.sendAt);
    const held = await this.queries.execute(new GetQuietHold({ invoiceId, channel, sendAt }));
    return queuedWords(link, held, branchZone, this.clock.now());
  }
}
