import type Stripe from 'stripe';
import type { CardBehaviour } from './test-cards.js';

/** How a bank declines, in the words and codes of Stripe. */
export interface Decline {
  readonly code: Stripe.PaymentIntent.LastPaymentError.Code;
  readonly declineCode: string;
  readonly message: string;
  readonly param?: string;
}

const DECLINES: Readonly<Record<Exclude<CardBehaviour, 'succeeds' | 'three_d_secure'>, Decline>> = {
  declined: { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' },
  insufficient_funds: {
    code: 'card_declined',
    declineCode: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  expired: {
    code: 'expired_card',
    declineCode: 'expired_card',
    message: 'Your card has expired.',
    param: 'exp_month',
  },
  incorrect_cvc: {
    code: 'incorrect_cvc',
    declineCode: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
    param: 'cvc',
  },
  processing_error: {
    code: 'processing_error',
    declineCode: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
};

/** In which words the bank behind a test card declines. */
export function declineOf(behaviour: keyof typeof DECLINES): Decline {
  return DECLINES[behaviour];
}
