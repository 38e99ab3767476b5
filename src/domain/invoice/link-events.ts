/** What happens to the links of an invoice, stored in `invoice-<uuid>`. Instants are RFC 3339 in UTC. */

export type Channel = 'email' | 'sms' | 'none';

/** What the browser that agreed or opened told of itself. Personal. */
export interface Browser {
  readonly ip: string;
  readonly userAgent: string;
}

export type LinkPurpose = 'bulk' | 'reminder' | 'renewal';

/** Many of these are made at once, and nobody waits for one of them as for a message that a person sends. */
export function isOfMany(purpose: LinkPurpose | undefined): boolean {
  return purpose === 'bulk' || purpose === 'reminder';
}

/** Time on the wall, `YYYY-MM-DDTHH:mm`, in an IANA zone. */
export interface LocalTime {
  readonly local: string;
  readonly timeZone: string;
}

/** Staff or the system asked for a link. Whether a message was taken by a provider is `LinkSent`. */
export interface LinkIssued {
  readonly type: 'LinkIssued';
  readonly data: {
    readonly linkId: string;
    readonly channel: Channel;
    readonly customerId: string;
    /** Email address or E.164 number; absent on a copied link. Personal. */
    readonly recipient?: string;
    readonly expiresAt: string;
    /** Why there is this link; absent where staff asked for it by itself. */
    readonly purpose?: LinkPurpose;
    /** The message goes out then, and not at once. */
    readonly sendAt?: string;
    /** What `sendAt` was made of: it is judged again by the zone's rules of the day, so that nine o'clock stays nine o'clock. */
    readonly sendAtLocal?: LocalTime;
    /** Sent with many others. Links with the same `messageKey` share one email. */
    readonly bulk?: { readonly jobId: string; readonly messageKey: string };
  };
}

export interface LinkSent {
  readonly type: 'LinkSent';
  readonly data: { readonly linkId: string; readonly messageId: string; readonly providerId: string };
}

export interface LinkSendFailed {
  readonly type: 'LinkSendFailed';
  readonly data: { readonly linkId: string; readonly reason: string; readonly code: string };
}

/** The provider says that the message reached the telephone. Of emails nobody says so. */
export interface LinkDelivered {
  readonly type: 'LinkDelivered';
  readonly data: { readonly linkId: string; readonly providerId: string; readonly at: string };
}

/** The address does not take messages: refused at once by its mail server, or reported later by the provider. */
export interface LinkBounced {
  readonly type: 'LinkBounced';
  readonly data: { readonly linkId: string; readonly code: string; readonly reason: string; readonly at: string };
}

export interface LinkOpened {
  readonly type: 'LinkOpened';
  readonly data: {
    readonly linkId: string;
    readonly customerId: string;
    /** What showed that a person was there. */
    readonly evidence: 'interaction' | 'dwell' | 'download' | 'pay';
    readonly browser: Browser;
  };
}

export interface LinkRevoked {
  readonly type: 'LinkRevoked';
  readonly data: { readonly linkId: string };
}

/** The customer answered the message in words of their own. */
export interface CustomerReplied {
  readonly type: 'CustomerReplied';
  readonly data: {
    readonly linkId: string;
    readonly customerId: string;
    /** The provider's id of the answer: it is kept once. */
    readonly providerId: string;
    /** Personal. */
    readonly text: string;
    readonly receivedAt: string;
  };
}

/** Written together with the `LinkIssued` whose message is the reminder. */
export interface ReminderScheduled {
  readonly type: 'ReminderScheduled';
  readonly data: {
    readonly linkId: string;
    readonly when: 'before_due' | 'after_due';
    readonly days: number;
    /** The day it is for, in the branch's zone: no invoice gets two on a day. */
    readonly on: string;
  };
}

/** Somebody asked on an expired page for a fresh link. */
export interface LinkRenewalRequested {
  readonly type: 'LinkRenewalRequested';
  readonly data: {
    /** The link that has expired or was revoked. */
    readonly linkId: string;
    readonly requestedAt: string;
    /**
     * A fresh one goes only to the recipient of that very link. Otherwise nothing is sent, and staff have to look: the recipient is
     * no longer the customer's address, staff had revoked the link (perhaps since it went to the wrong person), or it was copied.
     */
    readonly outcome: 'issued' | 'contact_changed' | 'revoked' | 'no_recipient';
    readonly newLinkId?: string;
  };
}

export type LinkEvent =
  | LinkIssued
  | LinkSent
  | LinkSendFailed
  | LinkDelivered
  | LinkBounced
  | LinkOpened
  | LinkRevoked
  | CustomerReplied
  | ReminderScheduled
  | LinkRenewalRequested;
