import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/domain/errors.js';
import { LibphonenumberPhoneNumbers } from '../../src/infrastructure/sms/phone-numbers.js';

const phones = new LibphonenumberPhoneNumbers();

function refusal(text: string, country = 'US'): DomainError | undefined {
  try {
    phones.parse(text, country);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    return error as DomainError;
  }
}

describe('a telephone number', () => {
  it.each([
    ['+12125550100', 'US', '+12125550100', 'US'],
    ['(212) 555-0100', 'US', '+12125550100', 'US'],
    [' 212.555.0100 ', 'us', '+12125550100', 'US'],
    ['0151 12345678', 'DE', '+4915112345678', 'DE'],
    ['+44 7400 123456', 'US', '+447400123456', 'GB'],
    ['090-1234-5678', 'JP', '+819012345678', 'JP'],
    ['+12125550100', 'not a country', '+12125550100', 'US'],
  ])('%s in %s is %s', (text, country, e164, where) => {
    expect(phones.parse(text, country)).toMatchObject({ e164, country: where });
  });

  it.each([
    '',
    'call me',
    '12',
    '+12125550100, +12125550101',
    '+12125550100 ext. 5',
    '+12125550100\n',
    '+19005551234',
    '+1 212 555 01000',
    '+999 123 4567',
    '4242424242424242',
    '9'.repeat(500),
  ])('%j is refused, in words that help', (text) => {
    const error = refusal(text);
    expect(error?.code).toBe('invalid_recipient');
    expect(error?.details['channel']).toBe('sms');
    expect(String(error?.details['reason'])).toMatch(/^[A-Z].+\.$/);
  });

  it.each([
    ['+1 876 555 0100', 'JM'],
    ['+7 912 345 67 89', 'RU'],
    ['+882 1654 123456', '+882'],
  ])('%s is refused for its country %s', (text, country) => {
    const error = refusal(text);
    expect(error?.code).toBe('country_not_allowed');
    expect(error?.details['country']).toBe(country);
  });

  it('goes where the list says, and nowhere else', () => {
    const german = new LibphonenumberPhoneNumbers(['DE']);
    expect(german.parse('+4915112345678', 'DE').type).toBe('mobile');
    expect(() => german.parse('+12125550100', 'DE')).toThrow(DomainError);
  });
});
