import type { EventStore, Job, JobQueue, StoredEvent } from '../../../application/ports.js';
import type { Process } from '../../../application/processes/process.js';
import type { RecordedEvent } from '../../../domain/decider.js';
import type { Sql } from '../../../projections/sql.js';
import { PassingFailure } from './failures.js';
import type { LogMember } from './member.js';
import { ReceiptRanks, type Capture } from './receipt-ranks.js';

/**
 * Runs a process: what it makes of a batch of events is in the queue, in one go, before the transaction commits that moves
 * its checkpoint. After a crash in between the same jobs are enqueued again, under the same ids.
 */
export class ProcessMember implements LogMember {
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  private readonly ranks: ReceiptRanks;

  constructor(
    private readonly process: Process,
    private readonly queue: JobQueue,
    private readonly store: EventStore,
  ) {
    this.name = process.name;
    this.streamPrefixes = process.streamPrefixes;
    this.ranks = new ReceiptRanks(process.name);
  }

  async apply(events: readonly RecordedEvent[], sql: Sql): Promise<void> {
    const jobs: Job[] = [];
    const captures: Capture[] = [];
    for (const event of events) {
      for (const intent of this.process.react(event)) {
        if (intent.kind === 'job') jobs.push(intent.job);
        else captures.push({ ...intent, position: event.position });
      }
    }
    jobs.push(...(await this.ranks.number(captures, sql)));
    await this.enqueue(jobs);
  }

  async stopped(event: StoredEvent, sql: Sql): Promise<void> {
    await this.ranks.stop(event.position, await this.branchOf(event), sql);
  }

  async resumed(positions: readonly bigint[], sql: Sql): Promise<void> {
    await this.enqueue(await this.ranks.resume(positions, sql));
  }

  private async enqueue(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    try {
      await this.queue.enqueue(jobs);
    } catch (error) {
      throw new PassingFailure('The queue took no jobs.', { cause: error });
    }
  }

  /** The branch that an unreadable event is of, as far as it or the first event of its stream says so in plain. */
  private async branchOf(event: StoredEvent): Promise<string | undefined> {
    const named = event.data?.['branchId'];
    if (typeof named === 'string') return named;
    const [first] = await this.store.readStream(event.stream);
    const registered = first?.data?.['branchId'];
    return typeof registered === 'string' ? registered : undefined;
  }
}
