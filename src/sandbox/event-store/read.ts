import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { streamName } from './batch-append.js';
import { Outlet, streamNotFound } from './outlet.js';
import type { ReadCall } from './outlet.js';
import { PageSize } from './page-size.js';
import type { Filter, LogReader, LogSlice } from './storage.js';
import { LogSubscription } from './log-subscription.js';
import { StreamSubscription } from './stream-subscription.js';
import type { Tail } from './tail.js';

const LARGEST = 0x7fffffffffffffffn;
/** The server's search window where the client asks for none. */
const DEFAULT_WINDOW = 32;

/** A request that the server answers with an error of the whole call. */
class ReadRefused extends Error {
  override readonly name = 'ReadRefused';

  constructor(
    readonly code: status,
    message: string,
  ) {
    super(message);
  }
}

/** Makes the handler of `Read`: pages of a stream or of the log, and subscriptions to either. */
export function readHandler(reader: LogReader, tail: Tail): (call: ReadCall) => void {
  return (call) => {
    const outlet = new Outlet(call);
    serve(call.request, outlet, reader, tail).then(
      () => outlet.end(),
      (error: unknown) => {
        if (error instanceof ReadRefused) outlet.fail(error.code, error.message);
        // The storage is away: the client may try again.
        else outlet.fail(status.UNAVAILABLE, 'The log cannot be read at the moment.');
      },
    );
  };
}

async function serve(request: ReadReq, outlet: Outlet, reader: LogReader, tail: Tail): Promise<void> {
  const options = request.getOptions();
  if (!options) throw new ReadRefused(status.INVALID_ARGUMENT, 'The request has no options.');
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const stream = options.getStream();
  if (options.hasSubscription()) {
    const id = randomUUID();
    if (!stream) await subscribeToLog(options, id, outlet, reader, tail);
    else await subscribeToStream(stream, id, outlet, reader, tail);
    return;
  }
  const count = BigInt(options.getCount());
  if (count === 0n) throw new ReadRefused(status.UNKNOWN, 'The count must be at least one.');
  if (stream) await readStream(stream, backwards, count, outlet, reader);
  else await readLog(options, backwards, count, outlet, reader, tail);
}

async function readStream(
  options: ReadReq.Options.StreamOptions,
  backwards: boolean,
  count: bigint,
  outlet: Outlet,
  reader: LogReader,
): Promise<void> {
  const stream = streamName(options.getStreamIdentifier());
  if (options.hasEnd() && !backwards) {
    throw new ReadRefused(status.UNKNOWN, 'A stream cannot be read forwards from its end.');
  }
  let from = options.hasRevision() ? clamp(options.getRevision()) : options.hasEnd() ? LARGEST : 0n;
  let left = count;
  const pages = new PageSize();
  for (let first = true; left > 0n && from >= 0n && !outlet.closed; first = false) {
    const limit = left < BigInt(pages.limit) ? Number(left) : pages.limit;
    const page = await reader.stream(stream, from, backwards, limit);
    const last = page.at(-1);
    if (first && !last && (await reader.heads([stream]))[0]! < 0n) await outlet.send(streamNotFound(stream));
    for (const { record } of page) if (!outlet.push(record)) await outlet.room();
    if (!last || page.length < limit) return;
    left -= BigInt(page.length);
    from = backwards ? last.revision - 1n : last.revision + 1n;
    pages.learn(page.length, bytesOf(page));
  }
}

async function readLog(
  options: ReadReq.Options,
  backwards: boolean,
  count: bigint,
  outlet: Outlet,
  reader: LogReader,
  tail: Tail,
): Promise<void> {
  const all = options.getAll();
  const filter = options.getFilter() ? parseFilter(options.getFilter()!) : undefined;
  let from: bigint;
  if (all?.hasPosition()) {
    const position = BigInt(all.getPosition()!.getCommitPosition());
    if (!(await reader.hasPosition(position))) {
      throw new ReadRefused(status.UNKNOWN, `No event begins at position ${position}.`);
    }
    // Forwards the event at the position is the first one, backwards the one before it.
    from = backwards ? position : position - 1n;
  } else if (all?.hasEnd()) {
    from = backwards ? LARGEST : tail.head;
    if (!backwards) return;
  } else {
    from = 0n;
  }
  let left = count;
  const pages = new PageSize();
  let next: Promise<LogSlice[]> | undefined = reader.log(from, backwards, pages.limit, filter);
  while (next && left > 0n && !outlet.closed) {
    const limit = pages.limit;
    const page: LogSlice[] = await next;
    pages.learn(page.length, bytesOf(page));
    const last = page.at(-1);
    // The next page is fetched while this one is sent.
    const more = page.length === limit && left > BigInt(limit);
    next = last && more ? reader.log(last.position, backwards, pages.limit, filter) : undefined;
    next?.catch(() => undefined);
    for (const { record } of page) {
      if (!record || left === 0n) continue;
      left -= 1n;
      if (!outlet.push(record)) await outlet.room();
    }
    if (!next && last && page.length === limit && left > 0n) {
      next = reader.log(last.position, backwards, pages.limit, filter);
    }
  }
}

async function subscribeToStream(
  options: ReadReq.Options.StreamOptions,
  id: string,
  outlet: Outlet,
  reader: LogReader,
  tail: Tail,
): Promise<void> {
  const stream = streamName(options.getStreamIdentifier());
  const head = (await reader.heads([stream]))[0]!;
  const after = options.hasRevision() ? clamp(options.getRevision()) : options.hasEnd() ? head : -1n;
  await new StreamSubscription(outlet, reader, tail, stream, after).run(id, head >= 0n && after > head);
}

async function subscribeToLog(
  options: ReadReq.Options,
  id: string,
  outlet: Outlet,
  reader: LogReader,
  tail: Tail,
): Promise<void> {
  const all = options.getAll();
  const filterOptions = options.getFilter();
  const filter = filterOptions ? parseFilter(filterOptions) : undefined;
  const window = filterOptions?.hasMax() ? filterOptions.getMax() : DEFAULT_WINDOW;
  const interval = filterOptions ? window * Math.max(1, filterOptions.getCheckpointintervalmultiplier()) : undefined;
  let after = 0n;
  if (all?.hasEnd()) after = tail.head;
  else if (all?.hasPosition()) after = BigInt(all.getPosition()!.getCommitPosition());
  // A position past the end is accepted in silence: what counts is what comes from now on.
  if (after > tail.head) after = tail.head;
  await new LogSubscription(outlet, reader, tail, filter, interval).run(id, after);
}

function parseFilter(options: ReadReq.Options.FilterOptions): Filter {
  const expression = options.getStreamIdentifier() ?? options.getEventType();
  const source = expression?.getRegex() ?? '';
  const prefixes = expression?.getPrefixList() ?? [];
  if (source === '' && prefixes.length === 0) {
    throw new ReadRefused(status.INVALID_ARGUMENT, 'The filter has neither a prefix nor an expression.');
  }
  const on = options.hasStreamIdentifier() ? 'stream' : 'type';
  try {
    return { on, prefixes, regex: source === '' ? undefined : new RegExp(source) };
  } catch {
    throw new ReadRefused(status.INVALID_ARGUMENT, 'The filter has an expression that cannot be read.');
  }
}

function clamp(value: string): bigint {
  const number = BigInt(value);
  return number > LARGEST ? LARGEST : number;
}

function bytesOf(page: readonly { record: Buffer | undefined }[]): number {
  return page.reduce((sum, { record }) => sum + (record?.length ?? 0), 0);
}
