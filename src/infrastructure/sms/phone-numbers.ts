import {
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
  type NumberType,
  type PhoneNumber as ParsedNumber,
} from 'libphonenumber-js/max';
import { DomainError } from '../../domain/errors.js';
import { PhoneNumbers, type PhoneNumber } from '../../application/phone-numbers.js';

/**
 * Where texts go by default: North America without the Caribbean, whose numbers look domestic and are a favourite of toll
 * fraud, Europe, Japan, Australia and New Zealand. The crown dependencies share the United Kingdom's mobile ranges.
 */
const DEFAULT_COUNTRIES: readonly string[] = [
  ...['US', 'CA', 'MX', 'JP', 'AU', 'NZ', 'GB', 'GG', 'IM', 'JE', 'CH', 'IS', 'LI', 'NO', 'IE'],
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU'],
  ...['IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
];

const MAX_LENGTH = 40;
/** Texts to these cost their sender by the minute's tariff, or reach nobody's pocket. */
const REFUSED_TYPES: ReadonlySet<NumberType> = new Set<NumberType>([
  'PREMIUM_RATE',
  'SHARED_COST',
  'PAGER',
  'UAN',
  'VOICEMAIL',
]);

const KINDS: ReadonlyMap<NumberType, PhoneNumber['type']> = new Map<NumberType, PhoneNumber['type']>([
  ['MOBILE', 'mobile'],
  ['FIXED_LINE', 'fixed_line'],
  ['FIXED_LINE_OR_MOBILE', 'fixed_line_or_mobile'],
]);

/** Telephone numbers by the numbering plans of libphonenumber. */
export class LibphonenumberPhoneNumbers extends PhoneNumbers {
  readonly #countries: ReadonlySet<string>;

  /** @param countries ISO 3166-1 alpha-2 of the countries that texts may go to */
  constructor(countries: readonly string[] = DEFAULT_COUNTRIES) {
    super();
    this.#countries = new Set(countries);
  }

  override read(text: string, defaultCountry: string): PhoneNumber {
    const number = read(text, defaultCountry);
    const type = number.getType();
    if (number.ext !== undefined) {
      refuse('It has an extension, which a text cannot reach. Give a mobile number.');
    }
    if (!number.isValid()) {
      refuse(
        'No such number can exist in its country. Check its digits; begin with + and the country code if it is from abroad.',
      );
    }
    if (REFUSED_TYPES.has(type)) {
      refuse('It is a premium, shared-cost or service number. Give a mobile number.');
    }
    const country = number.country ?? `+${number.countryCallingCode}`;
    return { e164: number.number, country, type: KINDS.get(type) ?? 'other' };
  }

  override parse(text: string, defaultCountry: string): PhoneNumber {
    const number = this.read(text, defaultCountry);
    const { country } = number;
    if (!this.#countries.has(country)) {
      throw new DomainError('country_not_allowed', {
        country,
        reason: 'Texts do not go to this country. Send an email, or have the country added to the allowed ones.',
      });
    }
    return number;
  }
}

function read(text: string, defaultCountry: string): ParsedNumber {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) {
    refuse('It contains a line break or another control character. Give the number alone.');
  }
  if (text.length > MAX_LENGTH || /[,;/|]/.test(text)) {
    refuse('It must be one number. Send to each recipient separately.');
  }
  const country = defaultCountry.toUpperCase();
  try {
    const options = isSupportedCountry(country) ? { defaultCountry: country, extract: false } : { extract: false };
    return parsePhoneNumberWithError(text.trim(), options);
  } catch (error) {
    if (error instanceof ParseError) {
      return refuse(
        'It is not a telephone number. Write it as +12125550100, or as it is dialled in the country of the branch.',
      );
    }
    throw error;
  }
}

function refuse(reason: string): never {
  throw new DomainError('invalid_recipient', { channel: 'sms', reason });
}
