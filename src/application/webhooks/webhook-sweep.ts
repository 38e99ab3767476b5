import { Injectable } from '@nestjs/common';
import { Clock, JobQueue } from '../ports.js';
import { deliveryJob } from './delivery-jobs.js';
import { WebhookDeliveries } from './webhook-ports.js';

/** Younger ones are still being tried in the ordinary way. */
const PATIENCE_MS = 2 * 60_000;
const MAX_AT_ONCE = 1_000;
const KEPT_MS = 30 * 24 * 3_600_000;

/** Asks again for deliveries whose job was lost with the queue, and forgets what is older than a month. */
@Injectable()
export class WebhookSweep {
  constructor(
    private readonly deliveries: WebhookDeliveries,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** Answers how many jobs it asked for. */
  async run(): Promise<number> {
    const now = this.clock.now().getTime();
    await this.deliveries.prune(new Date(now - KEPT_MS));
    const due = await this.deliveries.due(new Date(now - PATIENCE_MS), MAX_AT_ONCE);
    const again = String(Math.floor(now / PATIENCE_MS));
    if (due.length > 0) await this.queue.enqueue(due.map((delivery) => deliveryJob(delivery, 0, again)));
    return due.length;
  }
}
