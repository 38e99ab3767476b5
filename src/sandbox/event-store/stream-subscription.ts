import { caughtUp, confirmation, fellBehind } from './outlet.js';
import type { Outlet } from './outlet.js';
import { PageSize } from './page-size.js';
import type { LogReader } from './storage.js';
import type { Tail } from './tail.js';

const TAIL_PAGE = 512;

/** A subscription to one stream; the stream need not be there yet. */
export class StreamSubscription {
  private readonly pages = new PageSize();
  private live = false;
  /** Everything of the stream up to this position of the log has been sent; `undefined` while it is being read. */
  private seen: bigint | undefined;

  /** @param after revision of the last event that the reader has, -1 for none */
  constructor(
    private readonly outlet: Outlet,
    private readonly reader: LogReader,
    private readonly tail: Tail,
    private readonly stream: string,
    private after: bigint,
  ) {}

  /**
   * Runs until the reader goes.
   * @param pastEnd the reader asked for what comes after an event that the stream does not have: it is told the end
   */
  async run(id: string, pastEnd: boolean): Promise<void> {
    const stopListening = this.tail.onPublish(() => this.outlet.wake());
    try {
      await this.outlet.send(confirmation(id));
      if (pastEnd) {
        await this.outlet.send(caughtUp());
        return;
      }
      while (!this.outlet.closed) {
        if (this.seen === undefined) await this.sendStored();
        else await this.sendRecent(this.seen);
      }
    } finally {
      stopListening();
    }
  }

  private async sendStored(): Promise<void> {
    // Read before the page is: what is in the log by then is in the page.
    const { head } = this.tail;
    const { limit } = this.pages;
    const page = await this.reader.stream(this.stream, this.after + 1n, false, limit);
    for (const { revision, record } of page) {
      this.after = revision;
      if (!this.outlet.push(record)) await this.outlet.room();
    }
    this.pages.learn(
      page.length,
      page.reduce((sum, { record }) => sum + record.length, 0),
    );
    if (page.length < limit) this.seen = head;
  }

  private async sendRecent(seen: bigint): Promise<void> {
    const recent = this.tail.after(seen, TAIL_PAGE);
    if (!recent) {
      this.seen = undefined;
      if (this.live) await this.outlet.send(fellBehind());
      this.live = false;
      return;
    }
    for (const entry of recent) {
      if (entry.stream !== this.stream || entry.revision <= this.after) continue;
      this.after = entry.revision;
      if (!this.outlet.push(entry.record)) await this.outlet.room();
    }
    const last = recent.at(-1);
    if (last) {
      this.seen = last.position;
      return;
    }
    if (!this.live) {
      this.live = true;
      await this.outlet.send(caughtUp());
      if (this.tail.head !== seen) return;
    }
    await this.outlet.pause();
  }
}
