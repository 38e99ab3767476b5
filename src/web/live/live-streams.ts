/** Pages that keep themselves up to date: server-sent events that end with the page, with the service, or after a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';

/** A browser connects again by itself; whoever lost the right to look is found out then. */
const LONGEST_MS = 10 * 60_000;
/** Proxies cut what is silent for a minute. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 2_000;
/** Of one process; each asks the database by itself. */
const MAX_STREAMS = 500;

export interface LiveView {
  /** What the page shows, as it stands now: sent where it changed. Undefined ends the stream. */
  readonly look: () => Promise<object | undefined>;
  /** Whether nothing will change any more: it is sent and the stream ended. */
  readonly isOver: (state: object) => boolean;
  readonly everyMs: number;
}

@Injectable()
export class LiveStreams {
  private readonly open = new Set<AbortController>();
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
    const stream = new AbortController();
    this.open.add(stream);
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

  /** Ends every stream, so that the service can stop. Their browsers connect again when it is back. */
  end(): void {
    this.ending = true;
    for (const stream of this.open) stream.abort();
  }

  private async follow(
    response: Response,
    { look, isOver, everyMs }: LiveView,
    first: object | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    let sent = '';
    let silentMs = 0;
    let state = first;
    for (let openMs = 0; state !== undefined && !signal.aborted && openMs < LONGEST_MS; openMs += everyMs) {
      const text = JSON.stringify(state);
      if (text !== sent) response.write(`event: state\ndata: ${text}\n\n`);
      else if (silentMs >= HEARTBEAT_MS) response.write(': still here\n\n');
      silentMs = text !== sent || silentMs >= HEARTBEAT_MS ? 0 : silentMs + everyMs;
      sent = text;
      if (isOver(state)) return;
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      // A database that is away for a moment: the page keeps what it shows.
      if (!signal.aborted) state = await look().catch(() => state);
    }
  }
}
