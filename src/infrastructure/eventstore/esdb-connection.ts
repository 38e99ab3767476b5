import { EventStoreDBClient } from '@eventstore/db-client';
import { EventStoreUnavailable } from '../../application/ports.js';

/**
 * The most appends that are with the client at once. It hands them to one stream that takes 16 before it pushes back, and
 * when the connection breaks while it waits for room, its rejection is one that nobody can catch and that ends the process.
 */
const MAX_APPENDS_IN_FLIGHT = 15;
const REPLACE_LIMIT_MS = 1000;

/** No answer within our own time. The call may have had its effect. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** The client, and the places that appends take in it. */
interface Generation {
  readonly client: EventStoreDBClient;
  free: number;
  readonly waiting: (() => void)[];
}

/**
 * Keeps one client. It usually recovers by itself; where it does not (a cluster that could not be discovered, a connection
 * that is open and dead) it is closed and another one takes its place. Never are two in use: an error on a stream of one
 * rejects the appends of all, and an answer that comes after that ends the process.
 */
export class EsdbConnection {
  private generation: Generation;
  private replacing: Promise<void> | undefined;
  /** When a call first went unanswered, since when no call was answered. */
  private suspectSinceMs: number | undefined;

  constructor(private readonly connectionString: string) {
    this.generation = this.create();
  }

  /** The client to use now, for calls that have no end. */
  async client(): Promise<EventStoreDBClient> {
    await this.replacing;
    return this.generation.client;
  }

  /**
   * Runs one call under a time-out of ours; the client has none for most calls.
   * @param timeoutMs `undefined` for a call that throws NoAnswer by itself
   * @throws NoAnswer after `timeoutMs`, or what the call itself threw
   */
  async call<T>(timeoutMs: number | undefined, run: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    await this.replacing;
    return this.callOn(this.generation, timeoutMs, run);
  }

  /** As {@link call}, for appends, of which only so many may be under way. */
  async append<T>(timeoutMs: number, run: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    const deadlineMs = performance.now() + timeoutMs;
    const generation = await this.takePlace(deadlineMs);
    return this.callOn(generation, Math.max(1, deadlineMs - performance.now()), (client) => {
      const running = run(client);
      // The place is free when the client has done with it, which may be long after we have given up.
      const leave = (): void => {
        const next = generation.waiting.shift();
        if (next) next();
        else generation.free += 1;
      };
      running.then(leave, leave);
      return running;
    });
  }

  async close(): Promise<void> {
    await this.replacing;
    await withTimeout(this.generation.client.dispose(), REPLACE_LIMIT_MS).catch(() => undefined);
  }

  private async callOn<T>(
    { client }: Generation,
    timeoutMs: number | undefined,
    run: (client: EventStoreDBClient) => Promise<T>,
  ): Promise<T> {
    const startedMs = performance.now();
    try {
      const result = await (timeoutMs === undefined ? run(client) : withTimeout(run(client), timeoutMs));
      this.suspectSinceMs = undefined;
      return result;
    } catch (error) {
      this.judge(client, startedMs, error);
      throw error;
    }
  }

  private async takePlace(deadlineMs: number): Promise<Generation> {
    for (;;) {
      await this.replacing;
      const { generation } = this;
      if (generation.free > 0) {
        generation.free -= 1;
        return generation;
      }
      await turn(generation, deadlineMs - performance.now());
      if (generation === this.generation) return generation;
    }
  }

  private create(): Generation {
    return {
      client: EventStoreDBClient.connectionString(this.connectionString),
      free: MAX_APPENDS_IN_FLIGHT,
      waiting: [],
    };
  }

  private judge(client: EventStoreDBClient, startedMs: number, error: unknown): void {
    if (error instanceof NoAnswer) {
      // The first one may be a server that restarts; one that began after it means that the connection is dead.
      if (this.suspectSinceMs === undefined) this.suspectSinceMs = performance.now();
      else if (startedMs >= this.suspectSinceMs) this.replace(client);
    } else if (!isServerAnswer(error)) {
      // Thrown by the client itself, as after a failed discovery, which it then remembers for ever.
      this.replace(client);
    }
  }

  private replace(failed: EventStoreDBClient): void {
    if (this.replacing || this.generation.client !== failed) return;
    const old = this.generation;
    this.suspectSinceMs = undefined;
    this.replacing = withTimeout(failed.dispose(), REPLACE_LIMIT_MS)
      .catch(() => undefined)
      .then(() => {
        this.generation = this.create();
        this.replacing = undefined;
        // They find the new client in place of the one they waited for.
        for (const next of old.waiting.splice(0)) next();
      });
  }
}

/** True for errors that carry a gRPC status or a type of the client's: somebody has answered, if only the channel. */
function isServerAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ('code' in error || 'type' in error);
}

/** Waits until somebody leaves a place to us, or until the client was replaced. */
function turn(generation: Generation, timeoutMs: number): Promise<void> {
  return new Promise((taken, failed) => {
    const enter = (): void => {
      clearTimeout(timer);
      taken();
    };
    const timer = setTimeout(() => {
      generation.waiting.splice(generation.waiting.indexOf(enter), 1);
      failed(new EventStoreUnavailable('Too many appends are waiting for the event store.'));
    }, timeoutMs);
    generation.waiting.push(enter);
  });
}

async function withTimeout<T>(running: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new NoAnswer(`No answer in ${Math.round(timeoutMs)} ms.`)), timeoutMs);
  });
  // Whichever loses must not be an unhandled rejection.
  running.catch(() => undefined);
  try {
    return await Promise.race([running, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
