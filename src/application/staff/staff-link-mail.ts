import { Injectable } from '@nestjs/common';
import { MAIL_STAFF_LINK } from '../jobs/job-names.js';
import { Clock, JobQueue, Randomness, type Job } from '../ports.js';
import { StaffLinkStore, StaffLinkTokens, type StaffLinkPurpose } from './staff-links.js';

const HOUR_MS = 60 * 60_000;
/** Younger promises are still being kept in the ordinary way. */
const PATIENCE_MS = 2 * 60_000;
const LIFETIMES_MS: Readonly<Record<StaffLinkPurpose, number>> = {
  invitation: 7 * 24 * HOUR_MS,
  reset: HOUR_MS,
  local: 7 * 24 * HOUR_MS,
};

/** Promises a single-use link by email. */
@Injectable()
export class StaffLinkMail {
  constructor(
    private readonly links: StaffLinkStore,
    private readonly tokens: StaffLinkTokens,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly randomness: Randomness,
  ) {}

  /**
   * Kept and queued when it resolves. Whether there is a user to write to is found out by the job, so that asking for somebody
   * takes as long as asking for nobody.
   */
  async promise(userId: string, purpose: 'invitation' | 'reset'): Promise<void> {
    const linkId = await this.make(userId, purpose);
    await this.queue.enqueue([mailJob(linkId, `${MAIL_STAFF_LINK}-${linkId}`)]);
  }

  /** Asks again for what was promised a while ago and not mailed, ever more rarely. Answers for how many. */
  async remind(): Promise<number> {
    const now = this.clock.now();
    const owed = await this.links.owed(new Date(now.getTime() - PATIENCE_MS), now);
    const jobs = owed.map(({ linkId, createdAt }) => {
      const round = Math.floor(Math.log2((now.getTime() - createdAt.getTime()) / PATIENCE_MS));
      return mailJob(linkId, `${MAIL_STAFF_LINK}-${linkId}-again-${round}`);
    });
    if (jobs.length > 0) await this.queue.enqueue(jobs);
    return jobs.length;
  }

  /** The token of a link that is printed and not mailed. */
  async print(userId: string): Promise<string> {
    return this.tokens.make(await this.make(userId, 'local'));
  }

  private async make(userId: string, purpose: StaffLinkPurpose): Promise<string> {
    const linkId = this.randomness.uuid();
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + LIFETIMES_MS[purpose]);
    const hash = this.tokens.hash(this.tokens.make(linkId));
    await this.links.save({ linkId, userId, purpose, createdAt, expiresAt }, hash);
    return linkId;
  }
}

function mailJob(linkId: string, id: string): Job {
  return { name: MAIL_STAFF_LINK, id, payload: { linkId }, delayMs: 0 };
}
