import type pg from 'pg';
import type Stripe from 'stripe';
import { OWN_ACCOUNT } from './accounts.js';
import { invalidRequest, noSuch } from './api-error.js';
import { type Answer, type Call, seconds } from './call.js';

/** As many as the original lets an account have. */
const MAX_ENDPOINTS = 16;

/** `POST /v1/webhook_endpoints`: the only answer that has the signing secret. */
export async function createEndpoint(call: Call): Promise<Answer> {
  const { parameters } = call;
  const url = parameters.requiredText('url');
  if (!/^https?:\/\/[^\s/]/.test(url)) throw invalidRequest('Invalid URL: an address is needed.', { param: 'url' });
  const events = parameters.list('enabled_events') ?? [];
  if (events.length === 0) throw invalidRequest('Name the events that are wanted.', { param: 'enabled_events' });
  const made = {
    api_version: parameters.text('api_version') ?? null,
    description: parameters.text('description') ?? null,
    metadata: parameters.metadata(),
  };
  const connect = parameters.flag('connect') ?? false;
  parameters.done();
  if ((await call.objects.count('webhook_endpoint')) >= MAX_ENDPOINTS) {
    throw invalidRequest(`You have reached the maximum of ${MAX_ENDPOINTS} test webhook endpoints.`);
  }
  const endpoint: Stripe.WebhookEndpoint = {
    id: call.randomId('we_'),
    object: 'webhook_endpoint',
    application: null,
    created: seconds(call.now),
    enabled_events: events,
    livemode: false,
    status: 'enabled',
    url,
    ...made,
  };
  const secret = call.randomId('whsec_');
  await call.objects.insert('webhook_endpoint', endpoint, { hidden: { secret, connect } });
  return { status: 200, body: { ...endpoint, secret } };
}

/** `GET /v1/webhook_endpoints`. */
export async function listEndpoints(call: Call): Promise<Answer> {
  const page = await call.objects.list('webhook_endpoint', call.parameters, '/v1/webhook_endpoints');
  call.parameters.done();
  return { status: 200, body: page };
}

/** `DELETE /v1/webhook_endpoints/:id`. */
export async function deleteEndpoint(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  call.parameters.done();
  if (!(await call.objects.remove('webhook_endpoint', id))) throw noSuch('webhook endpoint', id, 'webhook_endpoint');
  return { status: 200, body: { id, object: 'webhook_endpoint', deleted: true } };
}

/** Who hears of an event: endpoints of the account itself, and those by which the stand-in's own hears of connected ones. */
export async function endpointsFor(sql: pg.PoolClient, account: string, type: string): Promise<string[]> {
  const found = await sql.query<{ id: string }>(
    `select id from stripe_stand_in.object
     where kind = 'webhook_endpoint' and (body->'enabled_events' ? $2 or body->'enabled_events' ? '*')
       and (account = $1 and not (hidden->>'connect')::boolean
         or $1 <> $3 and account = $3 and (hidden->>'connect')::boolean and starts_with($1, 'acct_Connected'))`,
    [account, type, OWN_ACCOUNT],
  );
  return found.rows.map(({ id }) => id);
}
