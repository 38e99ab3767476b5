import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { EventStore, NewEvent, StoredEvent, SubscriptionBatch } from '../../src/application/ports.js';
import { describeAppends, newEvents, newStream } from './event-store-appends.contract.js';

/** A store for the suite, and how to be rid of it. */
export interface StoreUnderTest {
  readonly store: EventStore;
  stop(): Promise<void>;
}

/** Takes from a subscription until `enough`, then ends it. */
async function follow(
  store: EventStore,
  from: { after: bigint | undefined; streamPrefixes: readonly string[]; maxBatch?: number },
  enough: (events: readonly StoredEvent[], batch: SubscriptionBatch) => boolean,
): Promise<{ events: StoredEvent[]; batches: SubscriptionBatch[] }> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 15_000);
  const events: StoredEvent[] = [];
  const batches: SubscriptionBatch[] = [];
  for await (const batch of store.subscribe({ maxBatch: 100, ...from, signal: controller.signal })) {
    batches.push(batch);
    events.push(...batch.events);
    if (enough(events, batch)) controller.abort();
  }
  clearTimeout(timer);
  return { events, batches };
}

const names = (events: readonly StoredEvent[]): string[] => events.map((e) => `${e.stream}#${e.revision}`);

/** What every store that the application may be given has to do. */
export function eventStoreContract(make: () => Promise<StoreUnderTest>): void {
  let store: EventStore;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ store, stop } = await make());
  }, 60_000);
  afterAll(() => stop());

  const append = (stream: string, expected: bigint | 'no_stream', events: readonly NewEvent[] | number) =>
    store.append(stream, expected, typeof events === 'number' ? newEvents(events) : events);
  const count = async (stream: string): Promise<number> => (await store.readStream(stream)).length;

  describeAppends(() => store);

  describe('readStream', () => {
    it('gives back what was appended, to the letter', async () => {
      const s = newStream();
      const given = {
        id: randomUUID(),
        type: 'Übertragen €',
        data: { a: 1, b: 'ü "\\ \u2028', c: null, d: [1, { e: -2.5 }], f: true, g: '' },
        metadata: { hash: 'x', nested: { n: [null] } },
      };
      const before = Date.now();
      await append(s, 'no_stream', [given]);
      const [got] = await store.readStream(s);
      expect(got).toMatchObject({ ...given, stream: s, revision: 0n });
      expect(typeof got!.position).toBe('bigint');
      expect(Math.abs(got!.created.getTime() - before)).toBeLessThan(60_000);
    });

    it('is empty for a stream that is not there, and past the end of one that is', async () => {
      const s = newStream();
      expect(await store.readStream(s)).toEqual([]);
      await append(s, 'no_stream', 2);
      expect(await store.readStream(s, 9n)).toEqual([]);
    });

    it('begins at the revision that is asked for', async () => {
      const s = newStream();
      await append(s, 'no_stream', 5);
      expect((await store.readStream(s, 2n)).map((e) => e.revision)).toEqual([2n, 3n, 4n]);
    });

    it('keeps streams apart whose names look alike', async () => {
      const s = newStream();
      await append(s, 'no_stream', 1);
      await append(`${s}-`, 'no_stream', 2);
      await append(`${s} /é:"'%\n`, 'no_stream', 3);
      expect([await count(s), await count(`${s}-`), await count(`${s} /é:"'%\n`)]).toEqual([1, 2, 3]);
    });
  });

  describe('positions', () => {
    it('finds the event that begins at a position, and none where none begins', async () => {
      const s = newStream();
      await append(s, 'no_stream', 2);
      const [first, second] = await store.readStream(s);
      expect(await store.eventAt(first!.position)).toEqual(first);
      expect(await store.eventAt(second!.position)).toEqual(second);
      expect(await store.eventAt(second!.position + 1_000_000_000n)).toBeUndefined();
    });

    it('says the last position, which rises with every append', async () => {
      const s = newStream();
      const one = await append(s, 'no_stream', 1);
      const afterOne = await store.lastPosition();
      const two = await append(s, 0n, 1);
      if (one.outcome !== 'appended' || two.outcome !== 'appended') throw new Error('not appended');
      expect(afterOne! >= one.position).toBe(true);
      expect(two.position > one.position).toBe(true);
      expect((await store.lastPosition())! >= two.position).toBe(true);
    });

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });

  describe('subscribe', () => {
    it('gives what is there, says that it has caught up, and goes on with what comes', async () => {
      const s = newStream();
      await append(s, 'no_stream', 2);
      let went = false;
      const { events, batches } = await follow(store, { after: undefined, streamPrefixes: [s] }, (seen, batch) => {
        if (batch.caughtUp && !went) {
          went = true;
          expect(seen).toHaveLength(2);
          void append(s, 1n, 2);
        }
        return seen.length === 4;
      });
      expect(events.map((e) => e.revision)).toEqual([0n, 1n, 2n, 3n]);
      expect(batches.at(-1)!.position).toBe(events[3]!.position);
    });

    it('begins after the position, and takes all streams of all prefixes in the order of the log', async () => {
      const s = newStream();
      await append(`${s}-a`, 'no_stream', 2);
      const [first] = await store.readStream(`${s}-a`);
      await append(`${s}-b`, 'no_stream', 1);
      await append(`${s}-c`, 'no_stream', 1);
      await append(`${s}-a`, 1n, 1);
      const { events } = await follow(
        store,
        { after: first!.position, streamPrefixes: [`${s}-a`, `${s}-c`] },
        (seen) => seen.length === 3,
      );
      expect(names(events)).toEqual([`${s}-a#1`, `${s}-c#0`, `${s}-a#2`]);
    });

    it('says that it has caught up where nothing matches, and moves its position on', async () => {
      const s = newStream();
      await append(s, 'no_stream', 1);
      const from = (await store.readStream(s))[0]!.position;
      await append(s, 0n, 1000);
      await append(s, 1000n, 1000);
      const { batches } = await follow(
        store,
        { after: from, streamPrefixes: [`none-${s}`] },
        (_, batch) => batch.caughtUp && batch.position > from,
      );
      expect(batches.flatMap((b) => b.events)).toEqual([]);
      expect(batches.at(-1)!.position).toBeGreaterThan(from);
    });

    it('misses and repeats nothing when it is taken up again after any batch', async () => {
      const s = newStream();
      const from = await store.lastPosition();
      await append(s, 'no_stream', 250);
      await append(`other-${s}`, 'no_stream', 100);
      await append(s, 249n, 50);
      const seen: bigint[] = [];
      let after = from;
      while (seen.length < 300) {
        const { events, batches } = await follow(store, { after, streamPrefixes: [s], maxBatch: 40 }, () => true);
        seen.push(...events.map((e) => e.revision));
        after = batches[0]!.position;
      }
      expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => BigInt(n)));
    });

    it('never gives more than the largest batch, and waits for a slow reader', async () => {
      const s = newStream();
      const from = await store.lastPosition();
      await append(s, 'no_stream', 500);
      const controller = new AbortController();
      const seen: bigint[] = [];
      for await (const batch of store.subscribe({
        after: from,
        streamPrefixes: [s],
        maxBatch: 7,
        signal: controller.signal,
      })) {
        expect(batch.events.length).toBeLessThanOrEqual(7);
        seen.push(...batch.events.map((e) => e.revision));
        if (seen.length % 70 === 0) await new Promise((resume) => setTimeout(resume, 20));
        if (seen.length >= 500) controller.abort();
      }
      expect(seen).toEqual(Array.from({ length: 500 }, (_, n) => BigInt(n)));
    });

    it('gives every event of parallel writers once, in rising position', async () => {
      const s = newStream();
      const from = await store.lastPosition();
      const following = follow(store, { after: from, streamPrefixes: [s] }, (seen) => seen.length === 400);
      await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          for (let n = 0; n < 20; n += 1) {
            const answer = await append(`${s}-${i}`, n === 0 ? 'no_stream' : BigInt(n - 1), 1);
            expect(answer.outcome).toBe('appended');
          }
        }),
      );
      const { events } = await following;
      expect(new Set(names(events)).size).toBe(400);
      expect(events.every((e, i) => i === 0 || e.position > events[i - 1]!.position)).toBe(true);
    });

    it('ends at once when it is told to, also while it waits', async () => {
      const s = newStream();
      const controller = new AbortController();
      const ended = (async () => {
        for await (const batch of store.subscribe({
          after: await store.lastPosition(),
          streamPrefixes: [s],
          maxBatch: 10,
          signal: controller.signal,
        })) {
          if (batch.caughtUp) setTimeout(() => controller.abort(), 20);
        }
        return 'ended';
      })();
      await expect(ended).resolves.toBe('ended');
    });
  });
}
