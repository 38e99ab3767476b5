/**
 * Every port of the application, as an abstract class: the class is the type and the injection token at once.
 * Adapters live in `src/infrastructure`, in a folder named after the system they speak to.
 */
import type { Json, JsonObject } from '../domain/json.js';

// ------------------------------------------------------------------------------------------------ event store

/** An event as it is handed to the store: personal data already ciphertext, hash already in the metadata. */
export interface NewEvent {
  /** UUID; the same id with the same expected revision is recognised by the store as a retry. */
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

/** An event as the store gives it back. */
export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** Zero-based place in its stream. */
  readonly revision: bigint;
  /** Place in the log of all streams. A 64-bit number: never turn it into a `Number`. */
  readonly position: bigint;
  /** When the store took it. For display only: order is by revision and position. */
  readonly created: Date;
}

export type ExpectedRevision = bigint | 'no_stream';

export type AppendResult =
  | { readonly outcome: 'appended'; readonly revision: bigint; readonly position: bigint }
  /** Somebody else was first; nothing was written. `actual` is the stream's present revision. */
  | { readonly outcome: 'wrong_revision'; readonly actual: bigint | 'no_stream' };

/** What a subscription hands out at once. `events` may be empty when only the position moved on. */
export interface SubscriptionBatch {
  readonly events: readonly StoredEvent[];
  /** Everything up to this position has been seen (events that the filter left out included). */
  readonly position: bigint;
  /** True when the reader has reached the end of the log at this batch. */
  readonly caughtUp: boolean;
}

export interface SubscribeOptions {
  /** Exclusive; `undefined` reads from the beginning of the log. */
  readonly after: bigint | undefined;
  /** Only events of streams whose names begin with one of these. */
  readonly streamPrefixes: readonly string[];
  /** The most events in one batch. */
  readonly maxBatch: number;
  /** Ends the iteration. */
  readonly signal: AbortSignal;
}

/** The store cannot be reached, or an append got no answer although it was retried with the same ids. */
export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';
}

/** What a read model is asked for has to be there, and is not yet: it has not taken in the log that far. */
export class ReadModelBehind extends Error {
  override readonly name = 'ReadModelBehind';
}

/** The append is one that the store would choke on (empty type, malformed id, too many bytes); nothing was sent. */
export class AppendRejected extends Error {
  override readonly name = 'AppendRejected';
}

/**
 * The log of all events.
 *
 * Guarantees: an append is whole or not at all and durable once it is answered; a stream is in order and without gaps; a
 * subscription gives every matching event once, in the order of the log, resubscribing by itself after a dropped connection.
 */
export abstract class EventStore {
  /**
   * Appends at exactly the expected revision. An unknown outcome is retried with the same bytes.
   * @throws EventStoreUnavailable when no answer could be had; the outcome is then unknown.
   * @throws AppendRejected before anything is sent.
   */
  abstract append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;
  /** The whole stream in order, from `from` (inclusive, default 0); empty when there is no such stream. */
  abstract readStream(stream: string, from?: bigint): Promise<readonly StoredEvent[]>;
  /** All streams with one of these prefixes, in batches with back-pressure. */
  abstract subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionBatch>;
  /** The event that begins at this position, or `undefined` where the log has none (a restored older backup, say). */
  abstract eventAt(position: bigint): Promise<StoredEvent | undefined>;
  /** The position of the last event in the log, or `undefined` when it is empty. */
  abstract lastPosition(): Promise<bigint | undefined>;
  /** Resolves when the store answers; rejects with `EventStoreUnavailable` otherwise. */
  abstract ping(): Promise<void>;
}

// ------------------------------------------------------------------------------------------------ time, randomness, keys

/** The only source of the present moment. */
export abstract class Clock {
  abstract now(): Date;
}

/** The only source of randomness. */
export abstract class Randomness {
  abstract uuid(): string;
  abstract bytes(count: number): Buffer;
}

/** A ciphertext that is not one of this customer's, or was altered: no later try will read it. */
export class CiphertextRejected extends Error {
  override readonly name = 'CiphertextRejected';
}

/** Keys of customers, with which personal data in events is encrypted. */
export abstract class PersonalDataCipher {
  /**
   * Encrypts JSON values for customers. The key of a customer is made and durable before this resolves.
   * The answer's order is that of the question.
   */
  abstract encrypt(values: readonly { customerId: string; value: Json }[]): Promise<readonly string[]>;
  /**
   * Decrypts; `undefined` in a place whose key is erased. Order as asked.
   * @throws CiphertextRejected where one of them can never be read.
   */
  abstract decrypt(
    values: readonly { customerId: string; ciphertext: string }[],
  ): Promise<readonly (Json | undefined)[]>;
}

export type TokenPurpose = 'pay' | 'receipt';

