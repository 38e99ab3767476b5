import { Stripe } from 'stripe';
import type { ProcessorNotice } from '../../application/ports.js';

/** How old a signed webhook may be. A replayed one is older, and what it says is asked for again anyway. */
const TOLERANCE_SECONDS = 300;

export interface NoticeTrust {
  /** The endpoint's signing secrets: one, or two while one takes the place of the other. */
  readonly secrets: readonly string[];
  /** Whether the service works with live keys; a notice from the other mode is not believed. */
  readonly livemode: boolean;
}

/**
 * Reads a webhook's raw body. `undefined` where no secret signed it, where it is too old or from the other mode, or where
 * it is about nothing with an id.
 */
export function noticeFrom(
  rawBody: Buffer,
  signature: string,
  trust: NoticeTrust,
  now: Date,
): ProcessorNotice | undefined {
  for (const secret of trust.secrets) {
    const event = verified(rawBody, signature, secret, now);
    if (event !== undefined) return event.livemode === trust.livemode ? describe(event) : undefined;
  }
  return undefined;
}

function verified(rawBody: Buffer, signature: string, secret: string, now: Date): Stripe.Event | undefined {
  try {
    // Its comparison of signatures takes the same time whatever they are.
    return Stripe.webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS, undefined, now.getTime());
  } catch {
    return undefined;
  }
}

function describe(event: Stripe.Event): ProcessorNotice | undefined {
  const object = event.data.object as { id?: unknown; object?: unknown; payment_intent?: unknown };
  if (typeof event.id !== 'string' || typeof object.id !== 'string') return undefined;
  return {
    eventId: event.id,
    type: event.type,
    objectId: object.id,
    paymentIntentId: object.object === 'payment_intent' ? object.id : idOf(object.payment_intent),
  };
}

function idOf(reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference;
  if (typeof reference === 'object' && reference !== null && 'id' in reference && typeof reference.id === 'string') {
    return reference.id;
  }
  return undefined;
}
