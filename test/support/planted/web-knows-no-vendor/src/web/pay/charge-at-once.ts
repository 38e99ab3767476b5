import Stripe from 'stripe';

export const charge = (key: string): Stripe => new Stripe(key);
