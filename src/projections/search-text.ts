/** Finding rows by what a person types: any part of a number, name, address, telephone number or amount. */
import { currencyDigits } from '../domain/money.js';
import type { Conditions } from './statement.js';

const MAX_TERMS = 8;

/**
 * What a row can be found by, as one text in which every word has a space before it. Compared after the same normalisation as
 * the question.
 */
export function searchText(parts: readonly (string | null | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== null && part !== '')
    .map((part) => ` ${normalise(part!)}`)
    .join('');
}

/** An amount as it is typed: `405.94`, `40594` for a currency without decimals. */
export function decimalAmount(amountMinor: number, currency: string): string {
  const digits = currencyDigits(currency);
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${amountMinor < 0 ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}

/**
 * Adds the condition that every word of the question is found in the column, or that the question is a telephone number
 * found there however it is grouped. Words beyond the eighth are left out.
 */
export function addSearch(conditions: Conditions, column: string, question: string | undefined): void {
  const joined = wordsOf(question).join('');
  const digits = asTelephone(joined);
  if (digits === undefined) {
    addWords(conditions, column, question);
    return;
  }
  const telephone = contains(conditions, column, digits);
  // A plus sign or brackets leave no doubt, and looking for a second meaning would take as long again.
  conditions.add(
    /[+(]/.test(joined) ? telephone : `(${telephone} OR (${wordConditions(conditions, column, question)}))`,
  );
}

/** Adds the condition that every word of the text is found in the column, whatever it looks like. */
export function addWords(conditions: Conditions, column: string, text: string | undefined): void {
  const found = wordConditions(conditions, column, text);
  if (found !== '') conditions.add(found);
}

function wordConditions(conditions: Conditions, column: string, text: string | undefined): string {
  return wordsOf(text)
    .map((word) => {
      const amount = asAmount(word);
      const asItIs = contains(conditions, column, word);
      return amount === undefined || amount === word
        ? asItIs
        : `(${asItIs} OR ${contains(conditions, column, amount)})`;
    })
    .join(' AND ');
}

function wordsOf(text: string | undefined): readonly string[] {
  return normalise(text ?? '')
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MAX_TERMS);
}

function contains(conditions: Conditions, column: string, part: string): string {
  return `${column} LIKE ${conditions.bind(patternOf(part))}`;
}

/** The index knows three characters at a time; of fewer it knows only where a word begins with them. */
function patternOf(part: string): string {
  return `%${[...part].length < 3 ? ' ' : ''}${escapeLike(part)}%`;
}

/** Letters that Unicode does not take apart into a plain one and its mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Case and accents count for nothing: whoever types a name rarely has all of its accents on their keys. */
function normalise(text: string): string {
  // Control characters have no place in a search, and a NUL none in PostgreSQL.
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** `$1,234.50` is looked for as `1234.50`. */
function asAmount(word: string): string | undefined {
  const bare = word.replace(/^\p{Sc}|\p{Sc}$/gu, '');
  return /^\d{1,3}(,\d{3})+(\.\d+)?$|^\d+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : undefined;
}

/** `(212) 555-0100` is looked for as `2125550100`. */
function asTelephone(question: string): string | undefined {
  if (!/^\+?[\d().\-/]+$/.test(question)) return undefined;
  const digits = question.replace(/\D/g, '');
  return digits.length >= 7 ? digits : undefined;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
