/**
 * What became known of one address, whichever customers and branches use it. Stored in `contact-<digest>`; the digest (HMAC of the
 * normalised address under CONTACT_KEY) is all that names it: no event holds the address itself. Instants are RFC 3339 in UTC.
 */
import type { EventSchemas } from '../event-schema.js';

export type ContactChannel = 'email' | 'sms';

/** Somebody vouched that the customer agreed to texts. It is asked for once a number. */
export interface ContactTextConsentRecorded {
  readonly type: 'ContactTextConsentRecorded';
  readonly data: {
    /** `staff` ticked the box in the portal; `api` is the word of a program that asked for a text. */
    readonly how: 'staff' | 'api';
    /** Where it was asked for. */
    readonly branchId: string;
    readonly at: string;
  };
}

/** No more texts, from no branch, until the customer texts START. */
export interface ContactOptedOut {
  readonly type: 'ContactOptedOut';
  readonly data: {
    readonly channel: 'sms';
    /** `keyword`: the customer texted STOP or the like; `carrier`: the provider said so when it was sent to; `staff`: told so. */
    readonly source: 'keyword' | 'carrier' | 'staff';
    readonly at: string;
  };
}

/** The customer texted START. Nobody else can say so. */
export interface ContactOptedIn {
  readonly type: 'ContactOptedIn';
  readonly data: { readonly channel: 'sms'; readonly source: 'keyword'; readonly at: string };
}

/** A message did not reach the address, and the next one is not expected to. */
export interface ContactUnreachable {
  readonly type: 'ContactUnreachable';
  readonly data: {
    readonly channel: ContactChannel;
    /** The provider's. */
    readonly code: string;
    readonly reason: string;
    readonly at: string;
  };
}

export type ContactEvent = ContactTextConsentRecorded | ContactOptedOut | ContactOptedIn | ContactUnreachable;

export const CONTACT_EVENTS: EventSchemas<ContactEvent> = {
  ContactTextConsentRecorded: { version: 1, personal: {} },
  ContactOptedOut: { version: 1, personal: {} },
  ContactOptedIn: { version: 1, personal: {} },
  ContactUnreachable: { version: 1, personal: {} },
};