/** Makes and checks the unguessable part of links. Nothing is stored: a token is made again whenever it is needed. */
export abstract class LinkTokens {
  /** `id` is 16 characters of base64url (96 bits). The token is at most 43 characters, URL-safe. */
  abstract make(purpose: TokenPurpose, id: string): string;
  /** The id inside, or `undefined` for anything not made by `make` under a present or former key. Constant time. */
  abstract verify(purpose: TokenPurpose, token: string): string | undefined;
}

/** Where customers reach this service, without a slash at the end. */
export abstract class PublicUrl {
  abstract readonly base: string;
}

/**
 * Finds the invoice that a link or a receipt belongs to. Waits, bounded, for an id that was made a moment ago.
 * @throws ReadModelBehind where an id that was proven to be ours is still not there
 */
export abstract class LinkDirectory {
  abstract invoiceOfLink(linkId: string): Promise<string | undefined>;
  abstract paymentOfReceipt(receiptId: string): Promise<{ invoiceId: string; paymentId: string } | undefined>;
}

/** Secrets of API keys: made from the key's id, so that a repeated request shows the same key, and stored nowhere. */
export abstract class ApiKeySecrets {
  /** The whole key as its holder sends it. */
  abstract make(keyId: string): string;
  /** SHA-256 of a key, lower-case hex. */
  abstract hash(key: string): string;
}

/** A keyed digest under CONTACT_KEY, so that an address can be an id without being readable. */
export abstract class ContactDigest {
  /** Lower-case hex HMAC-SHA256 of a normalised address. */
  abstract of(normalisedAddress: string): string;
}

// ------------------------------------------------------------------------------------------------ card processor

// The largest of the ports has a file of its own; it is found here like all the others.
export * from './card-processor.js';

// ------------------------------------------------------------------------------------------------ messages

export interface EmailMessage {
  /** One per message, the same on every try. Without angle brackets. */
  readonly messageId: string;
  readonly to: string;
  readonly fromName: string;
  /** The address it comes from; the service's own where absent. */
  readonly fromAddress?: string;
  readonly replyTo: string | undefined;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly attachments: readonly { filename: string; contentType: string; content: Buffer }[];
}

export type DeliveryOutcome =
  /** `providerId` is the provider's id of the message. */
  | { readonly outcome: 'sent'; readonly providerId: string }
  /** It will never be taken (unknown recipient, opted out, invalid number). `code` is the provider's. */
  | {
      readonly outcome: 'refused';
      readonly code: string;
      readonly reason: string;
      /** What the refusal tells of the address, where it does: it takes no messages, or its owner asked for none. */
      readonly recipient?: 'unreachable' | 'opted_out';
    }
  /** Not taken for now; trying again later is safe. */
  | {
      readonly outcome: 'temporary';
      readonly code: string;
      readonly reason: string;
      /** What is in the way, since each takes its own time to pass: greylisting takes minutes, a locked account a person. */
      readonly obstacle?: 'connection' | 'recipient' | 'account';
    }
  /** Perhaps taken, perhaps not. */
  | { readonly outcome: 'unknown'; readonly reason: string };

export abstract class Mailer {
  /** @throws RangeError for a recipient or header with a line break, or more than one recipient. */
  abstract send(message: EmailMessage): Promise<DeliveryOutcome>;
}

export abstract class Texter {
  /**
   * `to` is E.164. `body` contains `reference`, by which a message of unknown outcome is found again. `sender` is a number or the
   * SID of a messaging service; the service's own where absent.
   */
  abstract send(message: { to: string; body: string; sender?: string }): Promise<DeliveryOutcome>;
  /** Looks for a message to this number, sent since then, whose body contains the reference. Answers its provider id. */
  abstract find(query: { to: string; sentSince: Date; reference: string }): Promise<string | undefined>;
}

// ------------------------------------------------------------------------------------------------ queue

export interface Job {
  readonly name: string;
  /** Derived from an event id; without `:` and not an integer. The queue keeps one job an id. */
  readonly id: string;
  /** Ids only: nothing personal and no token. */
  readonly payload: JsonObject;
  /** Earliest start, in milliseconds from now; 0 for at once. */
  readonly delayMs: number;
  /** One of thousands that nobody waits for: no job that is not so stands behind it. */
  readonly yields?: boolean;
}

export abstract class JobQueue {
  /** Durable when resolved. A job whose id is already in the queue is not added twice. */
  abstract enqueue(jobs: readonly Job[]): Promise<void>;
}

/** How a job ended, where it did not simply succeed. Thrown by a job to be tried again later; the queue bounds the tries. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** @param firstPauseMs before the second try, doubled after each further one; the queue's own where it is not given */
  constructor(
    reason: string,
    readonly firstPauseMs?: number,
  ) {
    super(reason);
  }
}

/** Thrown by a job that no further try of its own will help: it becomes a dead letter at once. Its message is shown to operators. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}
