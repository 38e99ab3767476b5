import type Stripe from 'stripe';
import { noSuch } from './api-error.js';
import { type Answer, type Call, seconds } from './call.js';
import { expandBody, expandPage } from './expansion.js';
import type { Decline } from './declines.js';

/** What Stripe keeps of a charge in the United States: 2.9 % and 30 minor units. Its own words call it the fee. */
const COST_BPS = 290;
const COST_FIXED_MINOR = 30;
const DAYS_UNTIL_AVAILABLE = 2;
const SECONDS_PER_DAY = 86_400;

/** Whether the cardholder went through the bank's 3-D Secure step. */
export type Authentication = 'authenticated' | 'not_asked';

/** A charge that went through, with the balance transaction that it makes. */
export async function recordPaidCharge(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  authentication: Authentication,
): Promise<Stripe.Charge> {
  const transactionId = call.randomId('txn_');
  const charge: Stripe.Charge = {
    ...chargeOf(call, intent, method, authentication),
    amount_captured: intent.amount,
    balance_transaction: transactionId,
    captured: true,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      risk_score: 12,
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    paid: true,
    status: 'succeeded',
  };
  await call.objects.insert('charge', charge, { parent: intent.id });
  await call.objects.insert('balance_transaction', balanceTransaction(call, transactionId, charge));
  await call.emit('charge.succeeded', charge);
  return charge;
}

/** A charge that the bank declined. */
export async function recordFailedCharge(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
): Promise<Stripe.Charge> {
  const charge: Stripe.Charge = {
    ...chargeOf(call, intent, method, 'not_asked'),
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: {
      advice_code: decline.code === 'processing_error' ? 'try_again_later' : null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'declined_by_network',
      reason: decline.declineCode,
      risk_level: 'normal',
      risk_score: 12,
      seller_message: 'The bank did not return any further details with this decline.',
      type: 'issuer_declined',
    },
  };
  await call.objects.insert('charge', charge, { parent: intent.id });
  await call.emit('charge.failed', charge);
  return charge;
}

function chargeOf(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  authentication: Authentication,
): Stripe.Charge {
  return {
    id: call.randomId('ch_'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { ...method.billing_details, tax_id: null },
    calculated_statement_descriptor: 'STAND-IN',
    captured: false,
    created: seconds(call.now),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { card: chargedCard(intent, method, authentication), type: 'card' },
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'failed',
    transfer_data: null,
    transfer_group: null,
  };
}

function chargedCard(
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  authentication: Authentication,
): Stripe.Charge.PaymentMethodDetails.Card {
  const { card } = method;
  if (card === undefined) throw new Error('A payment method without a card');
  return {
    amount_authorized: intent.amount,
    authorization_code: null,
    brand: card.brand,
    checks: {
      address_line1_check: null,
      address_postal_code_check: method.billing_details.address?.postal_code ? 'pass' : null,
      cvc_check: 'pass',
    },
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    funding: card.funding,
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_transaction_id: null,
    regulated_status: 'unregulated',
    three_d_secure:
      authentication === 'not_asked'
        ? null
        : {
            authentication_flow: 'challenge',
            electronic_commerce_indicator: '05',
            exemption_indicator: null,
            result: 'authenticated',
            result_reason: null,
            transaction_id: null,
            version: '2.2.0',
          },
    transaction_link_id: null,
    wallet: null,
  };
}

function balanceTransaction(call: Call, id: string, charge: Stripe.Charge): Stripe.BalanceTransaction {
  const cost = Math.round((charge.amount * COST_BPS) / 10_000) + COST_FIXED_MINOR;
  const created = seconds(call.now);
  return {
    id,
    object: 'balance_transaction',
    amount: charge.amount,
    available_on: created + DAYS_UNTIL_AVAILABLE * SECONDS_PER_DAY,
    balance_type: 'payments',
    created,
    currency: charge.currency,
    description: charge.description,
    exchange_rate: null,
    fee: cost,
    fee_details: [
      {
        amount: cost,
        application: null,
        currency: charge.currency,
        description: 'Stripe processing fees',
        type: 'stripe_fee',
      },
    ],
    net: charge.amount - cost,
    reporting_category: 'charge',
    source: charge.id,
    status: 'pending',
    type: 'charge',
  };
}

/** `GET /v1/charges/:id`. */
export async function retrieveCharge(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  const expand = call.parameters.list('expand');
  call.parameters.done();
  const found = await call.objects.find('charge', id);
  if (found === undefined) throw noSuch('charge', id, 'id');
  return { status: 200, body: await expandBody(call.objects, found.body, expand) };
}

/** `GET /v1/charges`, all of them or one intent's. */
export async function listCharges(call: Call): Promise<Answer> {
  const expand = call.parameters.list('expand');
  const parent = call.parameters.text('payment_intent');
  const page = await call.objects.list('charge', call.parameters, '/v1/charges', { parent });
  call.parameters.done();
  return { status: 200, body: await expandPage(call.objects, page, expand) };
}

/** `GET /v1/balance_transactions/:id`. */
export async function retrieveBalanceTransaction(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  call.parameters.done();
  const found = await call.objects.find('balance_transaction', id);
  if (found === undefined) throw noSuch('balance transaction', id, 'id');
  return { status: 200, body: found.body };
}
