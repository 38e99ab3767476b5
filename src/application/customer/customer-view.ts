/** A customer as their stream says now, with what is known of their addresses. */
import type { Customer } from '../../domain/customer/decider.js';
import type { CustomerDetails } from '../../domain/customer/events.js';

/** What stands for or against texts to the customer's telephone. */
export interface TextsView {
  /** Somebody vouched for it: `staff`, `api`, or the customer's own `keyword`. */
  readonly consent: { readonly at: string; readonly how: 'staff' | 'api' | 'keyword' } | undefined;
  /** The opt-out that stands. Only the customer can undo it, and `say` is how. */
  readonly optedOut:
    { readonly at: string; readonly source: 'keyword' | 'carrier' | 'staff'; readonly say: string } | undefined;
  /** False where texts do not go to the telephone's country. */
  readonly canBeTexted: boolean;
}

export interface UnreachableView {
  readonly channel: 'email' | 'sms';
  readonly at: string;
  readonly code: string;
  readonly reason: string;
}

export interface CustomerView {
  readonly customerId: string;
  readonly branchId: string;
  readonly externalId: string | undefined;
  readonly details: CustomerDetails;
  /** Undefined: as the branch has it. */
  readonly locale: string | undefined;
  readonly timeZone: string | undefined;
  readonly revision: bigint;
  /** Undefined where there is no telephone. */
  readonly texts: TextsView | undefined;
  /** The present addresses that the last message did not reach. */
  readonly unreachable: readonly UnreachableView[];
  readonly branch: { readonly name: string; readonly locale: string; readonly timeZone: string };
}

export interface CustomerWritten {
  readonly customer: CustomerView;
  readonly position: bigint;
}

/** What of a view the stream of the customer alone says. */
export function ownFacts({ customerId, branchId, externalId, details, locale, timeZone, revision }: Customer) {
  return { customerId, branchId, externalId, details, locale, timeZone, revision };
}
