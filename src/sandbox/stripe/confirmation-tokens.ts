import type Stripe from 'stripe';
import { ApiError, documentationOf, invalidRequest, noSuch } from './api-error.js';
import { type Answer, type Call, seconds } from './call.js';
import type { Parameters } from './parameters.js';
import { cardByName, cardByNumber, passesLuhn, type TestCard } from './test-cards.js';

const TOKEN_LIFETIME_SECONDS = 12 * 60 * 60;

type BillingDetails = Stripe.ConfirmationToken.PaymentMethodPreview.BillingDetails;
type PreviewCard = Stripe.ConfirmationToken.PaymentMethodPreview.Card;

/** `POST /v1/confirmation_tokens`: what the card form sends with the publishable key. The card's number ends here. */
export async function createToken(call: Call): Promise<Answer> {
  const { parameters } = call;
  const method = parameters.group('payment_method_data');
  if (method.requiredText('type') !== 'card') {
    throw invalidRequest('Only cards are taken.', { param: 'payment_method_data[type]' });
  }
  const { card, expiry } = typedCard(method.group('card'), call.now);
  const billing = billingDetails(method.group('billing_details'));
  method.done();
  const returnUrl = parameters.text('return_url') ?? null;
  parameters.done();
  return keep(call, { card, expiry, billing, returnUrl, madeInBrowser: true });
}

/** `POST /v1/test_helpers/confirmation_tokens`: a token without a browser, by the name of a test card. */
export async function createTestToken(call: Call): Promise<Answer> {
  const { parameters } = call;
  const name = parameters.requiredText('payment_method');
  const card = cardByName(name);
  if (card === undefined) throw noSuch('PaymentMethod', name, 'payment_method');
  const returnUrl = parameters.text('return_url') ?? null;
  const method = parameters.group('payment_method_data');
  method.oneOf('type', ['card']);
  const billing = billingDetails(method.group('billing_details'));
  method.done();
  parameters.done();
  const expiry = { month: 12, year: call.now.getUTCFullYear() + 4 };
  return keep(call, { card, expiry, billing, returnUrl, madeInBrowser: false });
}

/** `GET /v1/confirmation_tokens/:id`. */
export async function retrieveToken(call: Call): Promise<Answer> {
  const id = call.path['id'] ?? '';
  call.parameters.done();
  const found = await call.objects.find('confirmation_token', id);
  if (found === undefined) throw noSuch('confirmation_token', id, 'confirmation_token');
  return { status: 200, body: found.body };
}

interface Expiry {
  readonly month: number;
  readonly year: number;
}

/** Checks what was typed in the order in which the original does, and forgets the number. */
function typedCard(typed: Parameters, now: Date): { card: TestCard; expiry: Expiry } {
  const number = typed.requiredText('number').replaceAll(/[\s-]/g, '');
  const expiry = { month: typed.requiredInteger('exp_month'), year: typed.requiredInteger('exp_year') };
  const cvc = typed.requiredText('cvc');
  typed.done();
  if (!/^\d+$/.test(number) || !passesLuhn(number)) {
    throw cardError('incorrect_number', 'Your card number is incorrect.', 'number');
  }
  if (expiry.month < 1 || expiry.month > 12) {
    throw cardError('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month');
  }
  const lastMonth = now.getUTCFullYear() * 12 + now.getUTCMonth();
  if (expiry.year * 12 + expiry.month - 1 < lastMonth || expiry.year > now.getUTCFullYear() + 50) {
    throw cardError('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year');
  }
  const card = cardByNumber(number);
  if (card === undefined) {
    const message = 'Your card was declined. Your request was in test mode, but used a non test card.';
    throw cardError('card_declined', message, undefined, 'test_mode_live_card');
  }
  if (!/^\d{3,4}$/.test(cvc) || (card.brand === 'amex' ? cvc.length < 3 : cvc.length !== 3)) {
    throw cardError('invalid_cvc', "Your card's security code is invalid.", 'cvc');
  }
  return { card, expiry };
}

function cardError(code: string, message: string, param?: string, declineCode?: string): ApiError {
  return new ApiError(402, {
    type: 'card_error',
    code,
    doc_url: documentationOf(code),
    message,
    ...(param === undefined ? {} : { param }),
    ...(declineCode === undefined ? {} : { decline_code: declineCode }),
  });
}

function billingDetails(typed: Parameters): BillingDetails {
  const address = typed.group('address');
  const details: BillingDetails = {
    address: {
      city: address.text('city') ?? null,
      country: address.text('country', 2)?.toUpperCase() ?? null,
      line1: address.text('line1') ?? null,
      line2: address.text('line2') ?? null,
      postal_code: address.text('postal_code') ?? null,
      state: address.text('state') ?? null,
    },
    email: typed.text('email') ?? null,
    name: typed.text('name') ?? null,
    phone: typed.text('phone') ?? null,
    tax_id: null,
  };
  address.done();
  typed.done();
  return details;
}

interface NewToken {
  readonly card: TestCard;
  readonly expiry: Expiry;
  readonly billing: BillingDetails;
  readonly returnUrl: string | null;
  readonly madeInBrowser: boolean;
}

async function keep(call: Call, made: NewToken): Promise<Answer> {
  const created = seconds(call.now);
  const token: Stripe.ConfirmationToken = {
    id: call.randomId('ctoken_'),
    object: 'confirmation_token',
    created,
    expires_at: created + TOKEN_LIFETIME_SECONDS,
    livemode: false,
    mandate_data: null,
    metadata: null,
    payment_intent: null,
    payment_method_options: { card: { cvc_token: null } },
    payment_method_preview: {
      allow_redisplay: 'unspecified',
      billing_details: made.billing,
      card: previewCard(made.card, made.expiry),
      customer: null,
      customer_account: null,
      type: 'card',
    },
    return_url: made.returnUrl,
    setup_future_usage: null,
    setup_intent: null,
    shipping: null,
    use_stripe_sdk: made.madeInBrowser,
  };
  await call.objects.insert('confirmation_token', token, { hidden: { card: made.card } });
  return { status: 200, body: token };
}

function previewCard(card: TestCard, expiry: Expiry): PreviewCard {
  return {
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
    country: card.country,
    display_brand: card.brand,
    exp_month: expiry.month,
    exp_year: expiry.year,
    funding: card.funding,
    generated_from: null,
    last4: card.last4,
    networks: { available: [card.brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}
