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

  async left(branchId: string, timeZone: string): Promise<number> {
    const queued = await this.items.queuedSince(branchId, this.today(timeZone));
    return Math.max(0, this.limits.linksPerBranchAndDay - queued);
  }

  /** Takes for these items of a job what is left, and answers for how many of them that is: for no other worker's then. */
  take(jobId: string, branchId: string, timeZone: string, ordinals: readonly number[]): Promise<number> {
    const day = { since: this.today(timeZone), most: this.limits.linksPerBranchAndDay };
    return this.items.reserve(jobId, branchId, ordinals, day);
  }

  /** The day is the branch's own. */
  private today(timeZone: string): Date {
    return startOfDay(localDate(this.clock.now(), timeZone), timeZone);
  }
}
