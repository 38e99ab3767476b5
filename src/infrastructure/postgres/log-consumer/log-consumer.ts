import { setTimeout as sleep } from 'node:timers/promises';
import type { EventCodec } from '../../../application/event-codec.js';
import type { EventStore, SubscriptionBatch } from '../../../application/ports.js';
import type { Sql } from '../../../projections/sql.js';
import { PgSql } from '../pg-sql.js';
import { loadCheckpoints, verifyCheckpoints, type Checkpoint } from './checkpoints.js';
import { decode, type Delivered } from './delivery.js';
import { CheckpointAhead } from './failures.js';
import { gather } from './gather.js';
import { Leadership } from './leadership.js';
import type { LogMember } from './member.js';
import { Pace } from './pace.js';
import { loadParked } from './parked-events.js';
import { retryParked } from './retry-parked.js';
import { takeBatch, type ParkedStreams } from './take-batch.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const DEFAULT_MAX_BATCH = 2_000;

export interface LogConsumerOptions {
  /** One process at a time leads under this name; the others stand by. */
  readonly name: string;
  readonly members: readonly LogMember[];
  readonly databaseUrl: string;
  readonly store: EventStore;
  readonly codec: EventCodec;
  /** Told of a failure that is being recovered from, and of events that were parked. */
  readonly report: (what: string, error: unknown) => void;
  /** Told when the log turns out not to be the one that the checkpoints were made from; the consumer has stopped then. */
  readonly onRefused?: (error: CheckpointAhead) => void;
  readonly maxBatch?: number;
}

export interface ConsumerStatus {
  readonly name: string;
  readonly state: 'starting' | 'standby' | 'leading' | 'retrying' | 'refused' | 'stopped';
  /** True while leading and at the end of the log. */
  readonly caughtUp: boolean;
  /** When the store took the last event that was read; for telling how far behind it is. */
  readonly lastEventCreated: Date | undefined;
  readonly lastError: string | undefined;
  readonly members: readonly {
    readonly name: string;
    /** Undefined while it has seen nothing. */
    readonly position: bigint | undefined;
    /** Streams that stopped at an event that could not be taken. */
    readonly parkedStreams: number;
  }[];
}

/**
 * Follows the log for several members at once: each event is read once, and the members' rows and checkpoints are committed
 * in one transaction. Whatever fails is tried again from the last checkpoint, for as long as it takes; an event that cannot
 * be taken stops its stream in the member that cannot take it, and nothing else.
 */
export class LogConsumer {
  private readonly stopping = new AbortController();
  private readonly checkpoints = new Map<string, Checkpoint>();
  private readonly pace = new Pace();
  private parked: ParkedStreams = new Map();
  private state: ConsumerStatus['state'] = 'starting';
  private caughtUp = false;
  private lastEventCreated: Date | undefined;
  private lastError: string | undefined;
  private failures = 0;
  private running: Promise<void> | undefined;

  constructor(private readonly options: LogConsumerOptions) {
    const names = options.members.map(({ name }) => name);
    if (names.length === 0) throw new RangeError(`${options.name} has nobody to read the log for.`);
    if (new Set(names).size !== names.length)
      throw new RangeError(`Two members of ${options.name} have the same name.`);
  }

  /**
   * Begins to follow the log.
   * @param sql any connection to the same database: the checkpoints are compared with the log before anything else
   * @throws CheckpointAhead where the log is not the one that was read before. While the event store is away the comparison
   * waits for it, and `onRefused` is told instead.
   */
  async start(sql: Sql): Promise<void> {
    try {
      await verifyCheckpoints(this.options.store, await loadCheckpoints(sql, this.names()));
    } catch (error) {
      if (error instanceof CheckpointAhead) {
        this.state = 'refused';
        throw error;
      }
      this.fail('The checkpoints could not be compared with the log yet.', error);
    }
    this.running = this.run();
  }

