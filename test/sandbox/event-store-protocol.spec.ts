import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANY,
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  STREAM_EXISTS,
} from '@eventstore/db-client';
import type { AppendExpectedRevision, EventData, Filter, ResolvedEvent } from '@eventstore/db-client';
import { startEventStore } from '../../src/sandbox/event-store/server.js';
import type { RunningEventStore } from '../../src/sandbox/event-store/server.js';
import { createTestDatabase } from '../support/postgres.js';
import type { TestDatabase } from '../support/postgres.js';

// What the unmodified client sees beyond what our own port asks for: as an EventStoreDB 23.10 answers it.

let database: TestDatabase;
let server: RunningEventStore;
let client: EventStoreDBClient;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startEventStore({ databaseUrl: database.url, port: 0 });
  client = EventStoreDBClient.connectionString(server.url);
}, 60_000);

afterAll(async () => {
  await client.dispose();
  await server.stop();
  await database.drop();
});

const name = (): string => `s${randomUUID().replaceAll('-', '')}`;
const events = (count: number): EventData[] =>
  Array.from({ length: count }, (_, n) => jsonEvent({ type: 'Happened', data: { n } }));

async function append(stream: string, what: EventData[] | number, expectedRevision: AppendExpectedRevision = ANY) {
  try {
    const answer = await client.appendToStream(stream, typeof what === 'number' ? events(what) : what, {
      expectedRevision: expectedRevision as bigint,
    });
    return answer.nextExpectedRevision;
  } catch (error) {
    const { type, actualVersion } = error as { type: string; actualVersion?: bigint | string };
    return actualVersion === undefined ? type : `${type}: ${actualVersion}`;
  }
}

async function revisions(stream: string, options: Parameters<EventStoreDBClient['readStream']>[1] = {}) {
  const got: number[] = [];
  try {
    for await (const { event } of client.readStream(stream, options)) got.push(Number(event!.revision));
  } catch (error) {
    const { type, code } = error as { type: string; code?: number };
    return code === undefined ? type : `${type} ${code}`;
  }
  return got;
}

