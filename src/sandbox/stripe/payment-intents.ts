import type Stripe from 'stripe';
import { invalidRequest, noSuch } from './api-error.js';
import { type Answer, type Call, seconds } from './call.js';
import { expandBody, expandPage } from './expansion.js';
import type { Stored } from './object-store.js';

const MAX_AMOUNT_MINOR = 99_999_999;
/** The least that Stripe charges, in minor units, by currency. Others are taken from one minor unit up. */
const MIN_AMOUNT_MINOR: Readonly<Record<string, number>> = { usd: 50, eur: 50, cad: 50, aud: 50, gbp: 30, jpy: 50 };
const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

const CANCELABLE = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'requires_capture',
  'processing',
];
const CANCELLATION_REASONS = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** `POST /v1/payment_intents`: an intent that is not confirmed. */
export async function createIntent(call: Call): Promise<Answer> {
  const { parameters } = call;
  const currency = parameters.requiredText('currency').toLowerCase();
  if (!CURRENCIES.has(currency)) {
    throw invalidRequest(`Invalid currency: ${currency.slice(0, 10)}.`, { param: 'currency' });
  }
  const amount = checkedAmount(parameters.requiredInteger('amount'), currency);
  const types = parameters.list('allowed_payment_method_types');
  if (types?.some((type) => type !== 'card') === true) {
    throw invalidRequest('This stand-in takes cards only.', { param: 'allowed_payment_method_types' });
  }
  const automatic = parameters.group('automatic_payment_methods');
  const details = {
    description: parameters.text('description', 1000) ?? null,
    metadata: parameters.metadata(),
    receiptEmail: parameters.text('receipt_email') ?? null,
    automatic:
      automatic.flag('enabled') === true
        ? { enabled: true, allow_redirects: automatic.oneOf('allow_redirects', ['always', 'never']) ?? 'always' }
        : null,
  };
  automatic.done();
  const expand = parameters.list('expand');
  parameters.done();
  const intent = newIntent(call, { amount, currency, allowsCardsOnly: types !== undefined, ...details });
  await call.objects.insert('payment_intent', intent);
  await call.emit('payment_intent.created', intent);
  return { status: 200, body: await expandBody(call.objects, intent, expand) };
}

function checkedAmount(amount: number, currency: string): number {
  const least = MIN_AMOUNT_MINOR[currency] ?? 1;
  if (amount < least) {
    const message = `Amount must be at least ${least} in the smallest unit of ${currency}`;
    throw invalidRequest(message, { code: 'amount_too_small', param: 'amount' });
  }
  if (amount > MAX_AMOUNT_MINOR) {
    const message = `Amount must be no more than ${MAX_AMOUNT_MINOR} in the smallest unit of ${currency}`;
    throw invalidRequest(message, { code: 'amount_too_large', param: 'amount' });
  }
  return amount;
}

interface NewIntent {
  readonly amount: number;
  readonly currency: string;
  readonly allowsCardsOnly: boolean;
  readonly description: string | null;
  readonly metadata: Record<string, string>;
  readonly receiptEmail: string | null;
  readonly automatic: Stripe.PaymentIntent.AutomaticPaymentMethods | null;
}

function newIntent(call: Call, made: NewIntent): Stripe.PaymentIntent {
  const id = call.randomId('pi_');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: made.allowsCardsOnly ? ['card'] : null,
    amount: made.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: made.automatic,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${call.randomId('')}`,
    confirmation_method: 'automatic',
    created: seconds(call.now),
    currency: made.currency,
    customer: null,
    customer_account: null,
    description: made.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: made.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: made.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
}

/** `GET /v1/payment_intents/:id`: the whole of it for the server, what a customer may know for a browser. */
export async function retrieveIntent(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  const { parameters } = call;
  const secret = parameters.text('client_secret');
  const expand = parameters.list('expand');
  if (call.keyKind === 'publishable') ['key', '_stripe_account'].forEach((name) => parameters.text(name));
  parameters.done();
  const found = await call.objects.find('payment_intent', id);
  if (call.keyKind === 'publishable') return { status: 200, body: forBrowser(checkSecret(found, id, secret)) };
  if (found === undefined) throw noSuch('payment_intent', id, 'intent');
  return { status: 200, body: await expandBody(call.objects, found.body, expand) };
}

/** With a publishable key an intent is only there for those who know its client secret. */
export function checkSecret(
  found: Stored<'payment_intent'> | undefined,
  id: string,
  secret: string | undefined,
): Stripe.PaymentIntent {
  if (found === undefined || secret === undefined || found.body.client_secret !== secret) {
    throw noSuch('payment_intent', id, 'intent');
  }
  return found.body;
}

const BROWSER_FIELDS = [
  'id',
  'object',
  'amount',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',
  'capture_method',
  'client_secret',
  'confirmation_method',
  'created',
  'currency',
  'description',
  'last_payment_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_types',
  'processing',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'status',
] as const satisfies readonly (keyof Stripe.PaymentIntent)[];

/** The part of an intent that is told to a browser: no metadata, charge or bookkeeping. */
export function forBrowser(intent: Stripe.PaymentIntent): Partial<Stripe.PaymentIntent> {
  return Object.fromEntries(BROWSER_FIELDS.map((name) => [name, intent[name]]));
}

/** `GET /v1/payment_intents`. */
export async function listIntents(call: Call): Promise<Answer> {
  const expand = call.parameters.list('expand');
  const page = await call.objects.list('payment_intent', call.parameters, '/v1/payment_intents');
  call.parameters.done();
  return { status: 200, body: await expandPage(call.objects, page, expand) };
}

/** `POST /v1/payment_intents/:id/cancel`: refused once the money has moved. */
export async function cancelIntent(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  const reason = call.parameters.oneOf('cancellation_reason', CANCELLATION_REASONS) ?? null;
  const expand = call.parameters.list('expand');
  call.parameters.done();
  const found = await call.objects.lock('payment_intent', id);
  if (found === undefined) throw noSuch('payment_intent', id, 'intent');
  const { body } = found;
  if (!CANCELABLE.includes(body.status)) {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it has a status of ${body.status}. Only a PaymentIntent with one ` +
        `of the following statuses may be canceled: ${CANCELABLE.join(', ')}.`,
      { code: 'payment_intent_unexpected_state', payment_intent: body },
    );
  }
  const canceled: Stripe.PaymentIntent = {
    ...body,
    status: 'canceled',
    canceled_at: seconds(call.now),
    cancellation_reason: reason,
    next_action: null,
  };
  await call.objects.update('payment_intent', canceled);
  await call.emit('payment_intent.canceled', canceled);
  return { status: 200, body: await expandBody(call.objects, canceled, expand) };
}
