/** What can be set up for a branch. Stored in `branch-<uuid>` under exactly these names. */
import type { EventSchemas } from '../event-schema.js';
import type { FeePolicy } from '../fees.js';

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
  readonly data: { readonly mode: 'platform' };
}

export interface FeePolicySet {
  readonly type: 'FeePolicySet';
  readonly data: { readonly policy: FeePolicy };
}

export interface InvoiceLinkMessage {
  readonly email: { readonly subject: string; readonly body: string };
  readonly sms: { readonly body: string };
}

export interface InvoiceLinkMessageCustomized {
  readonly type: 'InvoiceLinkMessageCustomized';
  readonly data: { readonly language: string; readonly message: InvoiceLinkMessage };
}

export type BranchEvent =
  BranchRegistered | BranchUpdated | CardProcessingSetUp | FeePolicySet | InvoiceLinkMessageCustomized;

export const BRANCH_EVENTS: EventSchemas<BranchEvent> = {
  BranchRegistered: { version: 1, personal: {} },
  BranchUpdated: { version: 1, personal: {} },
  CardProcessingSetUp: { version: 1, personal: {} },
  FeePolicySet: { version: 1, personal: {} },
  InvoiceLinkMessageCustomized: { version: 1, personal: {} },
};
