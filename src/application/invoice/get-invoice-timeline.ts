import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Invoice, Payment } from '../../domain/invoice/state.js';
import { Execute } from '../execute.js';
import { LinkUrls } from '../link-urls.js';
import { LinkLoads } from '../pay/link-loads.js';
import { Clock } from '../ports.js';
import { loadEntries, timelineEntries, type LoadEntry, type TimelineEntry } from './invoice-timeline.js';
import { invoiceView, loadInvoice, type InvoiceView } from './invoice-view.js';

/** A payment by card. */
export interface CapturedPaymentView {
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly card: { readonly brand: string; readonly last4: string; readonly funding: string };
  readonly capturedAt: string;
  readonly receipt: { readonly number: string; readonly url: string } | undefined;
}

export interface InvoiceTimeline {
  readonly invoice: InvoiceView;
  readonly branch: { readonly name: string; readonly timeZone: string };
  /** Another one as soon as anything else is to be shown. */
  readonly version: string;
  /** Oldest first. */
  readonly entries: readonly (TimelineEntry | LoadEntry)[];
  readonly payments: readonly CapturedPaymentView[];
}

/** An invoice with everything that happened to it, from its stream: it shows whatever anybody was told is written. */
export class GetInvoiceTimeline extends Query<InvoiceTimeline> {
  constructor(readonly input: { readonly invoiceId: string }) {
    super();
  }
}

/** A link that is fetched more often is watched by a machine, and its earlier fetches tell staff nothing. */
const MOST_LOADS = 200;

@QueryHandler(GetInvoiceTimeline)
export class GetInvoiceTimelineHandler implements IQueryHandler<GetInvoiceTimeline> {
  constructor(
    private readonly executor: Execute,
    private readonly loads: LinkLoads,
    private readonly urls: LinkUrls,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: GetInvoiceTimeline): Promise<InvoiceTimeline> {
    const loaded = await loadInvoice(this.executor, input.invoiceId);
    const { invoice, events, branch } = loaded;
    const loads = await this.loads.latest([...invoice.links.keys()], MOST_LOADS);
    const { name, timeZone } = branch.details;
    return {
      invoice: invoiceView(loaded, this.clock.now()),
      branch: { name, timeZone },
      version: `${invoice.revision}.${loads.at(-1)?.loadId ?? 0}`,
      entries: inOrder(timelineEntries(events), loadEntries(loads, events)),
      payments: this.paymentViews(invoice),
    };
  }

  private paymentViews({ payments }: Invoice): readonly CapturedPaymentView[] {
    return [...payments.values()].map(({ captured, receipt }: Payment) => {
      const { paymentId, amountMinor, feeMinor, totalMinor, capturedAt } = captured;
      const { brand, last4, funding } = captured.card;
      return {
        ...{ paymentId, amountMinor, feeMinor, totalMinor, capturedAt },
        card: { brand, last4, funding },
        receipt: receipt && { number: receipt.number, url: this.urls.receipt(receipt.receiptId) },
      };
    });
  }
}

/** Events keep their order, which is that of the stream; loads find their place among them by the clock. */
function inOrder(
  entries: readonly TimelineEntry[],
  loads: readonly LoadEntry[],
): readonly (TimelineEntry | LoadEntry)[] {
  const waiting = [...loads];
  const ordered: (TimelineEntry | LoadEntry)[] = [];
  for (const entry of entries) {
    while (waiting[0] && Date.parse(waiting[0].at) < Date.parse(entry.at)) ordered.push(waiting.shift()!);
    ordered.push(entry);
  }
  return [...ordered, ...waiting];
}
