/** Pages that keep themselves up to date: server-sent events that end with the page, with the service, or after a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Response } from 'express';

/** A browser connects again by itself; whoever lost the right to look is found out then. */
const LONGEST_MS = 10 * 60_000;
/** Proxies cut what is silent for a minute. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 2_000;
/** Of one process; each asks the database by itself. */
const MAX_STREAMS = 500;
/** Pages that one person looks at, or jobs that one program follows: whoever opens more takes nobody's place but their own. */
const MAX_STREAMS_OF_ONE = 20;
/** How soon whoever signed out, or may no longer look, sees no more. */
const ALLOWED_EVERY_MS = 20_000;

export interface LiveView {
  /** What the page shows, as it stands now: sent where it changed. Undefined ends the stream. */
  readonly look: () => Promise<object | undefined>;
  /** Whether nothing will change any more: it is sent and the stream ended. */
  readonly isOver: (state: object) => boolean;
  readonly everyMs: number;
  /** Who looks. */
  readonly viewer: string;
  /** Whether they may still. Asked every now and then. */
  readonly mayLook?: () => Promise<boolean>;
  /** Names what is shown. A browser that connects again says what it has seen, and gets only what came after. */
  readonly idOf?: (state: object) => string;
  readonly seen?: string | undefined;
}

@Injectable()
export class LiveStreams {
  private readonly logger = new Logger('LiveStreams');
  private readonly open = new Map<AbortController, string>();
  private ending = false;

  /**
   * Answers with events of the type `state`, whose data are JSON, until the view is over. Resolves when the stream has ended.
   * What is thrown at the first look comes before anything was sent, and is answered as any other refusal.
   */
  async serve(response: Response, view: LiveView): Promise<void> {
    const first = await view.look();
    if (this.ending || this.open.size >= MAX_STREAMS) {
      response.status(503).set('Retry-After', '5').end();
      return;
    }
    if ([...this.open.values()].filter((viewer) => viewer === view.viewer).length >= MAX_STREAMS_OF_ONE) {
      response.status(429).set('Retry-After', '30').end();
      return;
    }
    const stream = new AbortController();
    this.open.set(stream, view.viewer);
    response.on('close', () => stream.abort());
    try {
      response.status(200).set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        // nginx would keep events back until its buffer is full.
        'X-Accel-Buffering': 'no',
      });
      response.write(`retry: ${RECONNECT_MS}\n\n`);
      await this.follow(response, view, first, stream.signal);
    } finally {
      this.open.delete(stream);
      response.end();
    }
  }

  /** A database that is away for a moment: the page keeps what it shows. What lasts has to be found in the log. */
  private keep(state: object | undefined, error: unknown): object | undefined {
    this.logger.warn(`A page is not kept up to date: ${error instanceof Error ? error.name : 'unknown error'}`);
    return state;
  }

  /** Ends every stream, so that the service can stop. Their browsers connect again when it is back. */
  end(): void {
    this.ending = true;
    for (const stream of this.open.keys()) stream.abort();
  }

  private async follow(
    response: Response,
    view: LiveView,
    first: object | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { look, isOver, everyMs, idOf } = view;
    let shown: object | undefined;
    let sent = first && idOf && idOf(first) === view.seen ? JSON.stringify(first) : '';
    let silentMs = 0;
    let unaskedMs = 0;
    let state = first;
    for (let openMs = 0; state !== undefined && !signal.aborted && openMs < LONGEST_MS; openMs += everyMs) {
      // What is the very same object is not written out again to find that nothing changed.
      const text = state === shown ? sent : JSON.stringify(state);
      if (text !== sent) response.write(`event: state\n${idOf ? `id: ${idOf(state)}\n` : ''}data: ${text}\n\n`);
      else if (silentMs >= HEARTBEAT_MS) response.write(': still here\n\n');
      silentMs = text !== sent || silentMs >= HEARTBEAT_MS ? 0 : silentMs + everyMs;
      sent = text;
      shown = state;
      if (isOver(state)) return;
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      unaskedMs += everyMs;
      if (view.mayLook && unaskedMs >= ALLOWED_EVERY_MS) {
        unaskedMs = 0;
        // A database that is away tells nobody to go.
        if (!(await view.mayLook().catch(() => true))) return;
      }
      state = await look().catch((error: unknown) => this.keep(state, error));
    }
  }
}
