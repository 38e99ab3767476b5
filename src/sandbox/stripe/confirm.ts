import type Stripe from 'stripe';
import { documentationOf, invalidRequest, noSuch } from './api-error.js';
import { type Answer, type Call, seconds } from './call.js';
import { type Authentication, recordFailedCharge, recordPaidCharge } from './charges.js';
import { declineOf } from './declines.js';
import { expandBody } from './expansion.js';
import type { Stored } from './object-store.js';
import { checkSecret, forBrowser } from './payment-intents.js';

const CONFIRMABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

/** `POST /v1/payment_intents/:id/confirm` with a confirmation token: here, and only here, money begins to move. */
export async function confirmIntent(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  const { parameters } = call;
  const tokenId = parameters.text('confirmation_token');
  const amount = parameters.integer('amount_to_confirm');
  const returnUrl = parameters.text('return_url');
  const expand = parameters.list('expand');
  parameters.done();
  const found = await call.objects.lock('payment_intent', id);
  if (found === undefined) throw noSuch('payment_intent', id, 'intent');
  const intent = found.body;
  refuseUnlessConfirmable(intent);
  if (tokenId === undefined) {
    const message =
      "You cannot confirm this PaymentIntent because it's missing a payment method. Confirm it with a confirmation token.";
    throw invalidRequest(message, { code: 'payment_intent_unexpected_state', payment_intent: intent });
  }
  if (amount !== undefined && amount !== intent.amount) {
    const message = `The amount_to_confirm (${amount}) is not the amount of the PaymentIntent (${intent.amount}).`;
    throw invalidRequest(message, { param: 'amount_to_confirm', payment_intent: intent });
  }
  const { token, method } = await useToken(call, tokenId, intent);
  const answer = await askBank(call, intent, method, {
    token,
    returnUrl: returnUrl ?? token.return_url,
  });
  if (answer.status !== 200) return answer;
  return { status: 200, body: await expandBody(call.objects, answer.body as Stripe.PaymentIntent, expand) };
}

