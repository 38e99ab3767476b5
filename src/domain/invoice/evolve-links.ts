/** How the events of its links change an invoice. */
import { assertNever } from '../decider.js';
import type { LinkEvent } from './link-events.js';
import type { Invoice, Link } from './state.js';

export function changeOfLinks(state: Invoice, event: LinkEvent): Invoice {
  switch (event.type) {
    case 'LinkIssued':
      return withLink(state, {
        linkId: event.data.linkId,
        channel: event.data.channel,
        recipient: event.data.recipient,
        expiresAt: event.data.expiresAt,
        purpose: event.data.purpose,
        sendAt: event.data.sendAt,
        sendAtLocal: event.data.sendAtLocal,
        bulk: event.data.bulk,
        sent: false,
        failed: undefined,
        delivered: false,
        bounced: undefined,
        opened: false,
        revoked: false,
      });
    case 'LinkSent':
      return changeLink(state, event.data.linkId, { sent: true, failed: undefined });
    case 'LinkSendFailed':
      return changeLink(state, event.data.linkId, { failed: { code: event.data.code, reason: event.data.reason } });
    case 'LinkDelivered':
      return changeLink(state, event.data.linkId, { delivered: true });
    case 'LinkBounced':
      return changeLink(state, event.data.linkId, { bounced: { code: event.data.code, reason: event.data.reason } });
    case 'LinkOpened':
      return changeLink(state, event.data.linkId, { opened: true });
    case 'LinkRevoked':
      return changeLink(state, event.data.linkId, { revoked: true });
    case 'CustomerReplied':
      return { ...state, replies: new Set(state.replies).add(event.data.providerId) };
    case 'ReminderScheduled':
      return { ...state, reminders: [...state.reminders, event.data] };
    case 'LinkRenewalRequested': {
      const { linkId, requestedAt, outcome } = event.data;
      return { ...state, renewals: [...state.renewals, { linkId, requestedAt, issued: outcome === 'issued' }] };
    }
    default:
      return assertNever(event);
  }
}

function withLink(state: Invoice, link: Link): Invoice {
  return { ...state, links: new Map(state.links).set(link.linkId, link) };
}

function changeLink(state: Invoice, linkId: string, changes: Partial<Link>): Invoice {
  const link = state.links.get(linkId);
  return link ? withLink(state, { ...link, ...changes }) : state;
}
