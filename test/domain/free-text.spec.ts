import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainError } from '../../src/domain/errors.js';
import { assertNoCardNumber, invisibleCharacterIn } from '../../src/domain/free-text.js';

function refusal(text: string): DomainError | undefined {
  try {
    assertNoCardNumber('lines.0.description', text);
    return undefined;
  } catch (error) {
    return error as DomainError;
  }
}

/** Public test numbers of the networks. */
const TEST_CARDS = [
  '4242424242424242',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '371449635398431',
  '6011111111111117',
  '3056930009020004',
  '36227206271667',
  '3566002020360505',
  '6200000000000005',
];

describe('a card number in a text', () => {
  it.each(TEST_CARDS)('%s is refused, however it is written', (number) => {
    const groups = number.match(/.{1,4}/g)!;
    for (const text of [
      number,
      `Pay with ${number}, thanks`,
      groups.join(' '),
      groups.join('-'),
      groups.join(' - '),
      groups.join('\u00a0'),
      groups.join('\u2013'),
      groups.join('\u200b'),
      [...number].join(' '),
      [...number].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join(''),
      [...number].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''),
      `order 17 ${groups.join(' ')} 12/29`,
    ]) {
      expect({ text, code: refusal(text)?.code }).toEqual({ text, code: 'card_number_in_text' });
    }
  });

  it.each([
    '4242/4242/4242/4242',
    '4242_4242_4242_4242',
    '4242, 4242, 4242, 4242',
    '(4242)(4242)(4242)(4242)',
    '4242*4242*4242*4242',
    '3782/822463/10005',
    '+4242 4242 4242 4242',
    '+49 151 12345678, 4242 4242 4242 4242',
  ])('%s is refused, whatever stands between the groups', (text) => {
    expect(refusal(text)?.code).toBe('card_number_in_text');
  });

  it('names the field and does not repeat the number', () => {
    const error = refusal('4242 4242 4242 4242');
    expect(error?.details).toEqual({ field: 'lines.0.description' });
    expect(JSON.stringify(error)).not.toContain('4242');
  });

  it.each([
    ['a wrong sum', '4242424242424241'],
    ['no network', '1234567890123452'],
    ['too few digits', '424242424242'],
    ['a longer reference that holds one', '99424242424242424242'],
    ['a telephone number', '+1 212 555 0100'],
    ['one that has a network’s prefix, its length and its sum', '+49 151 12345678'],
    ['telephone numbers in a list', '(415) 555-2671, (415) 555-2672 / 415-555-2673'],
    ['dates and amounts', 'from 2026-11-20 to 2026-12-20, $405.94'],
    ['words between', '4242 4242 then 4242 4242'],
    ['nothing', ''],
  ])('%s is no card number', (_, text) => {
    expect(refusal(text)).toBeUndefined();
  });

  it('ends quickly on any text', () => {
    expect(refusal('4242 '.repeat(20_000))).toBeDefined();
    expect(refusal('1 '.repeat(50_000))).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        expect([undefined, 'card_number_in_text']).toContain(refusal(text)?.code),
      ),
    );
  });
});

describe('a character that nobody sees', () => {
  it.each(['\u202a', '\u202e', '\u2066', '\u2069', '\u200b', '\u2060', '\ufeff'])('is found and named', (character) => {
    const name = `U+${character.charCodeAt(0).toString(16).toUpperCase()}`;
    expect(invisibleCharacterIn(`Ada ${character}Byron`)).toBe(name);
  });

  it.each(['Ada Byron', '\u0645\u06cc\u200c\u0631\u0648\u0645', '\u{1f469}\u200d\u{1f4bb}', 'caf\u00e9\u00a0\u20ac'])(
    'is none where a script or a picture needs it: %s',
    (text) => expect(invisibleCharacterIn(text)).toBeUndefined(),
  );
});
