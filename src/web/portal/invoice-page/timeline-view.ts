/** How the timeline shows what happened: from now downwards, a line an event. */
import type { InvoiceTimeline } from '../../../application/invoice/get-invoice-timeline.js';
import type {
  LoadEntry,
  Surroundings,
  TimelineEntry,
  TimelineEvent,
} from '../../../application/invoice/invoice-timeline.js';
import { moment, moneyWords, type MomentView } from '../portal-formats.js';
import { way, type Detail, type Line, type Lines, type Sayings } from './timeline-line.js';
import { DOCUMENT_LINES } from './timeline-of-documents.js';
import { LINK_LINES } from './timeline-of-links.js';
import { PAYMENT_LINES, RECEIPT_LINES } from './timeline-of-payments.js';

/** Every event that an invoice can have. */
export const TIMELINE_LINES: Lines = { ...DOCUMENT_LINES, ...LINK_LINES, ...PAYMENT_LINES, ...RECEIPT_LINES };

export interface TimelineItem {
  /** The same as long as it is the same line, so that a page in use keeps what is open and focused. */
  readonly key: string;
  readonly what: string;
  readonly who: string;
  readonly when: MomentView;
  readonly tone: Line['tone'] | 'grey';
  readonly quote: string | undefined;
  readonly details: readonly Detail[];
}

/** @param nameOf what an actor is called */
export function timelineView(
  { entries, invoice, branch }: InvoiceTimeline,
  nameOf: (actor: string) => string,
  now: Date,
): readonly TimelineItem[] {
  const when = (iso: string) => moment(iso, branch.timeZone, now);
  const say: Sayings = {
    money: (amountMinor) => moneyWords(amountMinor, invoice.currency),
    exact: (iso) => when(iso).exact,
  };
  return entries
    .map((entry) => ({
      ...(entry.kind === 'loads' ? loadItem(entry) : eventItem(entry, nameOf, say)),
      when: when(entry.at),
    }))
    .reverse();
}

export function lineOf(event: TimelineEvent, about: Surroundings, say: Sayings): Line {
  const line = TIMELINE_LINES[event.type] as (data: unknown, about: Surroundings, say: Sayings) => Line;
  return line(event.data, about, say);
}

function eventItem(
  { revision, actor, event, about }: TimelineEntry,
  nameOf: (actor: string) => string,
  say: Sayings,
): Omit<TimelineItem, 'when'> {
  const { what, tone, quote, details = [] } = lineOf(event, about, say);
  // A text is recorded by the service; the words are the customer's.
  const who = event.type === 'CustomerReplied' ? 'Customer' : nameOf(actor);
  return { key: `event-${revision}`, what, tone, quote, details, who };
}

function loadItem({ firstLoadId, times, link, wasOpened }: LoadEntry): Omit<TimelineItem, 'when'> {
  const often = times === 1 ? '' : `, ${times} times`;
  return {
    key: `load-${firstLoadId}`,
    what: wasOpened ? `Loaded again${often}` : `Loaded, perhaps by a mail scanner${often}`,
    tone: 'grey',
    quote: undefined,
    who: 'Nobody knows who',
    details: [
      { term: 'Link', value: `Sent ${way(link)}` },
      { term: 'What that means', value: 'The address was fetched. Only “opened” says that a person was there.' },
    ],
  };
}
