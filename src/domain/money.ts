/** Money: integer minor units and a currency. No floats anywhere between the wire and the processor. */
import { DomainError } from './errors.js';

export interface Money {
  /** Integer minor units (cents, yen). */
  readonly amount: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** The most that one invoice can be for: the processor's own limit of 99,999,999 minor units. */
export const MAX_AMOUNT_MINOR = 99_999_999;

const DECIMAL = /^(-?)(\d{1,9})(?:\.(\d{1,4}))?$/;

/**
 * quantity × unit price, rounded half up (away from zero for a negative price) to the minor unit, in exact integer arithmetic.
 * `quantity` is a decimal as text with up to nine digits before and four after the point.
 */
export function lineAmountMinor(quantity: string, unitPriceMinor: number): number {
  const match = DECIMAL.exec(quantity);
  if (!match || match[1] === '-') {
    throw new DomainError('invalid_quantity', { quantity });
  }
  const scaled = BigInt(match[2]! + (match[3] ?? '').padEnd(4, '0'));
  const product = scaled * BigInt(unitPriceMinor);
  return Number(roundHalfUp(product, 10_000n));
}

/** Divides and rounds half away from zero, exactly. */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n ? -1n : 1n;
  return sign * ((sign * numerator * 2n + denominator) / (denominator * 2n));
}

/** Sums minor units and refuses what could no longer be exact. */
export function sumMinor(amounts: readonly number[]): number {
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  if (!Number.isSafeInteger(sum)) {
    throw new DomainError('amount_out_of_range', { amount: String(sum) });
  }
  return sum;
}

const fractionDigits = new Map<string, number>();

/** How many decimals a currency has (2 for USD, 0 for JPY), by the runtime's ISO 4217 data. */
export function currencyDigits(currency: string): number {
  let digits = fractionDigits.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    fractionDigits.set(currency, digits);
  }
  return digits;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Money as a person of this locale reads it: `$405.94`, `405,94 $`, `¥40,594`. */
export function formatMoney({ amount, currency }: Money, locale: string): string {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    formats.set(key, format);
  }
  // A decimal string keeps every digit: Intl takes it exactly, without a detour over a float.
  return format.format(decimalText(amount, currency) as Intl.StringNumericLiteral);
}

/** Minor units as a plain decimal: 40594 USD is `405.94`. */
export function decimalText(amountMinor: number, currency: string): string {
  const digits = currencyDigits(currency);
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const sign = amountMinor < 0 ? '-' : '';
  return digits === 0 ? sign + whole : `${sign}${whole}.${text.slice(-digits)}`;
}

/** True for a currency that the runtime knows. */
export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code);
}
