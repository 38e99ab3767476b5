import type { RecordedEvent } from '../../domain/decider.js';
import type { WebhookEndpoint } from '../../domain/administration/webhook-endpoints.js';
import { webhookDeliveryId } from '../ids.js';
import { publicCandidates } from './public-events.js';
import type { NewWebhookDelivery } from './webhook-ports.js';

/** An endpoint as it is now, and where in the log it was made: it is told nothing of what was before. */
export interface KnownEndpoint {
  readonly endpoint: WebhookEndpoint;
  readonly since: bigint;
}

/**
 * What may have to be told to whom because of an event. Whether the event's branch is one of the endpoint's, and whether an invoice
 * is paid by it, is judged from the stream when it is sent.
 */
export function deliveriesOf(
  recorded: RecordedEvent,
  endpoints: readonly KnownEndpoint[],
): readonly NewWebhookDelivery[] {
  const source = { stream: recorded.stream, revision: recorded.revision };
  return publicCandidates(recorded).flatMap(({ type, messageId }) =>
    endpoints
      .filter(({ endpoint, since }) => since < recorded.position && isWanted(endpoint, type))
      .map(({ endpoint: { endpointId } }) => ({
        ...{ deliveryId: webhookDeliveryId(endpointId, messageId), endpointId, messageId, type, source },
      })),
  );
}

function isWanted({ enabled, removed, events }: WebhookEndpoint, type: string): boolean {
  return enabled && !removed && (events === undefined || events.includes(type));
}

/** What concerns every branch is for endpoints of every branch. */
export function isForBranch({ branchIds }: WebhookEndpoint, branchId: string | undefined): boolean {
  return branchIds === undefined || (branchId !== undefined && branchIds.includes(branchId));
}
