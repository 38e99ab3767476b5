import { decideAppend } from './decide-append.js';
import type { Expected } from './decide-append.js';
import { encodeRecord, lengthInLog } from './record.js';
import type { LogEntry, ProposedEvent } from './record.js';
import { StreamMemory } from './stream-memory.js';
import type { LogReader } from './storage.js';
import { Tail } from './tail.js';
import { WriterConnection } from './writer-connection.js';

const MAX_GROUP_APPENDS = 512;
const MAX_GROUP_BYTES = 4 * 1024 * 1024;
const MAX_QUEUED_APPENDS = 4096;
const MAX_QUEUED_BYTES = 32 * 1024 * 1024;
const TICKS_PER_MS = 10_000n;

export interface AppendRequest {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
  readonly bytes: number;
  /** In milliseconds since the epoch; later than that the client does not wait for the answer. */
  readonly deadlineMs: number;
}

export type AppendAnswer =
  | { readonly kind: 'appended'; readonly revision: bigint; readonly position: bigint }
  | { readonly kind: 'wrong'; readonly head: bigint }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failed'; readonly reason: string };

interface Pending {
  readonly request: AppendRequest;
  readonly answer: (answer: AppendAnswer) => void;
}

/**
 * The one writer. It takes what has queued up while the last group was being written, decides each append against the
 * streams as they are after the ones before it, writes all of it in one transaction, and only then answers. So the order
 * of positions is the order of commits, and many writers share the wait for the disk.
 */
export class Writer {
  readonly tail = new Tail(0n);
  private readonly connection: WriterConnection;
  private readonly memory: StreamMemory;
  private queue: Pending[] = [];
  private queuedBytes = 0;
  private working: Promise<void> | undefined;
  private closing = false;
  private readonly roomListeners = new Set<() => void>();

  constructor(
    databaseUrl: string,
    private readonly reader: LogReader,
    private readonly nowMs: () => number,
  ) {
    this.memory = new StreamMemory(reader);
    this.connection = new WriterConnection(databaseUrl, (head) => this.restart(head));
  }

  /** Takes the writer's lock and finds the end of the log. */
  async open(lockWaitMs: number): Promise<void> {
    this.restart(await this.connection.open(lockWaitMs));
    for (const entry of await this.reader.latest()) this.memory.remember(entry);
  }

  /** Answers when the append is durable, or when it is certain that it was not written by this call. */
  append(request: AppendRequest): Promise<AppendAnswer> {
    if (this.closing) return Promise.resolve({ kind: 'failed', reason: 'The event store is stopping.' });
    if (!this.connection.ready) return Promise.resolve({ kind: 'failed', reason: 'PostgreSQL cannot be reached.' });
    return new Promise((answer) => {
      this.queue.push({ request, answer });
      this.queuedBytes += request.bytes;
      if (this.working) this.memory.prefetch(request.stream);
      else this.working = this.work();
    });
  }

  /** True while so much waits that senders should wait too. */
  get crowded(): boolean {
    return this.queue.length >= MAX_QUEUED_APPENDS || this.queuedBytes >= MAX_QUEUED_BYTES;
  }

  /** Calls back whenever the queue got shorter, until the returned function is called. */
  onRoom(listener: () => void): () => void {
    this.roomListeners.add(listener);
    return () => this.roomListeners.delete(listener);
  }

  /** Writes what is queued and lets go of the lock. */
  async close(): Promise<void> {
    this.closing = true;
    await this.working;
    await this.connection.close();
  }

  private restart(head: bigint): void {
    this.memory.clear();
    this.tail.restart(head);
  }

  private async work(): Promise<void> {
    // Everything that has arrived with the first one goes into the same group.
    await new Promise<void>((next) => setImmediate(next));
    while (this.queue.length > 0) {
      await this.writeGroup(this.takeGroup());
      for (const listener of this.roomListeners) listener();
    }
    this.working = undefined;
  }

  private takeGroup(): Pending[] {
    let bytes = 0;
    let count = 0;
    while (count < this.queue.length && count < MAX_GROUP_APPENDS) {
      bytes += this.queue[count]!.request.bytes;
      if (count > 0 && bytes > MAX_GROUP_BYTES) break;
      count += 1;
    }
    const group = this.queue.splice(0, count);
    for (const { request } of group) this.queuedBytes -= request.bytes;
    return group;
  }

  private async writeGroup(group: readonly Pending[]): Promise<void> {
    try {
      await this.memory.load(group.map(({ request }) => request.stream));
      const entries: LogEntry[] = [];
      const answers: AppendAnswer[] = [];
      // One after the other: each sees what the ones before it have added.
      for (const { request } of group) answers.push(await this.decide(request, entries));
      if (entries.length > 0) await this.connection.insert(entries);
      this.tail.publish(entries);
      group.forEach(({ answer }, i) => answer(answers[i]!));
      this.memory.trim();
    } catch (error) {
      this.memory.clear();
      const reason = error instanceof Error ? error.message : String(error);
      for (const { answer } of group) answer({ kind: 'failed', reason });
    }
  }

  private async decide(request: AppendRequest, entries: LogEntry[]): Promise<AppendAnswer> {
    if (request.deadlineMs < this.nowMs()) return { kind: 'timeout' };
    const knowledge = this.memory.knowledge(request.stream);
    const ids = request.events.map((event) => event.id);
    const decision = await decideAppend(request.expected, ids, knowledge);
    const end = entries.at(-1)?.position ?? this.tail.head;
    switch (decision.kind) {
      case 'wrong':
        return { kind: 'wrong', head: knowledge.head };
      case 'nothing':
        return { kind: 'appended', revision: decision.revision < 0n ? 0n : decision.revision, position: end };
      case 'repeated':
        return { kind: 'appended', ...decision.last };
      case 'write':
        return this.place(request, knowledge.head, end, entries);
    }
  }

  private place(request: AppendRequest, head: bigint, end: bigint, entries: LogEntry[]): AppendAnswer {
    const { stream } = request;
    const createdTicks = BigInt(this.nowMs()) * TICKS_PER_MS;
    let revision = head;
    let position = end;
    for (const event of request.events) {
      revision += 1n;
      position += lengthInLog(stream, event);
      const record = encodeRecord(event, { stream, revision, position, createdTicks });
      const entry = { position, stream, revision, id: event.id, type: event.type, record };
      entries.push(entry);
      this.memory.remember(entry);
    }
    return { kind: 'appended', revision, position };
  }
}
