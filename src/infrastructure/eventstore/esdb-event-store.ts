import { BACKWARDS, END, ErrorType, FORWARDS, jsonEvent } from '@eventstore/db-client';
import type {
  AllStreamResolvedEvent,
  EventStoreDBClient,
  ResolvedEvent,
  StreamingRead,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { AppendRejected, EventStore, EventStoreUnavailable } from '../../application/ports.js';
import type {
  AppendResult,
  ExpectedRevision,
  NewEvent,
  StoredEvent,
  SubscribeOptions,
  SubscriptionBatch,
} from '../../application/ports.js';
import { checkAppend } from './append-checks.js';
import { collect } from './collect.js';
import { EsdbConnection } from './esdb-connection.js';
import { subscribeToLog } from './esdb-subscription.js';
import type { TroubleReport } from './esdb-subscription.js';
import { withRetries } from './retry.js';
import type { RetryLimits } from './retry.js';

/** Half of what a person waits for; a cluster has elected a new leader by the second try. */
const LIMITS: RetryLimits = { attemptMs: 2500, totalMs: 6000 };
/** The gRPC status by which the server says that no event begins at a position. */
const GRPC_UNKNOWN = 2;

export interface EsdbOptions {
  /** As the client takes it: `esdb://host:port?tls=false`, or `esdb://a,b,c` for a cluster. */
  readonly connectionString: string;
  /** Told what a subscription recovers from by itself. */
  readonly report?: TroubleReport;
  readonly limits?: RetryLimits;
}

/** The log in EventStoreDB (KurrentDB), or in the stand-in, which it cannot tell from one. */
export class EsdbEventStore extends EventStore {
  private readonly connection: EsdbConnection;
  private readonly report: TroubleReport;
  private readonly limits: RetryLimits;

  constructor(options: EsdbOptions) {
    super();
    this.connection = new EsdbConnection(options.connectionString);
    this.report = options.report ?? (() => undefined);
    this.limits = options.limits ?? LIMITS;
  }

  override async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    checkAppend(stream, expected, events);
    // Made once: a try after an unknown outcome must send the same ids and the same bytes.
    const proposed = events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
    try {
      const written = await withRetries(
        'append',
        this.limits,
        (timeoutMs) =>
          this.connection.append(timeoutMs, (client) =>
            client.appendToStream(stream, proposed, { expectedRevision: expected }),
          ),
        isAppendAnswer,
      );
      if (!written.position) throw new Error('The event store gave no position for an append.');
      return { outcome: 'appended', revision: written.nextExpectedRevision, position: written.position.commit };
    } catch (error) {
      if (typeOf(error) === ErrorType.WRONG_EXPECTED_VERSION) {
        return { outcome: 'wrong_revision', actual: (error as WrongExpectedVersionError).actualVersion };
      }
      if (isAppendAnswer(error)) throw new AppendRejected('The event store refused the append.', { cause: error });
      throw error;
    }
  }

  override async readStream(stream: string, from = 0n): Promise<readonly StoredEvent[]> {
    if (stream === '') throw new RangeError('The name of the stream is empty.');
    const isMissing = (error: unknown): boolean => typeOf(error) === ErrorType.STREAM_NOT_FOUND;
    try {
      return await this.read('read of a stream', isMissing, (client) =>
        client.readStream(stream, { direction: FORWARDS, fromRevision: from }),
      );
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  override subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionBatch> {
    return subscribeToLog(this.connection, options, this.report);
  }

  override async eventAt(position: bigint): Promise<StoredEvent | undefined> {
    const at = { commit: position, prepare: position };
    const find = async (): Promise<StoredEvent | undefined> => {
      const [event] = await this.read('look-up of a position', isNoSuchPosition, (client) =>
        client.readAll({ direction: FORWARDS, fromPosition: at, maxCount: 1 }),
      );
      return event?.position === position ? event : undefined;
    };
    try {
      return await find();
    } catch (error) {
      if (!isNoSuchPosition(error)) throw error;
    }
    // A server that is still starting gives the same status: believe it only from one that reads its log.
    await this.lastPosition();
    try {
      return await find();
    } catch (error) {
      if (isNoSuchPosition(error)) return undefined;
      throw error;
    }
  }

  override async lastPosition(): Promise<bigint | undefined> {
    return (await this.last(this.limits))?.position;
  }

  override async ping(): Promise<void> {
    await this.last({ attemptMs: this.limits.attemptMs, totalMs: this.limits.attemptMs });
  }

  /** Ends all subscriptions and hangs up. */
  close(): Promise<void> {
    return this.connection.close();
  }

  private async last(limits: RetryLimits): Promise<StoredEvent | undefined> {
    const [event] = await this.read(
      'read of the last event',
      () => false,
      (client) => client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
      limits,
    );
    return event;
  }

  /** Reads all of it; a broken read begins again from its start. */
  private read(
    what: string,
    isFinal: (error: unknown) => boolean,
    open: (client: EventStoreDBClient) => StreamingRead<ResolvedEvent | AllStreamResolvedEvent>,
    limits = this.limits,
  ): Promise<StoredEvent[]> {
    return withRetries(
      what,
      limits,
      (idleMs) => this.connection.call(undefined, (client) => collect(open(client), idleMs)),
      (error) => isFinal(error) || isRefusal(error),
    ).catch((error: unknown) => {
      if (!isFinal(error) && isRefusal(error)) {
        throw new EventStoreUnavailable('The event store refused to be read.', { cause: error });
      }
      throw error;
    });
  }
}

/** Errors by which the server has decided on an append; any other leaves open whether it was written. */
function isAppendAnswer(error: unknown): boolean {
  const type = typeOf(error);
  return (
    type === ErrorType.WRONG_EXPECTED_VERSION ||
    type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED ||
    type === ErrorType.STREAM_DELETED ||
    isRefusal(error)
  );
}

/** Errors that another try would only repeat: credentials, or an argument that the client itself refuses. */
function isRefusal(error: unknown): boolean {
  const type = typeOf(error);
  return type === ErrorType.ACCESS_DENIED || type === ErrorType.INVALID_ARGUMENT;
}

function isNoSuchPosition(error: unknown): boolean {
  return typeOf(error) === ErrorType.UNKNOWN && (error as { code?: unknown }).code === GRPC_UNKNOWN;
}

/** By its name, not its class: several copies of the client's module may be loaded. */
function typeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
}
