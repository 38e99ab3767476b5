// @ts-check
/**
 * What can be typed into the card form: how it is written while it is typed, and what is wrong with it, in words.
 *
 * @typedef {{ code: string, message: string }} Mistake
 * @typedef {{ name: string, start: RegExp, groups: readonly number[], lengths: readonly number[], cvc: number }} Brand
 */

/** @type {readonly Brand[]} */
const BRANDS = [
  { name: 'Visa', start: /^4/, groups: [4, 4, 4, 4], lengths: [16], cvc: 3 },
  { name: 'Amex', start: /^3[47]/, groups: [4, 6, 5], lengths: [15], cvc: 4 },
  { name: 'Mastercard', start: /^(5[1-5]|2[2-7])/, groups: [4, 4, 4, 4], lengths: [16], cvc: 3 },
  { name: 'Discover', start: /^(6011|65|64[4-9])/, groups: [4, 4, 4, 4], lengths: [16], cvc: 3 },
  { name: 'Diners', start: /^3[0689]/, groups: [4, 6, 4], lengths: [14], cvc: 3 },
  { name: 'JCB', start: /^35/, groups: [4, 4, 4, 4], lengths: [16], cvc: 3 },
  { name: 'UnionPay', start: /^62/, groups: [4, 4, 4, 4, 3], lengths: [16, 17, 18, 19], cvc: 3 },
];
/** @type {Brand} */
const UNKNOWN = { name: '', start: /^/, groups: [4, 4, 4, 4, 3], lengths: [16, 17, 18, 19], cvc: 3 };

/** @param {string} text */
export function digitsOf(text) {
  return text.replaceAll(/\D/g, '');
}

/** @param {string} number */
export function brandOf(number) {
  const digits = digitsOf(number);
  return (digits === '' ? undefined : BRANDS.find(({ start }) => start.test(digits))) ?? UNKNOWN;
}

/** @param {string} text */
export function writeNumber(text) {
  const { groups, lengths } = brandOf(text);
  const digits = digitsOf(text).slice(0, Math.max(...lengths));
  let at = 0;
  const parts = groups.map((size) => digits.slice(at, (at += size)));
  return parts.filter((part) => part !== '').join(' ');
}

/** @param {string} text @param {boolean} isDeleting */
export function writeExpiry(text, isDeleting) {
  const whole = /^\s*(\d{1,2})\s*[/-]\s*\d\d(\d\d)\s*$/.exec(text);
  if (whole !== null) return `${(whole[1] ?? '').padStart(2, '0')} / ${whole[2]}`;
  const typed = digitsOf(text);
  const isMonthDone = /^\d\s*[/-]/.test(text.trim()) || /^[2-9]/.test(typed);
  const digits = (isMonthDone ? `0${typed}` : typed).slice(0, 4);
  if (digits.length < 2 || (digits.length === 2 && isDeleting)) return isDeleting ? typed : digits;
  return `${digits.slice(0, 2)} / ${digits.slice(2)}`;
}

/** @param {string} text */
export function readExpiry(text) {
  const digits = digitsOf(text);
  return { month: Number(digits.slice(0, 2)), year: 2000 + Number(digits.slice(2, 4)) };
}

/** @param {string} digits */
function passesLuhn(digits) {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** @param {string} text @returns {Mistake | undefined} */
export function mistakeInNumber(text) {
  const digits = digitsOf(text);
  const { lengths } = brandOf(digits);
  if (digits.length < Math.min(...lengths))
    return { code: 'incomplete_number', message: 'Your card number is incomplete.' };
  if (!passesLuhn(digits)) return { code: 'invalid_number', message: 'Your card number is invalid.' };
  return undefined;
}

/** @param {string} text @param {Date} today @returns {Mistake | undefined} */
export function mistakeInExpiry(text, today) {
  if (digitsOf(text).length < 4) {
    return { code: 'incomplete_expiry', message: "Your card's expiration date is incomplete." };
  }
  const { month, year } = readExpiry(text);
  if (month < 1 || month > 12) return { code: 'invalid_expiry', message: "Your card's expiration date is invalid." };
  if (year < today.getFullYear()) {
    return { code: 'invalid_expiry_year_past', message: "Your card's expiration year is in the past." };
  }
  if (year === today.getFullYear() && month < today.getMonth() + 1) {
    return { code: 'invalid_expiry_month_past', message: "Your card's expiration date is in the past." };
  }
  return undefined;
}

/** @param {string} text @param {string} number @returns {Mistake | undefined} */
export function mistakeInCode(text, number) {
  if (digitsOf(text).length >= brandOf(number).cvc) return undefined;
  return { code: 'incomplete_cvc', message: "Your card's security code is incomplete." };
}

/**
 * The original insists on a postal code in some countries. Here it may be left empty, so that a card can be tried with
 * nothing but what is printed on it; what is typed has to be whole.
 * @param {string} text @param {string} country @returns {Mistake | undefined}
 */
export function mistakeInPostalCode(text, country) {
  const typed = text.trim();
  if (typed === '' || country !== 'US' || /^\d{5}(-\d{4})?$/.test(typed)) return undefined;
  return { code: 'incomplete_zip', message: 'Your ZIP code is incomplete.' };
}
