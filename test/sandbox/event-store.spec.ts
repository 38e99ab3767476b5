import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EventStoreUnavailable } from '../../src/application/ports.js';
import type { NewEvent, StoredEvent } from '../../src/application/ports.js';
import { EsdbEventStore } from '../../src/infrastructure/eventstore/esdb-event-store.js';
import { freePort } from '../../src/sandbox/free-port.js';
import { createTestDatabase } from '../support/postgres.js';
import type { TestDatabase } from '../support/postgres.js';
import { compileEventStore, kill } from './event-store-process.js';
import type { EventStoreProgram } from './event-store-process.js';

/** How long the writers write: a minute and more with EVENT_STORE_SOAK_SECONDS=60. */
const SOAK_SECONDS = Number(process.env['EVENT_STORE_SOAK_SECONDS'] ?? 10);
const WRITERS = 32;

let program: EventStoreProgram;
let database: TestDatabase;
let port: number;
let server: ChildProcess;
let store: EsdbEventStore;

const event = (n: number): NewEvent => ({ id: randomUUID(), type: 'Counted', data: { n }, metadata: {} });

beforeAll(async () => {
  program = await compileEventStore();
}, 60_000);

afterAll(() => program.remove());

async function begin(): Promise<void> {
  database = await createTestDatabase();
  port = await freePort(0, 'the test');
  server = await program.start(database.url, port);
  store = new EsdbEventStore({ connectionString: `esdb://127.0.0.1:${port}?tls=false` });
}

afterEach(async () => {
  await store.close();
  await kill(server);
  await database.drop();
});

/** A restart may take longer than one read waits for, on a machine that is busy. */
async function readPatiently(stream: string): Promise<readonly StoredEvent[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.readStream(stream);
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable) || tries === 5) throw error;
    }
  }
}

/** Appends one event after the other; after an unknown outcome it looks what is there, as `execute` does. */
async function write(stream: string, until: () => boolean): Promise<string[]> {
  const acknowledged: string[] = [];
  while (!until()) {
    const next = event(acknowledged.length);
    const expected = acknowledged.length === 0 ? 'no_stream' : BigInt(acknowledged.length - 1);
    try {
      const answer = await store.append(stream, expected, [next]);
      expect(answer).toMatchObject({ outcome: 'appended', revision: BigInt(acknowledged.length) });
      acknowledged.push(next.id);
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable)) throw error;
      const there = await readPatiently(stream);
      acknowledged.push(...there.slice(acknowledged.length).map(({ id }) => id));
    }
  }
  return acknowledged;
}

describe('the event store in a process of its own', () => {
  it(
    'loses, doubles and reorders nothing that it acknowledged when it is killed under 32 writers',
    async () => {
      await begin();
      const streams = Array.from({ length: WRITERS }, (_, i) => `soak-${i}`);
      const controller = new AbortController();
      const seen: { key: string; position: bigint }[] = [];
      const following = (async () => {
        for await (const batch of store.subscribe({
          after: undefined,
          streamPrefixes: ['soak-'],
          maxBatch: 200,
          signal: controller.signal,
        })) {
          for (const { stream, revision, position } of batch.events)
            seen.push({ key: `${stream}#${revision}`, position });
        }
      })();

      const end = performance.now() + SOAK_SECONDS * 1000;
      const writing = Promise.all(streams.map((stream) => write(stream, () => performance.now() > end)));
      for (const part of [0.25, 0.5, 0.75]) {
        await sleep(Math.max(0, end - SOAK_SECONDS * 1000 * (1 - part) - performance.now()));
        await kill(server);
        server = await program.start(database.url, port);
      }
      const acknowledged = await writing;

      let total = 0;
      for (const [i, stream] of streams.entries()) {
        const events = await store.readStream(stream);
        expect(events.map(({ id }) => id)).toEqual(acknowledged[i]);
        expect(events.map(({ revision }) => revision)).toEqual(events.map((_, n) => BigInt(n)));
        expect(events.map(({ data }) => data['n'])).toEqual(events.map((_, n) => n));
        total += events.length;
      }
      expect(total).toBeGreaterThan(WRITERS * 4);
      for (let i = 0; i < 100 && seen.length < total; i += 1) await sleep(50);
      controller.abort();
      await following;
      expect(seen).toHaveLength(total);
      expect(new Set(seen.map(({ key }) => key)).size).toBe(total);
      expect(seen.every(({ position }, i) => i === 0 || position > seen[i - 1]!.position)).toBe(true);
    },
    SOAK_SECONDS * 1000 + 60_000,
  );

  it('is asked again after an append that got no answer, and has it once', async () => {
    await begin();
    await store.append('slow', 'no_stream', [event(0)]);
    server.kill('SIGSTOP');
    const answer = store.append('slow', 0n, [event(1)]);
    await sleep(3000);
    server.kill('SIGCONT');
    expect(await answer).toMatchObject({ outcome: 'appended', revision: 1n });
    expect(await store.readStream('slow')).toHaveLength(2);
  }, 30_000);

  it('is waited for while it restarts, and is unavailable after that', async () => {
    await begin();
    await store.append('gone', 'no_stream', [event(0)]);
    await kill(server);
    await expect(store.ping()).rejects.toThrow(EventStoreUnavailable);
    const startedMs = performance.now();
    await expect(store.append('gone', 0n, [event(1)])).rejects.toThrow(EventStoreUnavailable);
    const waitedMs = performance.now() - startedMs;
    expect(waitedMs).toBeGreaterThan(3000);
    expect(waitedMs).toBeLessThan(9000);

    const reading = store.readStream('gone');
    await sleep(500);
    server = await program.start(database.url, port);
    expect(await reading).toHaveLength(1);
    expect(await store.append('gone', 0n, [event(1)])).toMatchObject({ outcome: 'appended', revision: 1n });
  }, 60_000);

  it('goes on when PostgreSQL cuts its connections', async () => {
    await begin();
    await store.append('cut', 'no_stream', [event(0)]);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await client.end();
    expect(await store.append('cut', 0n, [event(1)])).toMatchObject({ outcome: 'appended', revision: 1n });
    expect(await store.readStream('cut')).toHaveLength(2);
  }, 30_000);

  it('finishes what it has begun when it is asked to stop', async () => {
    await begin();
    const pending = Array.from({ length: 10 }, (_, i) => store.append(`stopping-${i}`, 'no_stream', [event(i)]));
    await kill(server, 'SIGTERM');
    expect(server.exitCode).toBe(0);
    server = await program.start(database.url, port);
    const answers = await Promise.all(pending);
    expect(answers.every(({ outcome }) => outcome === 'appended')).toBe(true);
    for (let i = 0; i < 10; i += 1) expect(await store.readStream(`stopping-${i}`)).toHaveLength(1);
  }, 30_000);
});
