/** Everything that happened to an invoice, each with what has to be known to say it in one line. A fold of its stream. */
import type { RecordedEvent } from '../../domain/decider.js';
import type { InvoiceEvent, InvoiceRegistered } from '../../domain/invoice/events.js';
import type { Channel } from '../../domain/invoice/link-events.js';
import type { PaymentRecorded } from '../../domain/invoice/payment-events.js';
import type { KeptLinkLoad } from '../pay/link-loads.js';

export type TimelineEvent = InvoiceEvent;

/** What else is known of the things that an event names by their ids. */
export interface Surroundings {
  readonly link: { readonly channel: Channel; readonly recipient: string | undefined } | undefined;
  /** Where a PDF or a receipt by email was to go. */
  readonly recipient: string | undefined;
  /** The document as it stood until this event. */
  readonly before: Pick<InvoiceRegistered['data'], 'totalMinor' | 'dueOn' | 'customer'> | undefined;
  readonly recorded: PaymentRecorded['data'] | undefined;
  readonly receiptNumber: string | undefined;
  /** What was to be charged, of an attempt that ended without a charge. */
  readonly attemptMinor: number | undefined;
}

export interface TimelineEntry {
  readonly kind: 'event';
  readonly revision: bigint;
  readonly at: string;
  readonly actor: string;
  readonly event: TimelineEvent;
  readonly about: Surroundings;
}

/** Fetches of a link's address in a row, by whom nobody knows. */
export interface LoadEntry {
  readonly kind: 'loads';
  readonly firstLoadId: string;
  readonly at: string;
  readonly times: number;
  readonly link: Surroundings['link'];
  /** The link had been opened by a person before. */
  readonly wasOpened: boolean;
}

/** Oldest first. */
export function timelineEntries(events: readonly RecordedEvent<InvoiceEvent>[]): readonly TimelineEntry[] {
  const memory = new Memory();
  return events.map(({ event, metadata, revision }) => {
    const about = memory.about(event);
    memory.take(event);
    return { kind: 'event', revision, at: metadata.occurredAt, actor: metadata.actor, event, about };
  });
}

/** What earlier events said under the ids that later ones name. */
class Memory {
  private readonly links = new Map<string, NonNullable<Surroundings['link']>>();
  private readonly recipients = new Map<string, string>();
  private readonly recorded = new Map<string, PaymentRecorded['data']>();
  private readonly receipts = new Map<string, string>();
  private readonly attempts = new Map<string, number>();
  private document: Surroundings['before'];

  about({ data }: InvoiceEvent): Surroundings {
    const of = <T>(map: ReadonlyMap<string, T>, id: string | undefined) => (id === undefined ? undefined : map.get(id));
    const paymentId = 'paymentId' in data ? data.paymentId : undefined;
    return {
      link: of(this.links, 'linkId' in data ? data.linkId : undefined),
      recipient: of(this.recipients, 'requestId' in data ? data.requestId : undefined),
      before: this.document,
      recorded: of(this.recorded, paymentId),
      receiptNumber: of(this.receipts, paymentId),
      attemptMinor: of(this.attempts, 'attemptId' in data ? data.attemptId : undefined),
    };
  }

  take({ type, data }: InvoiceEvent): void {
    if (type === 'InvoiceRegistered' || type === 'InvoiceRevised') this.document = data;
    if (type === 'LinkIssued') this.links.set(data.linkId, { channel: data.channel, recipient: data.recipient });
    if (type === 'InvoicePdfRequested' || type === 'ReceiptEmailRequested') {
      this.recipients.set(data.requestId, data.recipient);
    }
    if (type === 'PaymentRecorded') this.recorded.set(data.paymentId, data);
    if (type === 'ReceiptIssued') this.receipts.set(data.paymentId, data.number);
    if (type === 'PaymentStarted') this.attempts.set(data.attemptId, data.totalMinor);
  }
}

/** Loads of one link that follow each other this closely are one line. */
const ONE_VISIT_MS = 60 * 60_000;

/**
 * The loads that no opening speaks for already: the one right before a link was first opened was that very person's. Oldest first.
 */
export function loadEntries(
  loads: readonly KeptLinkLoad[],
  events: readonly RecordedEvent<InvoiceEvent>[],
): readonly LoadEntry[] {
  const openedAt = new Map<string, number>();
  const links = new Map<string, NonNullable<Surroundings['link']>>();
  for (const { event, metadata } of events) {
    if (event.type === 'LinkOpened') openedAt.set(event.data.linkId, Date.parse(metadata.occurredAt));
    if (event.type === 'LinkIssued') {
      const { linkId, channel, recipient } = event.data;
      links.set(linkId, { channel, recipient });
    }
  }
  const isBefore = (load: KeptLinkLoad) => load.loadedAt.getTime() <= (openedAt.get(load.linkId) ?? -Infinity);
  const entries: LoadEntry[] = [];
  for (const [linkId, link] of links) {
    const own = loads.filter((load) => load.linkId === linkId);
    const opening = own.findLast((load) => isBefore(load) && !load.likelyScanner);
    const rest = own.filter((load) => load !== opening);
    const wasOpened = (load: KeptLinkLoad) => openedAt.has(linkId) && !isBefore(load);
    entries.push(...visits(rest).map((visit) => loadEntry(visit, link, wasOpened(visit[0]!))));
  }
  return entries.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

function visits(loads: readonly KeptLinkLoad[]): readonly (readonly KeptLinkLoad[])[] {
  const found: KeptLinkLoad[][] = [];
  for (const load of loads) {
    const last = found.at(-1);
    const gap = last ? load.loadedAt.getTime() - last.at(-1)!.loadedAt.getTime() : Infinity;
    if (last && gap <= ONE_VISIT_MS) last.push(load);
    else found.push([load]);
  }
  return found;
}

function loadEntry(visit: readonly KeptLinkLoad[], link: Surroundings['link'], wasOpened: boolean): LoadEntry {
  const { loadId, loadedAt } = visit[0]!;
  return { kind: 'loads', firstLoadId: loadId, at: loadedAt.toISOString(), times: visit.length, link, wasOpened };
}
