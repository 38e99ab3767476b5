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

export type CustomerEvent = CustomerRegistered;

export const CUSTOMER_EVENTS: EventSchemas<CustomerEvent> = {
  CustomerRegistered: { version: 1, personal: { details: { name: ERASED } } },
};
