/** Decides about a customer of a branch. */
import type { Decider } from '../decider.js';
import type { CustomerEvent, CustomerRegistered } from './events.js';

export type CustomerState =
  { readonly status: 'absent' } | ({ readonly status: 'registered' } & CustomerRegistered['data']);

export interface RegisterCustomer {
  readonly type: 'RegisterCustomer';
  readonly data: CustomerRegistered['data'];
}

/** A customer is registered by the first invoice that names them; a later one finds them. */
export const customerDecider: Decider<CustomerState, RegisterCustomer, CustomerEvent> = {
  initialState: { status: 'absent' },
  decide: (command, state) => (state.status === 'absent' ? [{ type: 'CustomerRegistered', data: command.data }] : []),
  evolve: (_state, event) => ({ status: 'registered', ...event.data }),
};
