/** Whether a customer is still reached where a link of theirs went. */
import type { Link } from '../../domain/invoice/state.js';
import type { PresentCustomer } from '../customer/present-customer.js';
import { customerBefore, type LoadedInvoice } from './invoice-view.js';

/**
 * Whether the recipient was the customer's address when the link was made, and is no longer: the invoice was revised, or staff
 * changed the customer. An address that staff had typed in for this one sending was never the customer's, and so has not changed.
 */
export function contactChanged(loaded: LoadedInvoice, link: Link): boolean {
  const { events, customer } = loaded;
  const issued = events.find(({ event }) => event.type === 'LinkIssued' && event.data.linkId === link.linkId);
  if (!issued) return false;
  const was = addressOf(customerBefore(loaded, issued.position), link);
  return was === link.recipient && addressOf(customer, link) !== link.recipient;
}

/** Where the customer is reached by the channel of a link. */
export function addressOf({ email, phone }: PresentCustomer, { channel }: Link): string | undefined {
  return channel === 'email' ? email : phone;
}