  /** Finishes the batch at hand and gives the lead away. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    if (this.state !== 'refused') this.state = 'stopped';
    this.caughtUp = false;
  }

  status(): ConsumerStatus {
    const { name, members } = this.options;
    const { state, caughtUp, lastEventCreated, lastError } = this;
    return {
      ...{ name, state, caughtUp, lastEventCreated, lastError },
      members: members.map((member) => ({
        name: member.name,
        position: this.checkpoints.get(member.name)?.position,
        parkedStreams: this.parked.get(member.name)?.size ?? 0,
      })),
    };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.lead();
      } catch (error) {
        this.caughtUp = false;
        if (error instanceof CheckpointAhead) {
          this.state = 'refused';
          this.fail('The log is not the one that was read before.', error);
          this.options.onRefused?.(error);
          return;
        }
        if (signal.aborted) return;
        this.state = 'retrying';
        this.fail(`${this.options.name} is interrupted and goes on from its checkpoint.`, error);
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
        this.failures = Math.min(this.failures + 1, 10);
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Leads until the signal, or until something fails. */
  private async lead(): Promise<void> {
    const { databaseUrl, name, store, codec, members } = this.options;
    const { signal } = this.stopping;
    const leadership = await Leadership.take(databaseUrl, name, signal, () => {
      this.state = 'standby';
    });
    if (!leadership) return;
    try {
      const sql = new PgSql(leadership.client);
      this.checkpoints.clear();
      for (const [member, at] of await loadCheckpoints(sql, this.names())) this.checkpoints.set(member, at);
      await verifyCheckpoints(store, this.checkpoints);
      await retryParked({ leadership, sql, members, store, codec });
      const parked = await loadParked(sql, this.names());
      this.parked = new Map([...parked].map(([member, streams]) => [member, new Set(streams.keys())]));
      this.state = 'leading';
      for await (const batch of this.read(AbortSignal.any([signal, leadership.lost]))) {
        await this.pace.keep(() => this.take(leadership, sql, batch));
        this.failures = 0;
        this.lastError = undefined;
      }
      if (!signal.aborted) throw new Error('The connection that holds the lead was lost.');
    } finally {
      await leadership.release();
    }
  }

  /** Reads and decodes one batch ahead of the one that is being written. */
  private async *read(signal: AbortSignal): AsyncIterable<ReadBatch> {
    const { store, codec, members, maxBatch = DEFAULT_MAX_BATCH } = this.options;
    const streamPrefixes = [...new Set(members.flatMap((member) => member.streamPrefixes))];
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const subscription = store.subscribe({ after: this.lowest(), streamPrefixes, maxBatch, signal: until });
    const batches = gather(subscription, maxBatch, () => this.pace.isResting());
    const next = async (): Promise<ReadBatch | undefined> => {
      const result = await batches.next();
      if (result.done) return undefined;
      return { ...result.value, delivered: await decode(codec, result.value.events) };
    };
    let ahead = next();
    try {
      for (;;) {
        const batch = await ahead;
        if (!batch) return;
        ahead = next();
        // It is awaited in the next round; until then a failure is nobody's.
        ahead.catch(() => undefined);
        yield batch;
      }
    } finally {
      ended.abort();
      await ahead.catch(() => undefined);
      await batches.return();
    }
  }

  private async take(leadership: Leadership, sql: Sql, batch: ReadBatch): Promise<void> {
    const behind = this.options.members.filter(({ name }) => {
      const seen = this.checkpoints.get(name)?.position;
      // Of an empty log there is nothing to remember.
      return seen === undefined ? batch.events.length > 0 || batch.position > 0n : seen < batch.position;
    });
    if (behind.length > 0) {
      const last = batch.events.at(-1);
      const checkpoint: Checkpoint = { position: batch.position, event: last };
      const shares = behind.map((member) => ({
        member,
        delivered: batch.delivered.filter(({ stored }) => this.isNewTo(member, stored)),
      }));
      const { name: consumer } = this.options;
      const taken = { consumer, shares, checkpoint, parked: this.parked };
      const { refusals, parked } = await takeBatch(leadership, sql, taken);
      this.parked = parked;
      for (const { name } of behind) {
        this.checkpoints.set(name, { ...checkpoint, event: last ?? this.checkpoints.get(name)?.event });
      }
      this.lastEventCreated = last?.created ?? this.lastEventCreated;
      for (const { member, event, error } of refusals) {
        const { type, revision, stream, position } = event;
        this.options.report(`${member} parked ${type}, event ${revision} of ${stream} (position ${position})`, error);
      }
    }
    this.caughtUp = batch.caughtUp;
  }

  private isNewTo(member: LogMember, { stream, position }: { stream: string; position: bigint }): boolean {
    const seen = this.checkpoints.get(member.name)?.position;
    return (seen === undefined || position > seen) && member.streamPrefixes.some((prefix) => stream.startsWith(prefix));
  }

  /** Where the member that is furthest behind stands; undefined when one of them begins at the beginning. */
  private lowest(): bigint | undefined {
    const positions = this.names().map((name) => this.checkpoints.get(name)?.position);
    if (positions.includes(undefined)) return undefined;
    return (positions as bigint[]).reduce((low, each) => (each < low ? each : low));
  }

  private names(): readonly string[] {
    return this.options.members.map(({ name }) => name);
  }

  private fail(what: string, error: unknown): void {
    this.lastError = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.options.report(what, error);
  }
}

interface ReadBatch extends SubscriptionBatch {
  readonly delivered: readonly Delivered[];
}
