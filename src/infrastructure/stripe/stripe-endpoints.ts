import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { CardProcessor, RegisteredEndpoint } from '../../application/ports.js';
import { API_VERSION } from './stripe-accounts.js';

/** What payments are settled by. */
const EVENTS: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.processing',
  'payment_intent.canceled',
];

/**
 * Registers for notices at an address. Stripe tells an endpoint's signing secret once: one whose secret is not kept (the service
 * was killed before it was written down, say) is of no use to anybody and makes way for another.
 *
 * @param about `connected`: the service's own account is asked for notices about the accounts connected to it
 */
export async function registerEndpoint(
  stripe: Stripe,
  about: 'own' | 'connected',
  { url, keptEndpointIds, idempotencyKey }: Parameters<CardProcessor['registerNotices']>[1],
): Promise<RegisteredEndpoint> {
  const there: string[] = [];
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) {
    if (endpoint.url === url) there.push(endpoint.id);
  }
  const kept = there.find((id) => keptEndpointIds.includes(id));
  if (kept !== undefined) return { endpointId: kept, signingSecret: undefined };
  for (const id of there) await stripe.webhookEndpoints.del(id);
  const made = await stripe.webhookEndpoints.create(
    {
      url,
      enabled_events: EVENTS,
      api_version: API_VERSION,
      description: 'Paylink Ledger: payments of one branch',
      ...(about === 'connected' ? { connect: true } : {}),
    },
    // Not that of an endpoint that was removed a moment ago: its answer would be played again.
    { idempotencyKey: digest(idempotencyKey, url, ...there) },
  );
  return { endpointId: made.id, signingSecret: made.secret };
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
