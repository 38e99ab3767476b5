import { describe, expect, it } from '@jest/globals';
import type { Texter } from '../../src/application/ports.js';

/** A provider of texts as the suite needs it. */
export interface TextSystem {
  readonly texter: Texter;
  arrived(to: string): Promise<readonly { id: string; text: string }[]>;
  /** From now on this number has opted out. */
  optOut(number: string): Promise<void>;
  /** The next message meets an error within the provider. */
  stumble(): Promise<void>;
  /** The next message is taken, and the answer is lost. */
  loseNextAnswer(): Promise<void>;
}

let count = 0;

function newNumber(): string {
  count += 1;
  return `+1212555${String(1000 + count)}`;
}

/** What every texter guarantees. */
export function describeTexter(name: string, system: () => TextSystem): void {
  describe(`Texter: ${name}`, () => {
    it('delivers a text and answers the provider’s id', async () => {
      const to = newNumber();
      const body = 'Main Street: invoice INV-1001, 5 € → https://pay.example.com/pay/abc';
      const outcome = await system().texter.send({ to, body });
      const arrived = await system().arrived(to);
      expect(arrived).toMatchObject([{ text: body }]);
      expect(outcome).toEqual({ outcome: 'sent', providerId: arrived[0]?.id });
    });

    it('says that a recipient who opted out refuses for good', async () => {
      const to = newNumber();
      await system().optOut(to);
      expect(await system().texter.send({ to, body: 'Hello' })).toMatchObject({ outcome: 'refused', code: '21610' });
      expect(await system().arrived(to)).toEqual([]);
    });

    it('does not know what became of a message after an error within the provider', async () => {
      const to = newNumber();
      await system().stumble();
      expect(await system().texter.send({ to, body: 'Hello' })).toMatchObject({ outcome: 'unknown' });
    });

    it('finds a message whose answer was lost by its reference, and none that was not sent', async () => {
      const to = newNumber();
      const sentSince = new Date();
      await system().texter.send({ to, body: 'Main Street: https://pay.example.com/pay/older' });
      await system().loseNextAnswer();
      const body = 'Main Street: https://pay.example.com/pay/reference-1';
      expect(await system().texter.send({ to, body })).toMatchObject({ outcome: 'unknown' });
      const found = await system().texter.find({ to, sentSince, reference: '/pay/reference-1' });
      const arrived = await system().arrived(to);
      expect(found).toBe(arrived.find(({ text }) => text === body)?.id);
      expect(await system().texter.find({ to, sentSince, reference: '/pay/reference-2' })).toBeUndefined();
      expect(await system().texter.find({ to: newNumber(), sentSince, reference: '/pay/reference-1' })).toBeUndefined();
    });

    it('does not find what was sent long before', async () => {
      const to = newNumber();
      await system().texter.send({ to, body: 'https://pay.example.com/pay/early' });
      const sentSince = new Date(Date.now() + 3_600_000);
      expect(await system().texter.find({ to, sentSince, reference: '/pay/early' })).toBeUndefined();
    });

    it('finds a message behind more than a page of later ones', async () => {
      const to = newNumber();
      const sentSince = new Date();
      await system().texter.send({ to, body: 'https://pay.example.com/pay/first' });
      for (let later = 0; later < 60; later += 1) await system().texter.send({ to, body: `later ${later}` });
      expect(await system().texter.find({ to, sentSince, reference: '/pay/first' })).toEqual(expect.any(String));
    });

    it.each(['2125550100', '+1 212 555 0100', '+12125550100,+12125550101', 'ada@example.com', ''])(
      'refuses %p as a recipient and sends nothing',
      async (to) => {
        await expect(system().texter.send({ to, body: 'Hello' })).rejects.toThrow(RangeError);
      },
    );
  });
}
