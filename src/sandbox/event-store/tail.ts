import type { LogEntry } from './record.js';

const MAX_ENTRIES = 8192;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The last events of the log, in memory, for readers who are close to its end. It is bounded: a reader who falls out of
 * it reads from PostgreSQL until it is close again, so a slow reader costs nothing but its own time.
 */
export class Tail {
  private entries: LogEntry[] = [];
  private first = 0;
  private bytes = 0;
  private readonly listeners = new Set<() => void>();

  /**
   * @param complete every event after this position is here
   * @param end position of the last durable event
   */
  constructor(
    private complete: bigint,
    private end: bigint = complete,
  ) {}

  /** The position of the last durable event; 0 for an empty log. */
  get head(): bigint {
    return this.end;
  }

  /** Adds events that are durable, and wakes those who wait. */
  publish(added: readonly LogEntry[]): void {
    const last = added.at(-1);
    if (!last) return;
    for (const entry of added) {
      this.entries.push(entry);
      this.bytes += entry.record.length;
    }
    this.end = last.position;
    this.forgetOldest();
    this.wake();
  }

  /** After the connection to PostgreSQL was lost nobody knows what was written last: begin again from what is there. */
  restart(head: bigint): void {
    this.entries = [];
    this.first = 0;
    this.bytes = 0;
    this.complete = head;
    this.end = head;
    this.wake();
  }

  /** The events after a position, at most `limit`; `undefined` when some of them are not here any more. */
  after(position: bigint, limit: number): readonly LogEntry[] | undefined {
    if (position < this.complete) return undefined;
    let low = this.first;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.entries[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return this.entries.slice(low, low + limit);
  }

  /** Calls back after each publication until the returned function is called. */
  onPublish(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }

  private forgetOldest(): void {
    while (this.entries.length - this.first > MAX_ENTRIES || this.bytes > MAX_BYTES) {
      const oldest = this.entries[this.first]!;
      this.bytes -= oldest.record.length;
      this.complete = oldest.position;
      this.first += 1;
    }
    if (this.first > MAX_ENTRIES) {
      this.entries = this.entries.slice(this.first);
      this.first = 0;
    }
  }
}
