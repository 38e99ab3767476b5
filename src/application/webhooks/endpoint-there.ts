import { administrationDecider } from '../../domain/administration/decider.js';
import type { WebhookEndpoint } from '../../domain/administration/webhook-endpoints.js';
import { DomainError } from '../../domain/errors.js';
import type { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM } from '../ids.js';

/** @throws DomainError `webhook_endpoint_not_found` */
export async function assertEndpoint(executor: Execute, endpointId: string): Promise<WebhookEndpoint> {
  const { state } = await executor.load(administrationDecider, ADMINISTRATION_STREAM);
  const endpoint = state.webhookEndpoints.get(endpointId);
  if (!endpoint || endpoint.removed) throw new DomainError('webhook_endpoint_not_found', { endpointId });
  return endpoint;
}

/** @throws DomainError `webhook_endpoint_not_found`, `webhook_endpoint_disabled` */
export async function assertEnabledEndpoint(executor: Execute, endpointId: string): Promise<void> {
  const { enabled } = await assertEndpoint(executor, endpointId);
  if (!enabled) throw new DomainError('webhook_endpoint_disabled', { endpointId });
}
