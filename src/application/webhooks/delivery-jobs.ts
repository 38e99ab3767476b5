import { DELIVER_WEBHOOK } from '../jobs/job-names.js';
import type { Job } from '../ports.js';
import type { WebhookDelivery } from './webhook-ports.js';

type Due = Pick<WebhookDelivery, 'deliveryId' | 'round' | 'tries'>;

/** The job of a delivery's next try. `again` tells apart a job that is asked for because an earlier one was lost. */
export function deliveryJob({ deliveryId, round, tries }: Due, delayMs = 0, again?: string): Job {
  const suffix = again === undefined ? '' : `-again-${again}`;
  return {
    name: DELIVER_WEBHOOK,
    id: `${DELIVER_WEBHOOK}-${deliveryId}-${round}-${tries + 1}${suffix}`,
    payload: { deliveryId, round: String(round), tries: String(tries) },
    delayMs,
  };
}
