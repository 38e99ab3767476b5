import { createHmac } from 'node:crypto';
import { OwedItems, type OwedItem } from '../../../src/application/jobs/sweep.js';
import { QuoteStore, type StoredQuote } from '../../../src/application/pay/quote-store.js';
import {
  ApiKeySecrets,
  ContactDigest,
  JobQueue,
  LinkDirectory,
  LinkTokens,
  PublicUrl,
  type Job,
  type StoredEvent,
  type TokenPurpose,
} from '../../../src/application/ports.js';
import { ReadPosition } from '../../../src/application/read-position.js';
import type { InMemoryEventStore } from '../in-memory-event-store.js';

export class MemoryQuoteStore extends QuoteStore {
  readonly quotes = new Map<string, StoredQuote>();

  override async save(quote: StoredQuote): Promise<void> {
    await Promise.resolve();
    this.quotes.set(quote.quoteId, quote);
  }

  override async find(quoteId: string): Promise<StoredQuote | undefined> {
    await Promise.resolve();
    return this.quotes.get(quoteId);
  }
}

/** Looks into the log itself: always up to date. */
export class LogLinkDirectory extends LinkDirectory {
  constructor(private readonly store: InMemoryEventStore) {
    super();
  }

  override async invoiceOfLink(linkId: string): Promise<string | undefined> {
    await Promise.resolve();
    const found = this.store.all().find(({ type, data }) => type === 'LinkIssued' && data['linkId'] === linkId);
    return found?.stream.slice('invoice-'.length);
  }

  override async paymentOfReceipt(receiptId: string): Promise<{ invoiceId: string; paymentId: string } | undefined> {
    await Promise.resolve();
    const found = this.store
      .all()
      .find(({ type, data }) => type === 'ReceiptIssued' && data['receiptId'] === receiptId);
    return found && { invoiceId: found.stream.slice('invoice-'.length), paymentId: found.data['paymentId'] as string };
  }
}

const digest = (purpose: string, text: string): string => createHmac('sha256', purpose).update(text).digest('hex');

export class PlainLinkTokens extends LinkTokens {
  override make(purpose: TokenPurpose, id: string): string {
    return id + digest(purpose, id).slice(0, 22);
  }

  override verify(purpose: TokenPurpose, token: string): string | undefined {
    const id = token.slice(0, 16);
    return this.make(purpose, id) === token ? id : undefined;
  }
}

export class PlainContactDigest extends ContactDigest {
  override of(address: string): string {
    return digest('contact', address);
  }
}

export class PlainApiKeySecrets extends ApiKeySecrets {
  override make(keyId: string): string {
    return `key_${digest('api-key', keyId)}`;
  }

  override hash(key: string): string {
    return digest('hash', key);
  }
}

export class TestPublicUrl extends PublicUrl {
  override readonly base = 'https://pay.example.com';
}

/** Nothing has to be waited for: reads go to the log. */
export class ImmediateReadPosition extends ReadPosition {
  override wait(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

/** Keeps one job an id, also after it was done: a repeat with the same id is not run again. */
export class MemoryQueue extends JobQueue {
  readonly waiting = new Map<string, Job>();
  private readonly known = new Set<string>();

  override async enqueue(jobs: readonly Job[]): Promise<void> {
    await Promise.resolve();
    for (const job of jobs) {
      if (this.known.has(job.id)) continue;
      this.known.add(job.id);
      this.waiting.set(job.id, job);
    }
  }

  /** Forgets everything, as an emptied queue does. */
  flush(): void {
    this.waiting.clear();
    this.known.clear();
  }
}

/** What the log shows as promised and not done. */
export class LogOwedItems extends OwedItems {
  /** `rankOf` answers the number of a capture, once it has one. */
  constructor(
    private readonly store: InMemoryEventStore,
    private readonly rankOf: (paymentId: string) => bigint | undefined,
  ) {
    super();
  }

  override async find(olderThan: Date): Promise<readonly OwedItem[]> {
    await Promise.resolve();
    const owed = new Map<string, OwedItem>();
    const channels = new Map<string, unknown>();
    const linkOfPayment = new Map<string, unknown>();
    for (const event of this.store.all()) {
      const { type, data } = event;
      if (type === 'LinkIssued') channels.set(data['linkId'] as string, data['channel']);
      if (type === 'PaymentCaptured') linkOfPayment.set(data['paymentId'] as string, data['linkId']);
      for (const key of endedBy(event)) owed.delete(key);
      const promised = promisedBy(
        event,
        (paymentId) => channels.get(linkOfPayment.get(paymentId) as string) !== 'none',
      );
      if (promised && event.created < olderThan) owed.set(`${promised.kind} ${promised.subjectId}`, promised);
    }
    return [...owed.values()].map((item) =>
      item.kind === 'receipt' ? { ...item, receiptRank: this.rankOf(item.subjectId)?.toString() ?? null } : item,
    );
  }
}

function promisedBy(event: StoredEvent, isReceiptSent: (paymentId: string) => boolean): OwedItem | undefined {
  const { type, data, id, stream } = event;
  const item = (kind: OwedItem['kind'], subject: string): OwedItem => ({
    kind,
    invoiceId: stream.slice('invoice-'.length),
    subjectId: data[subject] as string,
    causeEventId: id,
    since: event.created.toISOString(),
    receiptRank: null,
    ofMany: data['purpose'] === 'bulk' || data['purpose'] === 'reminder',
  });
  switch (type) {
    case 'LinkIssued':
      return data['channel'] === 'none' ? undefined : item('link_message', 'linkId');
    case 'InvoicePdfRequested':
      return item('invoice_pdf', 'requestId');
    case 'PaymentStarted':
      return item('payment_outcome', 'attemptId');
    case 'PaymentCaptured':
      return item('receipt', 'paymentId');
    case 'ReceiptIssued':
      return isReceiptSent(data['paymentId'] as string) ? item('receipt_message', 'paymentId') : undefined;
    default:
      return undefined;
  }
}

function endedBy({ type, data }: StoredEvent): readonly string[] {
  switch (type) {
    case 'LinkSent':
    case 'LinkSendFailed':
    case 'LinkRevoked':
      return [`link_message ${data['linkId'] as string}`];
    case 'InvoicePdfSent':
    case 'InvoicePdfSendFailed':
      return [`invoice_pdf ${data['requestId'] as string}`];
    case 'PaymentCaptured':
    case 'PaymentFailed':
    case 'PaymentReleased':
      return [`payment_outcome ${data['attemptId'] as string}`];
    case 'ReceiptIssued':
      return [`receipt ${data['paymentId'] as string}`];
    case 'ReceiptSent':
    case 'ReceiptSendFailed':
      return [`receipt_message ${data['paymentId'] as string}`];
    default:
      return [];
  }
}
