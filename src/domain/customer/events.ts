/** A customer of a branch. Stored in `customer-<uuid>`; the details are personal and stored as ciphertext. */
import { ERASED, type EventSchemas } from '../event-schema.js';

export interface CustomerDetails {
  readonly name: string;
  readonly email?: string;
  readonly phone?: string;
  readonly address?: readonly string[];
}

export interface CustomerRegistered {
  readonly type: 'CustomerRegistered';
  readonly data: {
    readonly customerId: string;
    readonly branchId: string;
    readonly externalId?: string;
    readonly locale?: string;
    readonly details: CustomerDetails;
  };
}

/** What of the details is another now; `null` where there is none any more. */
export interface CustomerChanges {
  readonly name?: string;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly address?: readonly string[] | null;
}

/** Staff, or a program of theirs, know better. Invoices that were issued say what they said. */
export interface CustomerUpdated {
  readonly type: 'CustomerUpdated';
  readonly data: {
    readonly customerId: string;
    readonly changes: CustomerChanges;
    /** `null`: as the branch has it. */
    readonly locale?: string | null;
    readonly timeZone?: string | null;
  };
}

export type CustomerEvent = CustomerRegistered | CustomerUpdated;

export const CUSTOMER_EVENTS: EventSchemas<CustomerEvent> = {
  CustomerRegistered: { version: 1, personal: { details: { name: ERASED } } },
  // Once erased, the details are what is left of the registration.
  CustomerUpdated: { version: 1, personal: { changes: {} } },
};
