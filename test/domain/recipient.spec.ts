import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../../src/domain/errors.js';
import { normaliseEmail } from '../../src/domain/recipient.js';

function refusal(text: string): DomainError | undefined {
  try {
    normaliseEmail(text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    return error as DomainError;
  }
}

describe('an email address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Byron+invoices@EXAMPLE.Com ', 'Ada.Byron+invoices@example.com'],
    ["o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"],
    ['a@xn--mller-kva.de', 'a@xn--mller-kva.de'],
    ['a@b.xn--p1ai', 'a@b.xn--p1ai'],
  ])('%s is taken as %s', (text, normalised) => {
    expect(normaliseEmail(text)).toBe(normalised);
    expect(normaliseEmail(normalised)).toBe(normalised);
  });

  it.each([
    '',
    '   ',
    'ada',
    '@example.com',
    'ada@',
    'ada@example',
    'ada@@example.com',
    'ada@example.com,bob@example.com',
    'ada@example.com;bob@example.com',
    'ada@example.com bob@example.com',
    'Ada <ada@example.com>',
    '<ada@example.com>',
    'ada@example.com\r\nBcc: bob@example.com',
    'ada@example.com\n',
    '\u0000ada@example.com',
    'ada@example.com\u2028',
    '"ada byron"@example.com',
    '.ada@example.com',
    'ada.@example.com',
    'a..da@example.com',
    'ada@-example.com',
    'ada@example-.com',
    'ada@exa_mple.com',
    'ada@example..com',
    'ada@example.com.',
    'ada@127.0.0.1',
    'ada@[127.0.0.1]',
    'ada@example.c',
    'ada@müller.de',
    'аda@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'bcd.'.repeat(70)}com`,
  ])('%j is refused, in words that help', (text) => {
    const error = refusal(text);
    expect(error?.code).toBe('invalid_recipient');
    expect(error?.details['channel']).toBe('email');
    expect(String(error?.details['reason'])).toMatch(/^[A-Z].+\.$/);
  });

  it('is refused with a card number for a mailbox, which is not repeated', () => {
    const error = refusal('4242424242424242@example.com');
    expect(error?.code).toBe('card_number_in_text');
    expect(JSON.stringify(error?.details)).not.toContain('4242');
  });

  it('is never more than one, whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), (text) => {
        if (!refusal(text)) {
          expect(normaliseEmail(text)).toMatch(/^[\x21-\x2b\x2d-\x3a\x3d\x3f\x41-\x7e]+@[a-z0-9.-]+$/);
        }
      }),
    );
  });
});
