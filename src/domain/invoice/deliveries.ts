/** What providers say of a link's message, and what its recipient answered. News comes twice and in any order. */
import type { InvoiceEvent } from './events.js';
import type {
  RecordCustomerReply,
  RecordLinkBounced,
  RecordLinkDelivered,
  RecordLinkSendFailed,
  RecordLinkSent,
} from './commands.js';
import type { Invoice, Link } from './state.js';

/** Taken is taken, whatever staff decided meanwhile. */
export function decideLinkSent({ linkId, messageId, providerId }: RecordLinkSent, link: Link): readonly InvoiceEvent[] {
  return link.sent ? [] : [{ type: 'LinkSent', data: { linkId, messageId, providerId } }];
}

export function decideLinkSendFailed(
  { linkId, code, reason }: RecordLinkSendFailed,
  link: Link,
): readonly InvoiceEvent[] {
  return link.sent || link.failed || link.bounced ? [] : [{ type: 'LinkSendFailed', data: { linkId, code, reason } }];
}

/** A message has one end: delivered or bounced, whichever the provider told first. */
export function decideDelivered({ linkId, providerId, at }: RecordLinkDelivered, link: Link): readonly InvoiceEvent[] {
  return link.delivered || link.bounced ? [] : [{ type: 'LinkDelivered', data: { linkId, providerId, at } }];
}

export function decideBounced({ linkId, code, reason, at }: RecordLinkBounced, link: Link): readonly InvoiceEvent[] {
  return link.delivered || link.bounced ? [] : [{ type: 'LinkBounced', data: { linkId, code, reason, at } }];
}

export function decideReply({ reply }: RecordCustomerReply, state: Invoice): readonly InvoiceEvent[] {
  if (state.replies.has(reply.providerId)) return [];
  return [{ type: 'CustomerReplied', data: { ...reply, customerId: state.registered.customerId } }];
}
