import type { KnownEvent, StreamKnowledge } from './decide-append.js';
import type { LogEntry } from './record.js';
import type { LogReader } from './storage.js';

const MAX_HEADS = 100_000;
const MAX_RECENT = 50_000;

/**
 * What the writer remembers of streams: the last revision of those it met, and the ids of the latest events. Both are
 * bounded. A forgotten head is read again; a forgotten id matters only to appends without an expected revision, whose
 * retries EventStoreDB too recognises for a while only.
 */
export class StreamMemory {
  private readonly heads = new Map<string, bigint>();
  private readonly recent = new Map<string, KnownEvent>();
  private readonly loading = new Map<string, Promise<void>>();
  private generation = 0;

  constructor(private readonly reader: LogReader) {}

  /** Makes sure that the heads of these streams are known. */
  async load(streams: Iterable<string>): Promise<void> {
    const wanted = new Set(streams);
    for (;;) {
      const unknown = [...wanted].filter((stream) => !this.heads.has(stream));
      if (unknown.length === 0) return;
      const missing = unknown.filter((stream) => !this.loading.has(stream));
      if (missing.length > 0) {
        const loaded = this.read(missing);
        for (const stream of missing) this.loading.set(stream, loaded);
      }
      await Promise.all(unknown.map((stream) => this.loading.get(stream) ?? Promise.resolve()));
    }
  }

  /** As {@link load}, ahead of need: a failure shows when the heads are needed. */
  prefetch(stream: string): void {
    if (!this.heads.has(stream) && !this.loading.has(stream)) this.load([stream]).catch(() => undefined);
  }

  /** What is known of a loaded stream, appends of the present group included. */
  knowledge(stream: string): StreamKnowledge {
    const head = this.heads.get(stream);
    if (head === undefined) throw new Error('A stream was decided on before it was loaded.');
    return {
      head,
      recent: (id) => this.recent.get(recentKey(stream, id)),
      identities: (revision, count) => this.reader.identities(stream, revision, count),
    };
  }

  remember(entry: Omit<LogEntry, 'record' | 'type'>): void {
    // Deleted first, so that the order of the map is the order of use.
    this.heads.delete(entry.stream);
    this.heads.set(entry.stream, entry.revision);
    const key = recentKey(entry.stream, entry.id);
    this.recent.delete(key);
    this.recent.set(key, { revision: entry.revision, position: entry.position });
  }

  /**
   * Forgets the oldest. Only between groups: a head that is forgotten while its stream is being written would be read
   * again as it was before.
   */
  trim(): void {
    shrink(this.heads, MAX_HEADS);
    shrink(this.recent, MAX_RECENT);
  }

  /** Forgets everything, because a group failed whose events were remembered already. */
  clear(): void {
    this.generation += 1;
    this.heads.clear();
    this.recent.clear();
  }

  private async read(streams: readonly string[]): Promise<void> {
    const { generation } = this;
    try {
      const heads = await this.reader.heads(streams);
      if (generation !== this.generation) return;
      streams.forEach((stream, i) => this.heads.set(stream, heads[i]!));
    } finally {
      for (const stream of streams) this.loading.delete(stream);
    }
  }
}

function recentKey(stream: string, id: string): string {
  return `${id}${stream}`;
}

function shrink(map: Map<string, unknown>, size: number): void {
  if (map.size <= size) return;
  let surplus = map.size - size;
  for (const key of map.keys()) {
    map.delete(key);
    surplus -= 1;
    if (surplus === 0) return;
  }
}
