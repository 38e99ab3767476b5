import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AppendRejected } from '../../src/application/ports.js';
import type { EventStore, NewEvent } from '../../src/application/ports.js';

export function newEvents(count: number, type = 'Happened'): NewEvent[] {
  return Array.from({ length: count }, (_, n) => ({
    id: randomUUID(),
    type,
    data: { n },
    metadata: { cause: 'test' },
  }));
}

/** A name that no other run has used, so that the suite also runs on a server that is in use. */
export function newStream(): string {
  return `contract${randomUUID().replaceAll('-', '')}`;
}

/** What every store has to do with an append. */
export function describeAppends(getStore: () => EventStore): void {
  const append = (stream: string, expected: bigint | 'no_stream', events: readonly NewEvent[] | number) =>
    getStore().append(stream, expected, typeof events === 'number' ? newEvents(events) : events);
  const count = async (stream: string): Promise<number> => (await getStore().readStream(stream)).length;

  describe('append', () => {
    it('answers the revision and the position of its last event', async () => {
      const s = newStream();
      const answer = await append(s, 'no_stream', 3);
      const written = await getStore().readStream(s);
      expect(answer).toEqual({ outcome: 'appended', revision: 2n, position: written[2]!.position });
      expect(await append(s, 2n, 1)).toMatchObject({ outcome: 'appended', revision: 3n });
    });

    it('writes nothing at a wrong revision and answers the present one', async () => {
      const s = newStream();
      expect(await append(s, 0n, 1)).toEqual({ outcome: 'wrong_revision', actual: 'no_stream' });
      await append(s, 'no_stream', 2);
      for (const expected of ['no_stream', 0n, 7n] as const) {
        expect(await append(s, expected, 1)).toEqual({ outcome: 'wrong_revision', actual: 1n });
      }
      expect(await count(s)).toBe(2);
    });

    it('lets one of two win that expect the same revision at once', async () => {
      const s = newStream();
      await append(s, 'no_stream', 1);
      const answers = await Promise.all([append(s, 0n, 1), append(s, 0n, 1)]);
      expect(answers.map((a) => a.outcome).sort()).toEqual(['appended', 'wrong_revision']);
      expect(await count(s)).toBe(2);
    });

    it('recognises a retry by the same ids at the same revision, also after later events', async () => {
      const s = newStream();
      const events = newEvents(2);
      const first = await append(s, 'no_stream', events);
      expect(await append(s, 'no_stream', events)).toEqual(first);
      const later = newEvents(3);
      const second = await append(s, 1n, later);
      expect(await append(s, 'no_stream', events)).toEqual(first);
      expect(await append(s, 1n, later)).toEqual(second);
      expect(await count(s)).toBe(5);
    });

    it('recognises a retry that arrives beside the first try', async () => {
      const s = newStream();
      const events = newEvents(2);
      const answers = await Promise.all([1, 2, 3].map(() => append(s, 'no_stream', events)));
      expect(answers.map((a) => a.outcome)).toEqual(['appended', 'appended', 'appended']);
      expect(await count(s)).toBe(2);
    });

    it('takes no other events for a retry', async () => {
      const s = newStream();
      const events = newEvents(3);
      await append(s, 'no_stream', events);
      const wrong = { outcome: 'wrong_revision', actual: 2n };
      expect(await append(s, 'no_stream', events.slice(2))).toEqual(wrong);
      expect(await append(s, 'no_stream', [...events].reverse())).toEqual(wrong);
      expect(await append(s, 'no_stream', [...events, ...newEvents(1)])).toEqual(wrong);
      expect(await append(s, 'no_stream', events.slice(0, 1))).toMatchObject({ outcome: 'appended', revision: 0n });
      expect(await count(s)).toBe(3);
    });

    it('writes a known id again at the present revision: ids protect a retry, not a repeat', async () => {
      const s = newStream();
      const events = newEvents(1);
      await append(s, 'no_stream', events);
      expect(await append(s, 0n, events)).toMatchObject({ outcome: 'appended', revision: 1n });
      expect(await count(s)).toBe(2);
    });

    it('takes a thousand events at once, and the order is kept', async () => {
      const s = newStream();
      expect(await append(s, 'no_stream', 1000)).toMatchObject({ revision: 999n });
      expect((await getStore().readStream(s)).map((e) => e.data['n'])).toEqual(
        Array.from({ length: 1000 }, (_, n) => n),
      );
    });

    it('refuses more than 1,000,000 bytes whole, and goes on', async () => {
      const s = newStream();
      const large = { id: randomUUID(), type: 'Large', data: { text: 'x'.repeat(400_000) }, metadata: {} };
      await expect(
        append(s, 'no_stream', [large, { ...large, id: randomUUID() }, { ...large, id: randomUUID() }]),
      ).rejects.toThrow(AppendRejected);
      expect(await getStore().readStream(s)).toEqual([]);
      expect(await append(s, 'no_stream', [large, { ...large, id: randomUUID() }])).toMatchObject({ revision: 1n });
    });

    const event = (): NewEvent => newEvents(1)[0]!;
    const bad: [string, () => [string, bigint | 'no_stream', NewEvent[]]][] = [
      ['an empty stream name', () => ['', 'no_stream', [event()]]],
      ["a stream of the server's own", () => ['$all', 'no_stream', [event()]]],
      ['no event', () => [newStream(), 'no_stream', []]],
      ['an empty type', () => [newStream(), 'no_stream', [{ ...event(), type: '' }]]],
      ['a malformed id', () => [newStream(), 'no_stream', [{ ...event(), id: 'not-a-uuid' }]]],
      ['the nil id', () => [newStream(), 'no_stream', [{ ...event(), id: '00000000-0000-0000-0000-000000000000' }]]],
      ['no data', () => [newStream(), 'no_stream', [{ ...event(), data: undefined as unknown as NewEvent['data'] }]]],
      ['a negative revision', () => [newStream(), -1n, [event()]]],
    ];
    it.each(bad)('refuses %s before anything is sent', async (_, make) => {
      const [stream, expected, events] = make();
      await expect(getStore().append(stream, expected, events)).rejects.toThrow(AppendRejected);
      const s = newStream();
      await append(s, 'no_stream', 1);
      expect(await count(s)).toBe(1);
    });
  });
}
