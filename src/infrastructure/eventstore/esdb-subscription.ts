import { setTimeout as sleep } from 'node:timers/promises';
import { START, streamNameFilter } from '@eventstore/db-client';
import type { AllStreamResolvedEvent, AllStreamSubscription, EventStoreDBClient } from '@eventstore/db-client';
import type { StoredEvent, SubscribeOptions, SubscriptionBatch } from '../../application/ports.js';
import type { EsdbConnection } from './esdb-connection.js';
import { toStoredEvent } from './stored-event.js';

/** Told about a failure that is being recovered from. */
export type TroubleReport = (what: string, error: unknown) => void;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
/** In search windows of the server (32 events): how often it tells its position while nothing matches. */
const CHECKPOINT_INTERVAL = 16;

/**
 * Follows the log from a position for as long as the signal allows, over every drop of the connection: it subscribes again
 * after the last position that was handed out, so each event is handed out once and in order.
 */
export async function* subscribeToLog(
  connection: EsdbConnection,
  options: SubscribeOptions,
  report: TroubleReport,
): AsyncGenerator<SubscriptionBatch, void, undefined> {
  if (options.streamPrefixes.length === 0) throw new RangeError('A subscription needs at least one stream prefix.');
  if (!Number.isInteger(options.maxBatch) || options.maxBatch < 1) throw new RangeError('maxBatch must be positive.');
  const { signal } = options;
  let after = options.after;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    let attempt: Attempt | undefined;
    try {
      attempt = new Attempt(await connection.client(), options, after);
      for (;;) {
        const batch = await attempt.next();
        if (!batch) break;
        pauseMs = FIRST_PAUSE_MS;
        after = batch.position;
        yield batch;
      }
    } catch (error) {
      report('A subscription was dropped and is taken up again.', error);
    } finally {
      attempt?.end();
    }
    if (signal.aborted) return;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Something that the server said between two events; it holds when the events before it have been handed out. */
interface Mark {
  /** How many events came before it. */
  readonly behind: number;
  readonly position?: bigint;
  readonly caughtUp?: boolean;
}

/** One subscription until it breaks. */
class Attempt {
  private readonly subscription: AllStreamSubscription;
  private readonly marks: Mark[] = [];
  private taken = 0;
  private position: bigint;
  private live = false;
  private over = false;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;
  private readonly onAbort = (): void => this.wake();

  constructor(
    client: EventStoreDBClient,
    private readonly options: SubscribeOptions,
    after: bigint | undefined,
  ) {
    this.position = after ?? 0n;
    const filter = streamNameFilter({
      prefixes: [...options.streamPrefixes],
      checkpointInterval: CHECKPOINT_INTERVAL,
      checkpointReached: async (_, reached) => this.mark({ position: reached.commit }),
    });
    this.subscription = client.subscribeToAll(
      { fromPosition: after === undefined ? START : { commit: after, prepare: after }, filter },
      { highWaterMark: options.maxBatch },
    );
    this.subscription.on('readable', () => this.wake());
    this.subscription.on('caughtUp', () => this.mark({ caughtUp: true }));
    this.subscription.on('fellBehind' as 'caughtUp', () => this.mark({ caughtUp: false }));
    this.subscription.on('error', (error: Error) => this.finish(error));
    this.subscription.on('end', () => this.finish(undefined));
    this.subscription.on('close', () => this.finish(undefined));
    options.signal.addEventListener('abort', this.onAbort);
  }

  /**
   * The next batch; `undefined` when the caller's signal ended it.
   * @throws what broke the subscription, after everything that came before it has been handed out
   */
  async next(): Promise<SubscriptionBatch | undefined> {
    for (;;) {
      if (this.options.signal.aborted) return undefined;
      const batch = this.take();
      if (batch) return batch;
      if (this.over) throw this.failure ?? new Error('The server ended the subscription.');
      await new Promise<void>((woken) => {
        this.wake = woken;
      });
    }
  }

  end(): void {
    this.options.signal.removeEventListener('abort', this.onAbort);
    this.subscription.unsubscribe().catch(() => undefined);
    this.subscription.destroy();
  }

  private take(): SubscriptionBatch | undefined {
    const events: StoredEvent[] = [];
    while (events.length < this.options.maxBatch) {
      const next = this.subscription.read() as AllStreamResolvedEvent | null;
      if (!next) break;
      this.taken += 1;
      if (next.event) events.push(toStoredEvent(next.event));
    }
    const last = events.at(-1);
    if (last) this.position = last.position;
    const news = this.passMarks();
    if (!last && !news) return undefined;
    return { events, position: this.position, caughtUp: this.live && this.subscription.readableLength === 0 };
  }

  /** True when the server has said something that the reader has not been told. */
  private passMarks(): boolean {
    let news = false;
    while (this.marks.length > 0 && this.marks[0]!.behind <= this.taken) {
      const mark = this.marks.shift()!;
      if (mark.caughtUp !== undefined) {
        news ||= mark.caughtUp && !this.live;
        this.live = mark.caughtUp;
      }
      if (mark.position !== undefined && mark.position > this.position) {
        this.position = mark.position;
        news = true;
      }
    }
    return news;
  }

  private mark(mark: Omit<Mark, 'behind'>): void {
    // What lies in the stream's buffer came before, and has not been taken yet.
    const behind = this.taken + this.subscription.readableLength;
    const previous = this.marks.at(-1);
    // A checkpoint makes the one before it worthless, so this never grows longer than the buffer.
    if (mark.position !== undefined && previous?.behind === behind && previous.position !== undefined) this.marks.pop();
    this.marks.push({ ...mark, behind });
    this.wake();
  }

  private finish(error: Error | undefined): void {
    this.failure ??= error;
    this.over = true;
    this.wake();
  }
}
