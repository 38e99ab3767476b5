import type { RecordedEvent } from '../../domain/decider.js';
import type { InvoiceEvent } from '../../domain/invoice/events.js';
import type { RecordedMethod } from '../../domain/invoice/payment-events.js';

/** Money that came in by another way than by card. */
export interface RecordedPaymentView {
  readonly paymentId: string;
  readonly status: 'recorded' | 'reversed';
  readonly method: RecordedMethod;
  readonly amountMinor: number;
  readonly receivedOn: string;
  readonly reference: string | undefined;
  /** When staff wrote it down, and who. */
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly reversal: { readonly at: string; readonly by: string; readonly reason: string } | undefined;
}

/** In the order in which they were recorded. */
export function recordedPaymentViews(events: readonly RecordedEvent<InvoiceEvent>[]): readonly RecordedPaymentView[] {
  const views = new Map<string, RecordedPaymentView>();
  for (const { event, metadata } of events) {
    const { occurredAt: at, actor: by } = metadata;
    if (event.type === 'PaymentRecorded') {
      const { paymentId, method, amountMinor, receivedOn, reference } = event.data;
      const what = { paymentId, method, amountMinor, receivedOn, reference };
      views.set(paymentId, { ...what, status: 'recorded', recordedAt: at, recordedBy: by, reversal: undefined });
    }
    if (event.type === 'PaymentRecordReversed') {
      const { paymentId, reason } = event.data;
      const view = views.get(paymentId);
      if (view) views.set(paymentId, { ...view, status: 'reversed', reversal: { at, by, reason } });
    }
  }
  return [...views.values()];
}
