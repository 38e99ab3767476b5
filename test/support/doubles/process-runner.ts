import type { EventCodec } from '../../../src/application/event-codec.js';
import { ISSUE_RECEIPT } from '../../../src/application/jobs/job-names.js';
import { receiptNumber } from '../../../src/domain/receipt-number.js';
import type { Job, JobQueue, StoredEvent } from '../../../src/application/ports.js';
import { linkDelivery } from '../../../src/application/processes/link-delivery.js';
import type { Intent } from '../../../src/application/processes/process.js';
import { receipts } from '../../../src/application/processes/receipts.js';

/** What the processes keep in their database: written as a whole with the checkpoint, or not at all. */
export class ProcessState {
  position = 0n;
  /** Branch and rank of every numbered capture. */
  readonly ranks = new Map<string, { readonly branchId: string; readonly rank: bigint }>();
}

/** Runs the process managers over the log in batches: jobs first, then rows and checkpoint together. */
export class ProcessRunner {
  constructor(
    private readonly log: () => readonly StoredEvent[],
    private readonly codec: EventCodec,
    private readonly queue: JobQueue,
    private readonly state: ProcessState,
  ) {}

  /** Answers false where there was nothing to do. */
  async step(maxBatch: number): Promise<boolean> {
    const { position } = this.state;
    const stored = this.log().filter((event) => event.position > position && event.stream.startsWith('invoice-'));
    const batch = stored.slice(0, maxBatch);
    if (batch.length === 0) return false;
    const intents = (await this.codec.decodeStream(batch)).flatMap((event) => [
      ...linkDelivery.react(event),
      ...receipts.react(event),
    ]);
    const rows = new Map(this.state.ranks);
    const jobs = intents.map((intent) => jobFor(intent, rows));
    if (jobs.length > 0) await this.queue.enqueue(jobs);
    // The transaction: whoever else moved the checkpoint meanwhile makes this one void.
    if (this.state.position !== position) return true;
    for (const [paymentId, row] of rows) this.state.ranks.set(paymentId, row);
    this.state.position = batch.at(-1)!.position;
    return true;
  }
}

function jobFor(intent: Intent, rows: ProcessState['ranks']): Job {
  if (intent.kind === 'job') return intent.job;
  const { branchId, invoiceId, paymentId, causeEventId } = intent;
  const known = [...rows.values()].filter((row) => row.branchId === branchId).length;
  const row = rows.get(paymentId) ?? { branchId, rank: BigInt(known + 1) };
  rows.set(paymentId, row);
  return {
    name: ISSUE_RECEIPT,
    id: `${ISSUE_RECEIPT}-${causeEventId}`,
    payload: { invoiceId, paymentId, number: receiptNumber(row.rank), cause: causeEventId },
    delayMs: 0,
  };
}
