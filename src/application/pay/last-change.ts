import type { RecordedEvent } from '../../domain/decider.js';
import type { InvoiceEvent } from '../../domain/invoice/events.js';

interface Said {
  readonly totalMinor: number;
  readonly dueOn: string;
}

/** What the last revision of an invoice changed, for the customer who may have seen what it said before. */
export interface LastChange {
  readonly at: string;
  readonly before: Said;
  readonly after: Said;
}

/** Undefined for an invoice that was never revised. */
export function lastChange(events: readonly RecordedEvent<InvoiceEvent>[]): LastChange | undefined {
  let said: Said | undefined;
  let change: LastChange | undefined;
  for (const { event, metadata } of events) {
    if (event.type !== 'InvoiceRegistered' && event.type !== 'InvoiceRevised') continue;
    const { totalMinor, dueOn } = event.data;
    const after = { totalMinor, dueOn };
    if (said) change = { at: metadata.occurredAt, before: said, after };
    said = after;
  }
  return change;
}
