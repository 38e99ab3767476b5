/** The invoices of a bulk sending: what is planned for each, and what became of it. */
import type { NewLongJob } from '../long-jobs/long-jobs.js';

/** Why an invoice of a bulk sending got no link. */
export type SkipReason =
  | 'invoice_paid'
  | 'invoice_void'
  | 'no_address'
  | 'address_changed'
  | 'contact_opted_out'
  | 'text_consent_missing'
  | 'address_bounced'
  | 'older_invoice_texted'
  | 'cap_reached'
  | 'cancelled';

export type ItemOutcome =
  | { readonly outcome: 'queued' }
  | { readonly outcome: 'skipped'; readonly reason: SkipReason }
  | { readonly outcome: 'failed'; readonly reason: string };

export interface PlannedItem {
  /** Place in the job. Items of one message stand side by side, the oldest due first. */
  readonly ordinal: number;
  readonly invoiceId: string;
  readonly branchId: string;
  readonly number: string;
  readonly linkId: string;
  /** The same for links that share one message; the link's own id where it is alone. */
  readonly messageKey: string;
  /** Digest of the recipient at the time of planning; undefined where there was none. */
  readonly recipientDigest: string | undefined;
}

export interface ItemRow {
  readonly ordinal: number;
  readonly invoiceId: string;
  readonly number: string;
  readonly linkId: string;
  readonly outcome: ItemOutcome['outcome'] | null;
  readonly reason: string | null;
}

export interface ItemCount {
  readonly outcome: ItemOutcome['outcome'] | null;
  readonly reason: string | null;
  readonly count: number;
}

/** A link that shares a message with others. */
export interface MessageMember {
  readonly invoiceId: string;
  readonly linkId: string;
  readonly outcome: ItemOutcome['outcome'] | null;
}

export abstract class BulkLinkItems {
  /** The job and its items in one write. A job that is there already stays as it is. */
  abstract create(job: NewLongJob, items: readonly PlannedItem[]): Promise<void>;
  /** The next items without an outcome, in their order, after this place in the job. */
  abstract waiting(jobId: string, after: number, limit: number): Promise<readonly PlannedItem[]>;
  /** Outcomes by ordinal; an item that has one keeps it. */
  abstract record(jobId: string, outcomes: ReadonlyMap<number, ItemOutcome>): Promise<void>;
  /** Gives every item that waits this outcome. */
  abstract recordRest(jobId: string, outcome: ItemOutcome): Promise<void>;
  /** Of these messages, those for which a link is queued. */
  abstract queuedMessages(jobId: string, messageKeys: readonly string[]): Promise<ReadonlySet<string>>;
  /** The links of a message, in their order. */
  abstract ofMessage(messageKey: string): Promise<readonly MessageMember[]>;
  /** How many links of a branch were queued by bulk since then. */
  abstract queuedSince(branchId: string, since: Date): Promise<number>;
  /**
   * Holds back for items that are about to be issued what a branch has left of `most` since then, until they have an outcome.
   * Answers for how many of them there is room; two workers never get the same.
   */
  abstract reserve(
    jobId: string,
    branchId: string,
    ordinals: readonly number[],
    day: { readonly since: Date; readonly most: number },
  ): Promise<number>;
  abstract counts(jobId: string): Promise<readonly ItemCount[]>;
  /** What became of the messages of the queued links, by the status of the link. */
  abstract messageCounts(jobId: string): Promise<Readonly<Record<string, number>>>;
  /** Rows after an ordinal, of one outcome where it is given. */
  abstract rows(
    jobId: string,
    page: { readonly after: number; readonly limit: number; readonly outcome?: string | undefined },
  ): Promise<readonly ItemRow[]>;
}
