import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  currencyDigits,
  decimalText,
  formatMoney,
  isCurrency,
  lineAmountMinor,
  roundHalfUp,
  sumMinor,
} from '../../src/domain/money.js';

describe('a line', () => {
  it.each([
    ['1', 40_594, 40_594],
    ['2', 1_999, 3_998],
    ['0.5', 1, 1],
    ['0.5', -1, -1],
    ['0.4999', 1, 0],
    ['1.5', 333, 500],
    ['0.0001', 5_000, 1],
    ['0.0001', 4_999, 0],
    ['0', 40_594, 0],
    ['999999999', 1, 999_999_999],
  ])('of %s at %d is %d', (quantity, price, amount) => expect(lineAmountMinor(quantity, price)).toBe(amount));

  it.each(['', '-1', '1.00001', '1e3', '1,5', ' 1', '.5', '1.', '1234567890', 'NaN', '١'])(
    'refuses the quantity %j',
    (quantity) => {
      expect(() => lineAmountMinor(quantity, 100)).toThrow(expect.objectContaining({ code: 'invalid_quantity' }));
    },
  );

  it('is the nearest whole minor unit to the exact product, and away from zero between two', () => {
    const quantities = fc.tuple(fc.nat(999_999), fc.nat(9_999));
    fc.assert(
      fc.property(quantities, fc.integer({ min: -9_999_999, max: 9_999_999 }), ([whole, fraction], price) => {
        const amount = BigInt(lineAmountMinor(`${whole}.${String(fraction).padStart(4, '0')}`, price));
        const exact = (BigInt(whole) * 10_000n + BigInt(fraction)) * BigInt(price);
        const distance = abs(amount * 10_000n - exact);
        expect(distance).toBeLessThanOrEqual(5_000n);
        if (distance === 5_000n) expect(abs(amount) * 10_000n).toBeGreaterThan(abs(exact));
      }),
    );
  });
});

describe('rounding', () => {
  it('is the same on both sides of zero', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        (n, d) => {
          expect(roundHalfUp(-n, d)).toBe(-roundHalfUp(n, d));
          expect(abs(roundHalfUp(n, d) * d - n) * 2n).toBeLessThanOrEqual(d);
        },
      ),
    );
  });
});

describe('a sum', () => {
  it('is exact in any order', () => {
    const amounts = fc.array(fc.integer({ min: -99_999_999, max: 99_999_999 }), { maxLength: 50 });
    fc.assert(
      fc.property(amounts, (list) => {
        const exact = list.reduce((total, amount) => total + BigInt(amount), 0n);
        expect(BigInt(sumMinor(list))).toBe(exact);
        expect(sumMinor([...list].reverse())).toBe(sumMinor(list));
      }),
    );
  });

  it.each([[[Number.MAX_SAFE_INTEGER, 1]], [[0.5]], [[Number.NaN]], [[Infinity]]])('refuses %j', (list: number[]) => {
    expect(() => sumMinor(list)).toThrow(expect.objectContaining({ code: 'amount_out_of_range' }));
  });
});

describe('money as people read it', () => {
  it.each([
    [40_594, 'USD', 'en-US', '$405.94'],
    [5, 'USD', 'en-US', '$0.05'],
    [-5, 'USD', 'en-US', '-$0.05'],
    [99_999_999, 'USD', 'en-US', '$999,999.99'],
    [40_594, 'JPY', 'en-US', '¥40,594'],
    [40_594, 'JPY', 'ja-JP', '￥40,594'],
    [40_594, 'EUR', 'de-DE', '405,94 €'],
    [40_594, 'EUR', 'en-IE', '€405.94'],
    [1_234_567, 'BHD', 'en-US', 'BHD 1,234.567'],
  ])('%d %s in %s is %s', (amount, currency, locale, text) => {
    expect(formatMoney({ amount, currency }, locale).replace(/\s/g, ' ')).toBe(text);
  });

  it.each([
    [0, 'USD', '0.00'],
    [7, 'USD', '0.07'],
    [-7, 'USD', '-0.07'],
    [-40_594, 'JPY', '-40594'],
    [1, 'BHD', '0.001'],
  ])('%d %s as a plain decimal is %s', (amount, currency, text) => expect(decimalText(amount, currency)).toBe(text));

  it('keeps every digit', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('USD', 'JPY', 'BHD'), (amount, currency) => {
        expect(BigInt(decimalText(amount, currency).replace('.', ''))).toBe(BigInt(amount));
      }),
    );
  });

  it('knows the currencies of the runtime and their decimals', () => {
    expect(['USD', 'EUR', 'JPY'].map(isCurrency)).toEqual([true, true, true]);
    expect(['usd', 'ZZZ', '', 'DOLLARS'].map(isCurrency)).toEqual([false, false, false, false]);
    expect(['USD', 'JPY', 'BHD'].map(currencyDigits)).toEqual([2, 0, 3]);
  });
});

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
