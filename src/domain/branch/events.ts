/** What can be set up for a branch. Stored in `branch-<uuid>` under exactly these names. */
import type { ConnectedAccount, KeysAccount, PlatformAccount } from '../card-account.js';
import { ERASED, type EventSchemas } from '../event-schema.js';
import type { FeePolicy } from '../fees.js';
import type { ReminderPolicy } from './reminders.js';

export interface BranchDetails {
  readonly name: string;
  /** IANA zone; dates of reports, due dates and expiry are judged in it. */
  readonly timeZone: string;
  /** ISO 4217, the currency of the branch's invoices. */
  readonly currency: string;
  /** BCP 47. */
  readonly locale: string;
  /** ISO 3166-1 alpha-2, and its region (a US state, say). They decide the fee rules and the paper size. */
  readonly country: string;
  readonly region?: string;
  readonly address?: readonly string[];
  readonly replyTo?: string;
  readonly telephone?: string;
  /** Said on the pay page beside the fee: how to pay without it. */
  readonly otherWaysToPay?: string;
  /** `#rrggbb`; corrected for contrast where it is shown. */
  readonly colour?: string;
  /** A PNG or JPEG as a data URL. */
  readonly logo?: string;
  /** The address that emails come from; the service's own where absent. */
  readonly emailFrom?: string;
  /** An E.164 number, or the SID of a messaging service (MG…), that texts come from; the service's own where absent. */
  readonly smsSender?: string;
  /** https addresses that pages and emails lead to. */
  readonly privacyUrl?: string;
  readonly termsUrl?: string;
}

export interface BranchRegistered {
  readonly type: 'BranchRegistered';
  readonly data: { readonly branchId: string } & BranchDetails;
}

/** Only what changed; `null` clears an optional detail. */
export interface BranchUpdated {
  readonly type: 'BranchUpdated';
  readonly data: { readonly changes: { readonly [K in keyof BranchDetails]?: BranchDetails[K] | null } };
}

export interface CardProcessingSetUp {
  readonly type: 'CardProcessingSetUp';
  readonly data: CardProcessing;
}

/** On which account a branch charges cards. Of a secret key the log has its fingerprint and its end, by which people tell keys apart. */
export type CardProcessing =
  | PlatformAccount
  | (KeysAccount & { readonly secretEndsWith: string } & NoticesHere)
  | (ConnectedAccount & NoticesHere);

interface NoticesHere {
  /** The processor's id of the endpoint by which notices come here; absent where none could be registered. */
  readonly webhookEndpointId?: string;
}

export interface FeePolicySet {
  readonly type: 'FeePolicySet';
  readonly data: { readonly policy: FeePolicy };
}

/** The messages to customers that a branch may word for itself. */
export type MessageKind = 'invoice-link' | 'receipt' | 'reminder';

/** A message in words with placeholders in double braces. */
export interface MessageWording {
  readonly email: { readonly subject: string; readonly body: string };
  readonly sms: { readonly body: string };
}

interface Worded {
  readonly language: string;
  readonly message: MessageWording;
}

export interface InvoiceLinkMessageCustomized {
  readonly type: 'InvoiceLinkMessageCustomized';
  readonly data: Worded;
}

export interface ReceiptMessageCustomized {
  readonly type: 'ReceiptMessageCustomized';
  readonly data: Worded;
}

export interface ReminderMessageCustomized {
  readonly type: 'ReminderMessageCustomized';
  readonly data: Worded;
}

/** Back to the default words in this language. */
export interface MessageReset {
  readonly type: 'MessageReset';
  readonly data: { readonly kind: MessageKind; readonly language: string };
}

/** Somebody of the staff has a message sent to themselves, to see it as it arrives. */
export interface TestMessageRequested {
  readonly type: 'TestMessageRequested';
  readonly data: {
    readonly requestId: string;
    readonly kind: MessageKind;
    readonly language: string;
    /** Words that are not saved yet; absent: those in use. */
    readonly message?: MessageWording;
    readonly channel: 'email' | 'sms';
    /** Personal, under a key of this request's own. */
    readonly recipient: string;
  };
}

export interface TestMessageSent {
  readonly type: 'TestMessageSent';
  readonly data: { readonly requestId: string; readonly messageId: string; readonly providerId: string };
}

/** No provider will ever take it. */
export interface TestMessageFailed {
  readonly type: 'TestMessageFailed';
  readonly data: { readonly requestId: string; readonly code: string; readonly reason: string };
}

export interface RemindersSet {
  readonly type: 'RemindersSet';
  readonly data: { readonly policy: ReminderPolicy };
}

export type BranchEvent =
  | BranchRegistered
  | BranchUpdated
  | CardProcessingSetUp
  | FeePolicySet
  | RemindersSet
  | InvoiceLinkMessageCustomized
  | ReceiptMessageCustomized
  | ReminderMessageCustomized
  | MessageReset
  | TestMessageRequested
  | TestMessageSent
  | TestMessageFailed;

export const BRANCH_EVENTS: EventSchemas<BranchEvent> = {
  BranchRegistered: { version: 1, personal: {} },
  BranchUpdated: { version: 1, personal: {} },
  CardProcessingSetUp: { version: 1, personal: {} },
  FeePolicySet: { version: 1, personal: {} },
  RemindersSet: { version: 1, personal: {} },
  InvoiceLinkMessageCustomized: { version: 1, personal: {} },
  ReceiptMessageCustomized: { version: 1, personal: {} },
  ReminderMessageCustomized: { version: 1, personal: {} },
  MessageReset: { version: 1, personal: {} },
  TestMessageRequested: { version: 1, owner: 'requestId', personal: { recipient: ERASED } },
  TestMessageSent: { version: 1, personal: {} },
  TestMessageFailed: { version: 1, personal: {} },
};
