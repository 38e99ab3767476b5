import { caughtUp, checkpoint, confirmation, fellBehind } from './outlet.js';
import type { Outlet } from './outlet.js';
import { PageSize } from './page-size.js';
import type { LogEntry } from './record.js';
import type { Filter, LogReader, LogSlice } from './storage.js';
import type { Tail } from './tail.js';

const TAIL_PAGE = 512;

interface FetchedPage {
  readonly after: bigint;
  readonly head: bigint;
  readonly limit: number;
  readonly page: Promise<LogSlice[]>;
}

/**
 * A subscription to the log of all streams. While it is behind it reads from PostgreSQL, near the end from memory; where
 * it is, is one position, so changing over loses nothing and repeats nothing.
 */
export class LogSubscription {
  private readonly pages = new PageSize();
  private sinceCheckpoint = 0;
  private live = false;
  private ahead: FetchedPage | undefined;

  /** @param checkpointEvery after how many events, wanted or not, the position is told; `undefined` for never */
  constructor(
    private readonly outlet: Outlet,
    private readonly reader: LogReader,
    private readonly tail: Tail,
    private readonly filter: Filter | undefined,
    private readonly checkpointEvery: number | undefined,
  ) {}

  /** Runs until the reader goes. */
  async run(id: string, after: bigint): Promise<void> {
    const stopListening = this.tail.onPublish(() => this.outlet.wake());
    try {
      await this.outlet.send(confirmation(id));
      let position = after;
      while (!this.outlet.closed) {
        const recent = this.tail.after(position, TAIL_PAGE);
        if (recent?.length === 0) {
          await this.rest(position);
          continue;
        }
        if (!recent && this.live) {
          this.live = false;
          await this.outlet.send(fellBehind());
        }
        position = recent ? await this.sendRecent(recent) : await this.sendStored(position);
      }
    } finally {
      stopListening();
    }
  }

  private async rest(position: bigint): Promise<void> {
    if (!this.live) {
      this.live = true;
      await this.outlet.send(caughtUp());
      // Sending may have taken a while.
      if (this.tail.head !== position) return;
    }
    await this.outlet.pause();
  }

  private async sendRecent(entries: readonly LogEntry[]): Promise<bigint> {
    for (const entry of entries) {
      const wanted = matches(entry, this.filter) ? entry.record : undefined;
      if (!this.pass(entry.position, wanted)) await this.outlet.room();
    }
    return entries.at(-1)!.position;
  }

  private async sendStored(position: bigint): Promise<bigint> {
    const fetched = this.ahead?.after === position ? this.ahead : this.fetch(position);
    const page = await fetched.page;
    this.pages.learn(
      page.length,
      page.reduce((sum, { record }) => sum + (record?.length ?? 0), 0),
    );
    const last = page.at(-1)?.position;
    // The next page is fetched while this one is sent.
    this.ahead = last !== undefined && page.length === fetched.limit ? this.fetch(last) : undefined;
    for (const { position: at, record } of page) if (!this.pass(at, record)) await this.outlet.room();
    return last ?? fetched.head;
  }

  private fetch(after: bigint): FetchedPage {
    // The end of the log is noted before the page is asked for, so an empty page has nothing before that end.
    const { head } = this.tail;
    const { limit } = this.pages;
    const page = this.reader.log(after, false, limit, this.filter);
    // It may be waited for later, or never.
    page.catch(() => undefined);
    return { after, head, limit, page };
  }

  /** False when the reader is slow. */
  private pass(position: bigint, record: Buffer | undefined): boolean {
    let room = record === undefined || this.outlet.push(record);
    this.sinceCheckpoint += 1;
    if (this.checkpointEvery !== undefined && this.sinceCheckpoint >= this.checkpointEvery) {
      this.sinceCheckpoint = 0;
      room = this.outlet.push(checkpoint(position)) && room;
    }
    return room;
  }
}

/** Whether the reader wants this event. */
function matches(entry: LogEntry, filter: Filter | undefined): boolean {
  if (!filter) return true;
  const name = filter.on === 'stream' ? entry.stream : entry.type;
  if (filter.regex) return filter.regex.test(name);
  return filter.prefixes.some((prefix) => name.startsWith(prefix));
}