describe('BatchAppend', () => {
  it('checks "any" and "stream exists"', async () => {
    const s = name();
    expect(await append(s, 1, STREAM_EXISTS)).toBe('wrong-expected-version: no_stream');
    expect(await append(s, 2, ANY)).toBe(1n);
    expect(await append(s, 1, STREAM_EXISTS)).toBe(2n);
  });

  it('recognises a repeat without a revision, if it is the same events in the same order', async () => {
    const s = name();
    const two = events(2);
    await append(s, two, ANY);
    await append(s, 3, ANY);
    expect(await append(s, two, ANY)).toBe(1n);
    expect(await append(s, two, STREAM_EXISTS)).toBe(1n);
    expect(await append(s, [...two, ...events(1)], ANY)).toBe('wrong-expected-version: 4');
    expect(await revisions(s)).toHaveLength(5);
  });

  it('remembers ids over a restart', async () => {
    const own = await createTestDatabase();
    const [s, two] = [name(), events(2)];
    for (const round of [1, 2]) {
      const other = await startEventStore({ databaseUrl: own.url, port: 0 });
      const asking = EventStoreDBClient.connectionString(other.url);
      const answer = await asking.appendToStream(s, two, { expectedRevision: ANY });
      expect([round, answer.nextExpectedRevision]).toEqual([round, 1n]);
      await asking.dispose();
      await other.stop();
    }
    await own.drop();
  });

  it('writes an id twice that is twice in one append, and the same id in two streams', async () => {
    const [s, [one]] = [name(), events(1)];
    expect(await append(s, [one!, one!], NO_STREAM)).toBe(1n);
    expect(await append(`${s}-b`, [one!], NO_STREAM)).toBe(0n);
  });

  it('takes an append of nothing as a success that makes no stream', async () => {
    const s = name();
    expect(await append(s, [], NO_STREAM)).toBe(0n);
    expect(await revisions(s)).toBe('stream-not-found');
    await append(s, 2);
    expect(await append(s, [], 1n)).toBe(1n);
    expect(await append(s, [], 0n)).toBe('wrong-expected-version: 1');
  });

  it('takes nothing of more than 1 MiB, in one event or in many, and goes on', async () => {
    const s = name();
    const large = (kib: number): EventData => binaryEvent({ type: 'Large', data: Buffer.alloc(kib * 1024, 7) });
    expect(await append(s, [large(1100)], NO_STREAM)).toBe('maximum-append-size-exceeded');
    expect(await append(s, [large(4096)], NO_STREAM)).toBe('maximum-append-size-exceeded');
    expect(
      await append(
        s,
        Array.from({ length: 11 }, () => large(100)),
        NO_STREAM,
      ),
    ).toBe('maximum-append-size-exceeded');
    expect(await revisions(s)).toBe('stream-not-found');
    expect(await append(s, [large(900)], NO_STREAM)).toBe(0n);
  });

  it('puts an append together that arrives in small pieces', async () => {
    const s = name();
    await client.appendToStream(s, events(20), { expectedRevision: NO_STREAM, batchAppendSize: 64 });
    expect(await revisions(s)).toHaveLength(20);
  });

  it('refuses a stream without a name', async () => {
    expect(await append('', 1)).toBe('unknown');
  });

  it('keeps characters that PostgreSQL has no text for', async () => {
    const s = `${name()}\0odd`;
    expect(await append(s, [jsonEvent({ type: 'T\0', data: { text: '\0' } })], NO_STREAM)).toBe(0n);
    for await (const { event } of client.readStream(s)) {
      expect(event).toMatchObject({ streamId: s, type: 'T\0', data: { text: '\0' } });
    }
  });

  it('keeps bytes as bytes, and text as it was', async () => {
    const s = name();
    await append(s, [
      binaryEvent({ type: 'B', data: Buffer.from([0, 1, 255]), metadata: Buffer.from([9]) }),
      jsonEvent({ type: 'T'.repeat(2000), data: [] }),
    ]);
    const got: ResolvedEvent[] = [];
    for await (const read of client.readStream(s)) got.push(read);
    expect(Buffer.from(got[0]!.event!.data as Uint8Array)).toEqual(Buffer.from([0, 1, 255]));
    expect(Buffer.from(got[0]!.event!.metadata as Uint8Array)).toEqual(Buffer.from([9]));
    expect(got[0]!.event!.isJson).toBe(false);
    expect(got[1]!.event).toMatchObject({ type: 'T'.repeat(2000), data: [], isJson: true });
  });
});

describe('Read', () => {
  it('reads a stream both ways, from anywhere, as many as asked for', async () => {
    const s = name();
    await append(s, 5);
    const down = { direction: BACKWARDS } as const;
    expect(await revisions(s, { maxCount: 2 })).toEqual([0, 1]);
    expect(await revisions(s, { maxCount: 0 })).toBe('unknown 2');
    expect(await revisions(s, { fromRevision: END })).toBe('unknown 2');
    expect(await revisions(s, { fromRevision: 9n })).toEqual([]);
    expect(await revisions(s, { ...down, fromRevision: END })).toEqual([4, 3, 2, 1, 0]);
    expect(await revisions(s, { ...down, fromRevision: 3n, maxCount: 2 })).toEqual([3, 2]);
    expect(await revisions(s, { ...down, fromRevision: 9n })).toEqual([4, 3, 2, 1, 0]);
    expect(await revisions(s, { ...down, fromRevision: START })).toEqual([0]);
    expect(await revisions(name(), { ...down, fromRevision: END })).toBe('stream-not-found');
  });

  it('reads the log forwards from a position with it, backwards without it', async () => {
    const s = name();
    await append(s, 3);
    const positions: bigint[] = [];
    for await (const { event } of client.readStream(s)) positions.push(event!.position!.commit);
    const from = { commit: positions[1]!, prepare: positions[1]! };
    const got: string[] = [];
    for await (const { event } of client.readAll({ fromPosition: from }))
      got.push(`${event!.streamId}#${event!.revision}`);
    for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: from, maxCount: 1 })) {
      got.push(`${event!.streamId}#${event!.revision}`);
    }
    expect(got).toEqual([`${s}#1`, `${s}#2`, `${s}#0`]);
    const nowhere = async (): Promise<void> => {
      for await (const _ of client.readAll({ fromPosition: { commit: positions[1]! + 1n, prepare: 0n } })) void _;
    };
    await expect(nowhere()).rejects.toMatchObject({ type: 'unknown', code: 2 });
  });

  it('says of everything else that it does not do it', async () => {
    await expect(client.deleteStream(name())).rejects.toMatchObject({
      code: 12,
      message: expect.stringContaining('stand-in of EventStoreDB does not implement Delete'),
    });
  });
});