function refuseUnlessConfirmable(intent: Stripe.PaymentIntent): void {
  if (CONFIRMABLE.includes(intent.status)) return;
  const message =
    intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with ` +
        `one of the following statuses may be confirmed: ${CONFIRMABLE.join(', ')}.`;
  throw invalidRequest(message, { code: 'payment_intent_unexpected_state', payment_intent: intent });
}

/** A confirmation token is good for one confirmation, of one intent, for twelve hours. */
async function useToken(
  call: Call,
  tokenId: string,
  intent: Stripe.PaymentIntent,
): Promise<{ token: Stripe.ConfirmationToken; method: Stored<'payment_method'> }> {
  const param = 'confirmation_token';
  const found = await call.objects.lock('confirmation_token', tokenId);
  if (found === undefined) throw noSuch('confirmation_token', tokenId, param);
  const token = found.body;
  if (token.payment_intent !== null) {
    const message = `The confirmation token ${tokenId} has already been used to confirm an intent.`;
    throw invalidRequest(message, { code: 'token_already_used', param });
  }
  if (token.expires_at !== null && token.expires_at <= seconds(call.now)) {
    throw invalidRequest(`The confirmation token ${tokenId} has expired.`, { code: 'resource_missing', param });
  }
  const method = paymentMethodOf(call, token);
  await call.objects.insert('payment_method', method, { hidden: found.hidden });
  await call.objects.update('confirmation_token', { ...token, payment_intent: intent.id, expires_at: null });
  return { token, method: { body: method, hidden: found.hidden } };
}

function paymentMethodOf(call: Call, token: Stripe.ConfirmationToken): Stripe.PaymentMethod {
  const preview = token.payment_method_preview;
  if (preview?.card === undefined) throw new Error('A confirmation token without a card');
  return {
    id: call.randomId('pm_'),
    object: 'payment_method',
    billing_details: preview.billing_details,
    card: { ...preview.card, generated_from: null, wallet: null },
    created: seconds(call.now),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}

async function askBank(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stored<'payment_method'>,
  confirmation: { token: Stripe.ConfirmationToken; returnUrl: string | null },
): Promise<Answer> {
  const behaviour = method.hidden.card?.behaviour ?? 'succeeds';
  if (behaviour === 'succeeds') return pay(call, intent, method.body, 'not_asked');
  if (behaviour === 'three_d_secure') {
    return requireAction(call, intent, method.body, {
      inPage: confirmation.token.use_stripe_sdk || confirmation.returnUrl === null,
      returnUrl: confirmation.returnUrl,
    });
  }
  const decline = declineOf(behaviour);
  const charge = await recordFailedCharge(call, intent, method.body, decline);
  const error: Stripe.PaymentIntent.LastPaymentError = {
    type: 'card_error',
    code: decline.code,
    decline_code: decline.declineCode,
    doc_url: documentationOf(decline.code),
    message: decline.message,
    charge: charge.id,
    payment_method: method.body,
    ...(decline.param === undefined ? {} : { param: decline.param }),
  };
  const failed = await fail(call, intent, error, charge.id);
  return { status: 402, body: { error: { ...error, payment_intent: failed } } };
}

async function pay(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  authentication: Authentication,
): Promise<Answer> {
  const charge = await recordPaidCharge(call, intent, method, authentication);
  const paid: Stripe.PaymentIntent = {
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
  };
  await call.objects.update('payment_intent', paid);
  await call.emit('payment_intent.succeeded', paid);
  return { status: 200, body: paid };
}

async function fail(
  call: Call,
  intent: Stripe.PaymentIntent,
  error: Stripe.PaymentIntent.LastPaymentError,
  chargeId: string | null,
): Promise<Stripe.PaymentIntent> {
  const failed: Stripe.PaymentIntent = {
    ...intent,
    status: 'requires_payment_method',
    last_payment_error: error,
    latest_charge: chargeId,
    next_action: null,
    payment_method: null,
  };
  await call.objects.update('payment_intent', failed);
  await call.emit('payment_intent.payment_failed', failed);
  return failed;
}

async function requireAction(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  step: { inPage: boolean; returnUrl: string | null },
): Promise<Answer> {
  const secret = encodeURIComponent(intent.client_secret ?? '');
  const url = `${call.origin}/endive/three-d-secure.html#payment_intent=${intent.id}&client_secret=${secret}`;
  const waiting: Stripe.PaymentIntent = {
    ...intent,
    status: 'requires_action',
    last_payment_error: null,
    next_action: step.inPage
      ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
      : { type: 'redirect_to_url', redirect_to_url: { return_url: step.returnUrl, url } },
    payment_method: method.id,
  };
  await call.objects.update('payment_intent', waiting);
  await call.emit('payment_intent.requires_action', waiting);
  return { status: 200, body: waiting };
}

/** `GET /endive/three-d-secure/:id`: what the bank shows its cardholder. */
export async function describeAuthentication(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  const secret = call.parameters.requiredText('client_secret');
  call.parameters.done();
  const { amount, currency, description } = checkSecret(await call.objects.find('payment_intent', id), id, secret);
  return { status: 200, body: { amount, currency, description } };
}

/** `POST /endive/three-d-secure/:id`: the cardholder completed or failed the bank's step. */
export async function settleAuthentication(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  const secret = call.parameters.requiredText('client_secret');
  const outcome = call.parameters.oneOf('outcome', ['complete', 'fail'] as const);
  call.parameters.done();
  const intent = checkSecret(await call.objects.lock('payment_intent', id), id, secret);
  const returnUrl = intent.next_action?.redirect_to_url?.return_url ?? null;
  if (intent.status !== 'requires_action' || typeof intent.payment_method !== 'string') {
    // Pressed twice, or the intent was cancelled meanwhile: the page is told how things stand.
    return { status: 200, body: { payment_intent: forBrowser(intent), return_url: returnUrl } };
  }
  const method = await call.objects.find('payment_method', intent.payment_method);
  if (method === undefined) throw new Error('An intent names a payment method that is not there');
  if (outcome === 'complete') {
    const paid = await pay(call, intent, method.body, 'authenticated');
    return {
      status: 200,
      body: { payment_intent: forBrowser(paid.body as Stripe.PaymentIntent), return_url: returnUrl },
    };
  }
  const code = 'payment_intent_authentication_failure';
  const error: Stripe.PaymentIntent.LastPaymentError = {
    type: 'invalid_request_error',
    code,
    doc_url: documentationOf(code),
    message:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    payment_method: method.body,
  };
  const failed = await fail(call, intent, error, null);
  return { status: 200, body: { payment_intent: forBrowser(failed), return_url: returnUrl } };
}
