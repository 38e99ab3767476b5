import { createHash } from 'node:crypto';
import { Stripe } from 'stripe';
import type { CardProcessor, RegisteredEndpoint } from '../../application/ports.js';
import { API_VERSION } from './stripe-accounts.js';

/** What payments are settled by. */
const EVENTS: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.processing',
  'payment_intent.canceled',
];

/** For this long an endpoint may be another set-up's, which is about to write its secret down. */
const YOUNG_MS = 60 * 60_000;

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
  now: Date,
): Promise<RegisteredEndpoint> {
  const there: Stripe.WebhookEndpoint[] = [];
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) {
    if (endpoint.url === url) there.push(endpoint);
  }
  const kept = there.find(({ id }) => keptEndpointIds.includes(id));
  if (kept) return { endpointId: kept.id, signingSecret: undefined };
  const useless = there.filter(({ created }) => created * 1000 < now.getTime() - YOUNG_MS).map(({ id }) => id);
  for (const id of useless) await withdrawEndpoint(stripe, id);
  const made = await stripe.webhookEndpoints.create(
    {
      url,
      enabled_events: EVENTS,
      api_version: API_VERSION,
      description: 'Paylink Ledger: payments of one branch',
      ...(about === 'connected' ? { connect: true } : {}),
    },
    // Not that of an endpoint that was removed a moment ago: its answer would be played again.
    { idempotencyKey: digest(idempotencyKey, url, ...useless) },
  );
  return { endpointId: made.id, signingSecret: made.secret };
}

/** Quiet where it is not there: somebody was faster. */
export async function withdrawEndpoint(stripe: Stripe, endpointId: string): Promise<void> {
  try {
    await stripe.webhookEndpoints.del(endpointId);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError && error.code === 'resource_missing')) throw error;
  }
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
