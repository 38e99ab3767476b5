import {
  EventStore,
  EventStoreUnavailable,
  type AppendResult,
  type ExpectedRevision,
  type NewEvent,
  type StoredEvent,
  type SubscribeOptions,
  type SubscriptionBatch,
} from '../../src/application/ports.js';
import { checkAppend } from '../../src/infrastructure/eventstore/append-checks.js';

/** The port's guarantees in memory: what a test runs on where it needs no server, and what the contract suite compares with. */
export class InMemoryEventStore extends EventStore {
  private log: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly waiting = new Set<() => void>();
  private available = true;
  /** Positions have gaps, as in a log that keeps bytes: nobody may count on `position + 1`. */
  private nextPosition = 128n;

  constructor(private readonly now: () => Date = () => new Date('2026-11-20T12:00:00.000Z')) {
    super();
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    checkAppend(stream, expected, events);
    await this.answer();
    const present = this.streams.get(stream) ?? [];
    const expectedLength = expected === 'no_stream' ? 0 : Number(expected) + 1;
    if (expectedLength === present.length) return this.write(stream, present, events);
    const repeated = present.slice(expectedLength, expectedLength + events.length);
    const last = repeated.at(-1);
    if (last && repeated.length === events.length && repeated.every(({ id }, index) => id === events[index]!.id)) {
      return { outcome: 'appended', revision: last.revision, position: last.position };
    }
    return { outcome: 'wrong_revision', actual: present.at(-1)?.revision ?? 'no_stream' };
  }

  async readStream(stream: string, from = 0n): Promise<readonly StoredEvent[]> {
    await this.answer();
    return (this.streams.get(stream) ?? []).filter(({ revision }) => revision >= from);
  }

  async *subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionBatch> {
    let seen = options.after;
    let told = false;
    const wanted = ({ stream }: StoredEvent): boolean =>
      options.streamPrefixes.some((prefix) => stream.startsWith(prefix));
    while (!options.signal.aborted) {
      const unseen = this.available ? this.log.filter(({ position }) => seen === undefined || position > seen) : [];
      const events = unseen.filter(wanted).slice(0, options.maxBatch);
      const caughtUp = this.available && unseen.filter(wanted).length === events.length;
      const position = caughtUp ? (unseen.at(-1)?.position ?? seen) : events.at(-1)?.position;
      const moved = position !== undefined && position !== seen;
      if (moved || (caughtUp && !told)) {
        seen = position;
        told = caughtUp;
        yield { events, position: position ?? 0n, caughtUp };
      } else {
        await this.change(options.signal);
      }
    }
  }

  async eventAt(position: bigint): Promise<StoredEvent | undefined> {
    await this.answer();
    return this.log.find((event) => event.position === position);
  }

  async lastPosition(): Promise<bigint | undefined> {
    await this.answer();
    return this.log.at(-1)?.position;
  }

  async ping(): Promise<void> {
    await this.answer();
  }

  /** Lets every call fail, and every subscription wait, until it is put back. */
  setAvailable(available: boolean): void {
    this.available = available;
    this.wake();
  }

  /** Everything that was appended, in order. */
  all(): readonly StoredEvent[] {
    return this.log;
  }

  /** Forgets what was appended after this position, as a restored older backup does. */
  restoreTo(position: bigint): void {
    this.log = this.log.filter((event) => event.position <= position);
    for (const [stream, events] of this.streams) {
      const kept = events.filter((event) => event.position <= position);
      if (kept.length === 0) this.streams.delete(stream);
      else this.streams.set(stream, kept);
    }
  }

  private async answer(): Promise<void> {
    await Promise.resolve();
    if (!this.available) throw new EventStoreUnavailable('The event store is away.');
  }

  private write(stream: string, present: readonly StoredEvent[], events: readonly NewEvent[]): AppendResult {
    const written = events.map((event, index): StoredEvent => {
      this.nextPosition += 97n;
      const { data, metadata } = JSON.parse(JSON.stringify(event)) as Pick<NewEvent, 'data' | 'metadata'>;
      return {
        ...{ id: event.id, type: event.type, data, metadata, stream },
        revision: BigInt(present.length + index),
        position: this.nextPosition,
        created: this.now(),
      };
    });
    this.log.push(...written);
    this.streams.set(stream, [...present, ...written]);
    this.wake();
    const last = written.at(-1)!;
    return { outcome: 'appended', revision: last.revision, position: last.position };
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }
}
