/** How many links a branch may still queue by bulk today. Counted apart from what staff send one by one. */
import { Injectable } from '@nestjs/common';
import { localDate, startOfDay } from '../../domain/zoned-time.js';
import { Clock } from '../ports.js';
import { BulkLimits } from './bulk-limits.js';
import { BulkLinkItems } from './bulk-link-items.js';

@Injectable()
export class BulkAllowance {
  constructor(
    private readonly items: BulkLinkItems,
    private readonly limits: BulkLimits,
    private readonly clock: Clock,
  ) {}

  /** The day is the branch's own. */
  async left(branchId: string, timeZone: string): Promise<number> {
    const today = startOfDay(localDate(this.clock.now(), timeZone), timeZone);
    return Math.max(0, this.limits.linksPerBranchAndDay - (await this.items.queuedSince(branchId, today)));
  }
}
