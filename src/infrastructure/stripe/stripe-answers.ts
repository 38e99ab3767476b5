import type Stripe from 'stripe';
import {
  type CardDetails,
  type CardError,
  type Charge,
  type ConfirmationTokenPreview,
  type PaymentIntent,
  ProcessorRefused,
} from '../../application/ports.js';

/** Stripe's shapes, turned into the port's. An answer that lacks what Stripe promises is refused, never guessed at. */

export function intentFrom(intent: Stripe.PaymentIntent): PaymentIntent {
  return {
    paymentIntentId: intent.id,
    status: knownStatus(intent.status),
    amountMinor: intent.amount,
    currency: intent.currency.toUpperCase(),
    clientSecret: intent.client_secret ?? '',
    metadata: intent.metadata,
    charge: intent.status === 'succeeded' ? chargeFrom(intent.latest_charge) : undefined,
    lastError: lastErrorFrom(intent.last_payment_error),
  };
}

export function previewFrom(token: Stripe.ConfirmationToken): ConfirmationTokenPreview {
  const preview = token.payment_method_preview;
  if (preview?.card === undefined) {
    throw new ProcessorRefused('payment_method_not_available', 'The confirmation token is not one of a card.');
  }
  const address = preview.billing_details.address;
  return {
    card: cardFrom(preview.card),
    billingCountry: address?.country ?? undefined,
    billingPostalCode: address?.postal_code ?? undefined,
    billingState: address?.state ?? undefined,
    expiresAt: token.expires_at === null ? undefined : new Date(token.expires_at * 1000),
  };
}

const STATUSES: readonly PaymentIntent['status'][] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
  'succeeded',
  'canceled',
];

function knownStatus(status: string): PaymentIntent['status'] {
  const known = STATUSES.find((item) => item === status);
  if (known === undefined) throw new ProcessorRefused('unknown_status', 'The payment intent has a status of its own.');
  return known;
}

function chargeFrom(charge: Stripe.PaymentIntent['latest_charge']): Charge {
  if (charge === null || typeof charge === 'string')
    throw new Error('A succeeded payment intent came without its charge');
  const card = charge.payment_method_details?.card;
  return {
    chargeId: charge.id,
    amountMinor: charge.amount,
    currency: charge.currency.toUpperCase(),
    card:
      card === undefined
        ? { brand: 'unknown', last4: '', funding: 'unknown', country: undefined }
        : cardFrom({ ...card, brand: card.brand ?? 'unknown', last4: card.last4 ?? '', funding: card.funding ?? '' }),
    createdAt: new Date(charge.created * 1000),
  };
}

const FUNDINGS: readonly CardDetails['funding'][] = ['credit', 'debit', 'prepaid'];

function cardFrom(card: { brand: string; last4: string; funding: string; country: string | null }): CardDetails {
  return {
    brand: card.brand,
    last4: card.last4,
    funding: FUNDINGS.find((funding) => funding === card.funding) ?? 'unknown',
    country: card.country ?? undefined,
  };
}

function lastErrorFrom(error: Stripe.PaymentIntent.LastPaymentError | null): CardError | undefined {
  if (error === null) return undefined;
  return { code: error.code ?? error.type, declineCode: error.decline_code };
}
