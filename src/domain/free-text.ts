/** Text that people type: a card number in it would be stored for good in a log that is never changed. */
import { DomainError } from './errors.js';

/** The numbers that a network gives out: how they begin (as a range of leading digits) and how long they are. */
const NETWORKS: readonly { readonly from: string; readonly to: string; readonly lengths: readonly number[] }[] = [
  { from: '4', to: '4', lengths: [13, 16, 18, 19] }, // Visa
  { from: '51', to: '55', lengths: [16] }, // Mastercard
  { from: '2221', to: '2720', lengths: [16] }, // Mastercard
  { from: '34', to: '34', lengths: [15] }, // American Express
  { from: '37', to: '37', lengths: [15] }, // American Express
  { from: '6011', to: '6011', lengths: [16, 17, 18, 19] }, // Discover
  { from: '644', to: '649', lengths: [16, 17, 18, 19] }, // Discover
  { from: '65', to: '65', lengths: [16, 17, 18, 19] }, // Discover
  { from: '300', to: '305', lengths: [14, 15, 16, 17, 18, 19] }, // Diners Club
  { from: '3095', to: '3095', lengths: [14, 15, 16, 17, 18, 19] }, // Diners Club
  { from: '36', to: '36', lengths: [14, 15, 16, 17, 18, 19] }, // Diners Club
  { from: '38', to: '39', lengths: [14, 15, 16, 17, 18, 19] }, // Diners Club
  { from: '3528', to: '3589', lengths: [16, 17, 18, 19] }, // JCB
  { from: '62', to: '62', lengths: [16, 17, 18, 19] }, // UnionPay
  { from: '81', to: '81', lengths: [16, 17, 18, 19] }, // UnionPay
  { from: '50', to: '50', lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: '56', to: '58', lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: '6304', to: '6304', lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: '6759', to: '6763', lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
];

const SHORTEST = 13;
const LONGEST = 19;
/** Digits of any script, each followed by at most three separators: how people group a number that they copy or dictate. */
const DIGIT_RUN = /\p{Nd}(?:[\s\p{Cf}\p{Pd}.]{0,3}\p{Nd}){12,}/gu;
/** Groups as they are embossed, 4-4-4-4(-3) and 4-6-5, with any one separator between them: `4242/4242/4242/4242`. */
const EMBOSSED =
  /(?<!\p{Nd})(?:\p{Nd}{4}([^\p{L}\p{Nd}]{1,3})\p{Nd}{4}\1\p{Nd}{4}\1\p{Nd}{1,7}(?:\1\p{Nd}{1,3})?|\p{Nd}{4}([^\p{L}\p{Nd}]{1,3})\p{Nd}{6}\2\p{Nd}{4,5})(?!\p{Nd})/gu;
/** The most digits that a telephone number of any country has (E.164). */
const LONGEST_TELEPHONE = 15;

/**
 * Refuses a text that holds what can be a card number: 13 to 19 digits, spaces, dashes and dots between them allowed, with a
 * valid Luhn sum and a network's prefix and length. Looks inside longer runs of groups too (`order 17 4242 4242 …`), at whole
 * groups only, so that a long reference number is not refused for what happens to stand in its middle. What a `+` stands before
 * is a telephone number, as far as one can be that long: many of those look like cards.
 *
 * @throws DomainError `card_number_in_text` with `field`; the text itself is not repeated.
 */
export function assertNoCardNumber(field: string, text: string): void {
  for (const pattern of [DIGIT_RUN, EMBOSSED]) {
    for (const found of text.matchAll(pattern)) {
      const groups = found[0].match(/\p{Nd}+/gu)!.map(asciiDigits);
      if (isTelephone(text, found.index, groups)) continue;
      if (holdsCardNumber(groups)) throw new DomainError('card_number_in_text', { field });
    }
  }
}

/**
 * Characters that nobody sees and no script needs: they turn the direction of what follows, so that a name or a number reads as
 * another, or make two texts differ that look the same. The joiners of Persian and of emoji (U+200C, U+200D) are none of them.
 */
const INVISIBLE = /[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/u;

/** The first such character as `U+202E`; undefined where there is none. */
export function invisibleCharacterIn(text: string): string | undefined {
  const found = INVISIBLE.exec(text)?.[0];
  return found && `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text with every run of digits that holds a card number replaced: for what customers write, which nobody can refuse. */
export function withoutCardNumbers(text: string): string {
  return [DIGIT_RUN, EMBOSSED].reduce(
    (rest, pattern) =>
      rest.replace(pattern, (...match: readonly unknown[]) => {
        const found = match[0] as string;
        const index = match.findLast((part) => typeof part === 'number')!;
        const groups = found.match(/\p{Nd}+/gu)!.map(asciiDigits);
        return !isTelephone(rest, index, groups) && holdsCardNumber(groups) ? '[card number removed]' : found;
      }),
    text,
  );
}

function isTelephone(text: string, index: number, groups: readonly string[]): boolean {
  return text[index - 1] === '+' && groups.join('').length <= LONGEST_TELEPHONE;
}

function holdsCardNumber(groups: readonly string[]): boolean {
  return groups.some((_, first) => beginsCardNumber(groups, first));
}

/** Whether a card number begins with this group. Which networks begin so is looked up once, however many groups may follow. */
function beginsCardNumber(groups: readonly string[], first: number): boolean {
  let digits = '';
  let lengths: readonly number[] | undefined;
  for (let at = first; at < groups.length; at += 1) {
    digits += groups[at]!;
    if (digits.length > LONGEST) return false;
    if (digits.length < SHORTEST) continue;
    lengths ??= lengthsOf(digits);
    if (lengths.length === 0) return false;
    if (lengths.includes(digits.length) && hasLuhnSum(digits)) return true;
  }
  return false;
}

function lengthsOf(digits: string): readonly number[] {
  return NETWORKS.filter(({ from, to }) => {
    const prefix = digits.slice(0, from.length);
    return prefix >= from && prefix <= to;
  }).flatMap(({ lengths }) => lengths);
}

function hasLuhnSum(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Every script's digits stand in ten consecutive places, the zero at a multiple of ten from its block's first digit. */
function asciiDigits(digits: string): string {
  if (/^[0-9]+$/.test(digits)) return digits;
  return [...digits].map(asciiDigit).join('');
}

function asciiDigit(digit: string): string {
  const plain = digit.normalize('NFKC');
  if (/^\d$/.test(plain)) {
    return plain;
  }
  const codePoint = plain.codePointAt(0)!;
  let zero = codePoint;
  while (codePoint - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) {
    zero -= 1;
  }
  return String(codePoint - zero);
}
