import type Stripe from 'stripe';
import type { Kinds, ObjectStore } from './object-store.js';
import type { Parameters } from './parameters.js';

/** The release of the API whose shapes the stand-in answers in. */
export const API_VERSION: Stripe.LatestApiVersion = '2026-10-28.endive';

/** Which key a request came with: the server's, or the one that a browser may know. */
export type KeyKind = 'secret' | 'publishable';

/** One request under way, inside one database transaction. */
export interface Call {
  readonly objects: ObjectStore;
  /** Parameters of the body or, for a GET, of the query. */
  readonly parameters: Parameters;
  /** Named parts of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly keyKind: KeyKind;
  /** In whose name: all that the request sees and makes is this account's. */
  readonly account: string;
  readonly now: Date;
  /** Where browsers reach the stand-in. */
  readonly origin: string;
  readonly randomId: (prefix: string) => string;
  /** Records an event of this type about the object, to be sent to the webhook once the transaction has committed. */
  readonly emit: (type: Stripe.Event.Type, object: Kinds['payment_intent'] | Kinds['charge']) => Promise<void>;
}

/** An answer that is sent, and kept under the request's idempotency key, once the transaction has committed. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Seconds since the Unix epoch, the API's form of a time. */
export function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