describe('subscriptions', () => {
  it('follow one stream that is not there yet, and end for one that is shorter than asked for', async () => {
    const s = name();
    const seen: number[] = [];
    const waiting = client.subscribeToStream(s, { fromRevision: START });
    waiting.on('data', ({ event }) => seen.push(Number(event!.revision)));
    await new Promise((live) => waiting.once('caughtUp', live));
    await append(s, 3);
    for (let i = 0; i < 100 && seen.length < 3; i += 1) await sleep(10);
    await waiting.unsubscribe();
    expect(seen).toEqual([0, 1, 2]);

    const past = client.subscribeToStream(s, { fromRevision: 9n });
    const got: unknown[] = [];
    for await (const read of past) got.push(read);
    expect(got).toEqual([]);
  });

  it('filter by type and by expression', async () => {
    const s = name();
    await append(
      s,
      [`A${s}`, `B${s}`, `A${s}2`].map((type) => jsonEvent({ type, data: {} })),
    );
    const filters: Filter[] = [
      { filterOn: 'eventType', prefixes: [`A${s}`], checkpointInterval: 1 },
      { filterOn: 'eventType', regex: `^B${s}$`, checkpointInterval: 1 },
      { filterOn: 'streamName', regex: `^${s}$`, checkpointInterval: 1 },
    ];
    const got: number[][] = [];
    for (const filter of filters) {
      const seen: number[] = [];
      const subscription = client.subscribeToAll({ filter });
      subscription.on('data', ({ event }) => seen.push(Number(event!.revision)));
      await new Promise((live) => subscription.once('caughtUp', live));
      await sleep(20);
      await subscription.unsubscribe();
      got.push(seen);
    }
    expect(got).toEqual([[0, 2], [1], [0, 1, 2]]);
  });

  it('accept a position past the end in silence and give what comes', async () => {
    const far = { commit: 1_000_000_000_000n, prepare: 1_000_000_000_000n };
    const [s, seen] = [name(), [] as string[]];
    const subscription = client.subscribeToAll({ fromPosition: far });
    subscription.on('data', ({ event }) => seen.push(`${event!.streamId}#${event!.revision}`));
    await new Promise((live) => subscription.once('caughtUp', live));
    await append(s, 1);
    for (let i = 0; i < 100 && seen.length < 1; i += 1) await sleep(10);
    await subscription.unsubscribe();
    expect(seen).toEqual([`${s}#0`]);
  });

  it('wait for a reader who stops reading: it falls behind and misses nothing', async () => {
    const s = name();
    const subscription = client.subscribeToStream(s, { fromRevision: START });
    let fellBehind = false;
    subscription.on('fellBehind' as 'caughtUp', () => {
      fellBehind = true;
    });
    await new Promise((live) => subscription.once('caughtUp', live));
    for (let i = 0; i < 12; i += 1) await append(s, 1000);
    const seen: number[] = [];
    for await (const { event } of subscription) {
      seen.push(Number(event!.revision));
      if (seen.length === 12_000) break;
    }
    expect(seen.every((revision, n) => revision === n)).toBe(true);
    expect(seen).toHaveLength(12_000);
    expect(fellBehind).toBe(true);
  }, 60_000);
});

describe('one writer', () => {
  it('is guaranteed: a second server on the same database says so and does not start', async () => {
    await expect(startEventStore({ databaseUrl: database.url, port: 0, lockWaitMs: 200 })).rejects.toThrow(
      'Another event store already writes to this database',
    );
    expect(await append(name(), 1)).toBe(0n);
  });

  it('names the port that is taken', async () => {
    const own = await createTestDatabase();
    const port = Number(new URL(server.url).port);
    await expect(startEventStore({ databaseUrl: own.url, port })).rejects.toThrow(`Port ${port}`);
    await own.drop();
  });
});
