import { describe, expect, it } from '@jest/globals';
import type { PersonalDataCipher } from '../../src/application/ports.js';

/** What every cipher of personal data guarantees. `open` answers another cipher over the same keys, as a second process has. */
export function personalDataCipherContract(
  open: () => PersonalDataCipher,
  erase: (customerId: string) => Promise<void>,
) {
  describe('a cipher of personal data', () => {
    it('gives back every kind of value, in the order of the question', async () => {
      const cipher = open();
      const values = [
        { customerId: 'a', value: 'Ada Byron' },
        { customerId: 'b', value: { ip: '127.0.0.1', list: [1, null, true, { deep: 'é✓' }] } },
        { customerId: 'a', value: null },
        { customerId: 'c', value: '' },
      ];
      const ciphertexts = await cipher.encrypt(values);
      const asked = values.map(({ customerId }, index) => ({ customerId, ciphertext: ciphertexts[index]! }));
      expect(await open().decrypt(asked)).toEqual(values.map(({ value }) => value));
      expect(await open().decrypt([...asked].reverse())).toEqual(values.map(({ value }) => value).reverse());
    });

    it('shows nothing of the value, and never the same text for the same value', async () => {
      const one = { customerId: 'quiet', value: 'Ada Byron' };
      const [first, second] = await open().encrypt([one, one]);
      expect(first).not.toBe(second);
      for (const text of [first!, Buffer.from(first!.slice(2), 'base64url').toString('latin1')]) {
        expect(text).not.toContain('Ada');
      }
    });

    it('has one key a customer, however many processes make it at once', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `crowd-${index}`);
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, worker) => {
          const order = worker % 2 === 0 ? ids : [...ids].reverse();
          return open()
            .encrypt(order.map((customerId) => ({ customerId, value: customerId })))
            .then((ciphertexts) => ciphertexts.map((ciphertext, index) => ({ customerId: order[index]!, ciphertext })));
        }),
      );
      const asked = all.flat();
      expect(await open().decrypt(asked)).toEqual(asked.map(({ customerId }) => customerId));
    });

    it('answers undefined where the key is gone, and the others all the same', async () => {
      const values = ['kept', 'erased'].map((customerId) => ({ customerId, value: customerId }));
      const ciphertexts = await open().encrypt(values);
      await erase('erased');
      const asked = values.map(({ customerId }, index) => ({ customerId, ciphertext: ciphertexts[index]! }));
      expect(await open().decrypt(asked)).toEqual(['kept', undefined]);
    });

    it('refuses a text that was altered or moved to another customer', async () => {
      const [mine, theirs] = await open().encrypt([
        { customerId: 'mine', value: 'secret' },
        { customerId: 'theirs', value: 'other' },
      ]);
      const end = mine!.at(-2) === 'A' ? 'B' : 'A';
      const altered = `${mine!.slice(0, -2)}${end}${mine!.at(-1)}`;
      await expect(open().decrypt([{ customerId: 'mine', ciphertext: altered }])).rejects.toThrow();
      await expect(open().decrypt([{ customerId: 'mine', ciphertext: theirs! }])).rejects.toThrow();
      await expect(open().decrypt([{ customerId: 'mine', ciphertext: 'plain' }])).rejects.toThrow('format');
    });
  });
}
