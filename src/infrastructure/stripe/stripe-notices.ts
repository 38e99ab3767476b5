import { Stripe } from 'stripe';
import type { ProcessorAccount, ProcessorNotice } from '../../application/ports.js';

/** How old a signed webhook may be. A replayed one is older, and what it says is asked for again anyway. */
const TOLERANCE_SECONDS = 300;

export interface NoticeTrust {
  /** Signing secrets of the endpoint, each with an account that it was kept for; the first account that a notice can be about counts. */
  readonly trusted: readonly { readonly secret: string; readonly account: ProcessorAccount }[];
  /** Whether the service works with live keys; a notice from the other mode is not believed. */
  readonly livemode: boolean;
}

/** Ids and types are words: what is kept of a notice holds nothing else. */
const WORD = /^[A-Za-z0-9._-]{1,255}$/;

/**
 * Reads a webhook's raw body. `undefined` where no secret signed it, where it is too old or from the other mode, or where
 * it is not a notice about something with an id.
 */
export function noticeFrom(
  rawBody: Buffer,
  signature: string,
  trust: NoticeTrust,
  now: Date,
): ProcessorNotice | undefined {
  let ofNoAccount: ProcessorNotice | undefined;
  for (const { secret, account } of trust.trusted) {
    const event = verified(rawBody, signature, secret, now);
    if (event?.['livemode'] !== trust.livemode) continue;
    const notice = describe(event, account);
    // The same endpoint may have been kept for another account as well.
    if (notice?.account) return notice;
    ofNoAccount ??= notice;
  }
  return ofNoAccount;
}

type Fields = Readonly<Record<string, unknown>>;

/** What was signed, as an object of which nothing is known: a signature says who wrote it and not what. */
function verified(rawBody: Buffer, signature: string, secret: string, now: Date): Fields | undefined {
  try {
    // Its comparison of signatures takes the same time whatever they are.
    return fieldsOf(
      Stripe.webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS, undefined, now.getTime()),
    );
  } catch {
    return undefined;
  }
}

function describe(event: Fields, madeFor: ProcessorAccount): ProcessorNotice | undefined {
  const object = fieldsOf(fieldsOf(event['data'])?.['object']);
  const eventId = wordOf(event['id']);
  const type = wordOf(event['type']);
  const objectId = wordOf(object?.['id']);
  if (eventId === undefined || type === undefined || objectId === undefined) return undefined;
  const paymentIntentId = object?.['object'] === 'payment_intent' ? objectId : idOf(object?.['payment_intent']);
  return { eventId, type, objectId, paymentIntentId, account: accountOf(event, madeFor) };
}

/**
 * Notices about connected accounts name theirs. The service's own endpoint may be set to get them all; a branch's gets those of
 * every branch's account and is there for its own.
 */
function accountOf(event: Fields, madeFor: ProcessorAccount): ProcessorAccount | undefined {
  const accountId = wordOf(event['account']);
  switch (madeFor.mode) {
    case 'platform':
      return accountId === undefined ? madeFor : { mode: 'connect', accountId };
    case 'keys':
      return accountId === undefined ? madeFor : undefined;
    case 'connect':
      return accountId === madeFor.accountId ? madeFor : undefined;
  }
}

/** An id, or the object itself where it was expanded. */
function idOf(reference: unknown): string | undefined {
  return wordOf(reference) ?? wordOf(fieldsOf(reference)?.['id']);
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && WORD.test(value) ? value : undefined;
}
