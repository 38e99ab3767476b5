import type Stripe from 'stripe';
import { invalidRequest, noSuch } from './api-error.js';
import { type Answer, type Call, seconds } from './call.js';

const USAGES = ['off_session', 'on_session'] as const;
const CANCELLATION_REASONS = ['abandoned', 'duplicate', 'requested_by_customer'] as const;

/** `POST /v1/setup_intents`: one that is not confirmed, and here never will be. */
export async function createSetupIntent(call: Call): Promise<Answer> {
  const { parameters } = call;
  const types = parameters.list('allowed_payment_method_types');
  if (types?.some((type) => type !== 'card') === true) {
    throw invalidRequest('This stand-in takes cards only.', { param: 'allowed_payment_method_types' });
  }
  const description = parameters.text('description', 1000) ?? null;
  const metadata = parameters.metadata();
  const usage = parameters.oneOf('usage', USAGES) ?? 'off_session';
  parameters.done();
  const id = call.randomId('seti_');
  const intent: Stripe.SetupIntent = {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: types === undefined ? null : ['card'],
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${call.randomId('')}`,
    created: seconds(call.now),
    customer: null,
    customer_account: null,
    description,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage,
  };
  await call.objects.insert('setup_intent', intent);
  return { status: 200, body: intent };
}

const BROWSER_FIELDS = [
  'id',
  'object',
  'automatic_payment_methods',
  'cancellation_reason',
  'client_secret',
  'created',
  'description',
  'last_setup_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_types',
  'status',
  'usage',
] as const satisfies readonly (keyof Stripe.SetupIntent)[];

/** `GET /v1/setup_intents/:id`: with a publishable key it is there for those who know its client secret, and in part. */
export async function retrieveSetupIntent(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  const { parameters } = call;
  const secret = parameters.text('client_secret');
  const isBrowser = call.keyKind === 'publishable';
  if (isBrowser) ['key', '_stripe_account'].forEach((name) => parameters.text(name));
  parameters.done();
  const body = (await call.objects.find('setup_intent', id))?.body;
  if (body === undefined || (isBrowser && (secret === undefined || body.client_secret !== secret))) {
    throw noSuch('setupintent', id, 'intent');
  }
  return {
    status: 200,
    body: isBrowser ? Object.fromEntries(BROWSER_FIELDS.map((name) => [name, body[name]])) : body,
  };
}

/** `POST /v1/setup_intents/:id/cancel`. */
export async function cancelSetupIntent(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  const reason = call.parameters.oneOf('cancellation_reason', CANCELLATION_REASONS) ?? null;
  call.parameters.done();
  const found = await call.objects.lock('setup_intent', id);
  if (found === undefined) throw noSuch('setupintent', id, 'intent');
  if (found.body.status === 'canceled') {
    throw invalidRequest('You cannot cancel this SetupIntent because it has a status of canceled.', {
      code: 'setup_intent_unexpected_state',
    });
  }
  const canceled: Stripe.SetupIntent = { ...found.body, status: 'canceled', cancellation_reason: reason };
  await call.objects.update('setup_intent', canceled);
  return { status: 200, body: canceled };
}
