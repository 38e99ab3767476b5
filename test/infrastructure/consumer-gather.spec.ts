import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { StoredEvent, SubscriptionBatch } from '../../src/application/ports.js';
import { gather } from '../../src/infrastructure/postgres/log-consumer/gather.js';
import { Pace } from '../../src/infrastructure/postgres/log-consumer/pace.js';

function event(position: bigint): StoredEvent {
  const created = new Date('2026-11-20T12:00:00.000Z');
  return {
    id: String(position),
    type: 'T',
    data: {},
    metadata: {},
    stream: 's',
    revision: position,
    position,
    created,
  };
}

/** Hands out single events; `caughtUp` from the one of this position on. */
async function* single(count: bigint, caughtUpFrom: bigint): AsyncGenerator<SubscriptionBatch> {
  for (let position = 1n; position <= count; position += 1n) {
    yield { events: [event(position)], position, caughtUp: position >= caughtUpFrom };
  }
}

async function all(batches: AsyncIterable<SubscriptionBatch>): Promise<SubscriptionBatch[]> {
  const taken: SubscriptionBatch[] = [];
  for await (const batch of batches) taken.push(batch);
  return taken;
}

describe('batches of a reader that is behind', () => {
  it('are put together, in order, with the position of the last', async () => {
    const batches = await all(gather(single(10n, 100n), 4));
    expect(batches.map(({ events }) => events.length)).toEqual([4, 4, 2]);
    expect(batches.map(({ position }) => position)).toEqual([4n, 8n, 10n]);
    expect(batches.flatMap(({ events }) => events.map(({ position }) => position))).toEqual(
      Array.from({ length: 10 }, (_, index) => BigInt(index + 1)),
    );
  });

  it('are handed on when nothing more comes, and what comes later is not lost', async () => {
    async function* slow(): AsyncGenerator<SubscriptionBatch> {
      yield* single(1n, 100n);
      await sleep(100);
      yield { events: [event(2n)], position: 2n, caughtUp: true };
    }
    const batches = await all(gather(slow(), 10));
    expect(batches.map(({ position, caughtUp }) => [position, caughtUp])).toEqual([
      [1n, false],
      [2n, true],
    ]);
  });

  it('end with the news that the reader has caught up', async () => {
    const batches = await all(gather(single(5n, 3n), 100));
    expect(batches.map(({ position, caughtUp }) => [position, caughtUp])).toEqual([
      [3n, true],
      [4n, true],
      [5n, true],
    ]);
  });

  it('are put together at the end of the log for as long as the reader rests', async () => {
    let isResting = true;
    async function* steady(): AsyncGenerator<SubscriptionBatch> {
      yield* single(3n, 1n);
      await sleep(40);
      yield { events: [event(4n)], position: 4n, caughtUp: true };
      isResting = false;
      await sleep(100);
      yield { events: [event(5n)], position: 5n, caughtUp: true };
    }
    const batches = await all(gather(steady(), 10, () => isResting));
    expect(batches.map(({ events, position }) => [events.length, position])).toEqual([
      [4, 4n],
      [1, 5n],
    ]);
  });

  it('are handed on when the source ends while the reader rests', async () => {
    const batches = await all(gather(single(2n, 1n), 10, () => true));
    expect(batches.map(({ position }) => position)).toEqual([2n]);
  });

  it('are handed on before the source fails', async () => {
    async function* broken(): AsyncGenerator<SubscriptionBatch> {
      yield* single(1n, 1n);
      throw new Error('gone');
    }
    const batches = gather(broken(), 10);
    expect((await batches.next()).value).toMatchObject({ position: 1n });
    await expect(batches.next()).rejects.toThrow('gone');
  });
});

describe('the pace of a reader', () => {
  it('rests while it works and a while longer, not before its first work, and after a failure as well', async () => {
    const pace = new Pace();
    expect(pace.isResting()).toBe(false);
    await pace.keep(async () => {
      expect(pace.isResting()).toBe(true);
      await sleep(20);
    });
    expect(pace.isResting()).toBe(true);
    await sleep(60);
    expect(pace.isResting()).toBe(false);
    await expect(pace.keep(() => sleep(5).then(() => Promise.reject(new Error('gone'))))).rejects.toThrow('gone');
    await sleep(60);
    expect(pace.isResting()).toBe(false);
  });
});
