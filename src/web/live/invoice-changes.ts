import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { EventStore } from '../../application/ports.js';

const PREFIX = 'invoice-';
const BATCH = 500;
const AGAIN_AFTER_MS = 1_000;

/** One page's eye on one invoice. */
export interface InvoiceWatch {
  /** Whether something may have happened since this was asked last. */
  changed(): boolean;
  stop(): void;
}

/**
 * Notices what happens to the invoices that somebody looks at: one reader of the log for all pages of the process, and none while
 * nobody looks.
 */
@Injectable()
export class InvoiceChanges {
  private readonly logger = new Logger('InvoiceChanges');
  /** By invoice, the pages that do not know yet of what happened to it. */
  private readonly watches = new Map<string, Set<{ due: boolean }>>();
  private reader: AbortController | undefined;

  constructor(private readonly store: EventStore) {}

  watch(invoiceId: string): InvoiceWatch {
    const watch = { due: true };
    const others = this.watches.get(invoiceId) ?? new Set();
    this.watches.set(invoiceId, others.add(watch));
    this.reader ??= this.start();
    return {
      changed: () => {
        const { due } = watch;
        watch.due = false;
        return due;
      },
      stop: () => {
        others.delete(watch);
        if (others.size === 0 && this.watches.get(invoiceId) === others) this.watches.delete(invoiceId);
        if (this.watches.size > 0) return;
        this.reader?.abort();
        this.reader = undefined;
      },
    };
  }

  private start(): AbortController {
    const reader = new AbortController();
    void this.read(reader.signal);
    return reader;
  }

  private async read(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const after = await this.store.lastPosition();
        // What was written before the reader stood where it begins was seen by nobody.
        for (const invoiceId of this.watches.keys()) this.tell(invoiceId);
        const options = { after, streamPrefixes: [PREFIX], maxBatch: BATCH, signal };
        for await (const { events } of this.store.subscribe(options)) {
          for (const { stream } of events) this.tell(stream.slice(PREFIX.length));
        }
      } catch (error) {
        if (signal.aborted) return;
        this.logger.warn(`Changes are not seen for a moment: ${error instanceof Error ? error.name : 'unknown error'}`);
      }
      await sleep(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private tell(invoiceId: string): void {
    for (const watch of this.watches.get(invoiceId) ?? []) watch.due = true;
  }
}
