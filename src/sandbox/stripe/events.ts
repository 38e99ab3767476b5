import type Stripe from 'stripe';
import { mayCharge } from './accounts.js';
import { noSuch } from './api-error.js';
import { API_VERSION, type Answer, type Call, seconds } from './call.js';
import type { Kinds } from './object-store.js';

/** What an event says: what happened, and the object as it is afterwards. */
export interface EventSubject {
  readonly type: Stripe.Event.Type;
  readonly object: Kinds['payment_intent'] | Kinds['charge'];
}

/** An event as it is kept, listed and sent. */
export function eventOf(
  about: EventSubject,
  made: { id: string; now: Date; requestId: string; idempotencyKey: string | undefined; webhooks: number },
): Stripe.EventBase {
  return {
    id: made.id,
    object: 'event',
    api_version: API_VERSION,
    created: seconds(made.now),
    data: { object: about.object },
    livemode: false,
    pending_webhooks: made.webhooks,
    request: { id: made.requestId, idempotency_key: made.idempotencyKey ?? null },
    type: about.type,
  };
}

/** `GET /v1/events/:id`. */
export async function retrieveEvent(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  call.parameters.done();
  const found = await call.objects.find('event', id);
  if (found === undefined) throw noSuch('event', id, 'id');
  return { status: 200, body: found.body };
}

/** `GET /v1/events`, all of them or those of one type. */
export async function listEvents(call: Call): Promise<Answer> {
  const type = call.parameters.text('type');
  const page = await call.objects.list('event', call.parameters, '/v1/events', { type });
  call.parameters.done();
  return { status: 200, body: page };
}

/** `GET /v1/account`: the one in whose name the request is made. */
export async function retrieveAccount(call: Call): Promise<Answer> {
  call.parameters.done();
  const account: Stripe.Account = {
    id: call.account,
    object: 'account',
    business_type: 'company',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: mayCharge(call.account),
    country: 'US',
    default_currency: 'usd',
    details_submitted: mayCharge(call.account),
    email: null,
    metadata: {},
    payouts_enabled: true,
    type: 'standard',
  };
  return Promise.resolve({ status: 200, body: account });
}
