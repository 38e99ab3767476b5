import { z } from 'zod';
import { assertNoCardNumber, invisibleCharacterIn } from '../../../domain/free-text.js';
import { MAX_AMOUNT_MINOR } from '../../../domain/money.js';
import { CARD_NUMBER_ISSUE } from '../schema-pipe.js';
import { answer } from './registry.js';

/** Money as it is answered; in requests it is a bare number of minor units. */
export const money = answer('Money', {
  amount: z.int().describe('Integer minor units: 40594 is $405.94, ¥40594 is 40594'),
  currency: z.string().describe('ISO 4217'),
});
export type Money = z.infer<typeof money>;

export function toMoney(amount: number, currency: string): Money {
  return { amount, currency };
}

export const id = z.guid({ error: 'must be a UUID' }).toLowerCase();
export const linkId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16}$/, { error: 'must be the id of a link, 16 characters long' });
export const minorUnits = z
  .int({ error: 'must be a whole number of minor units, like 12500 for $125.00' })
  .min(-MAX_AMOUNT_MINOR, { error: `must be at least -${MAX_AMOUNT_MINOR}` })
  .max(MAX_AMOUNT_MINOR, { error: `must be at most ${MAX_AMOUNT_MINOR}` })
  .describe('Integer minor units');
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, { error: 'must be a currency of ISO 4217, like USD' });
export const countryCode = z.string().regex(/^[A-Z]{2}$/, { error: 'must be a country of ISO 3166-1, like US' });
export const timeZone = z
  .string()
  .regex(/^[A-Za-z0-9_+/-]{1,64}$/, { error: 'must be a time zone of the IANA database, like America/New_York' });
export const locale = z.string().max(35).refine(isLocale, { error: 'must be a language tag of BCP 47, like en-US' });
export const language = z.string().regex(/^[a-z]{2,3}$/, { error: 'must be a language of ISO 639, like en' });

/** A date that the calendar has. */
export const plainDate = z.iso
  .date({ abort: true, error: 'must be a date of the calendar, like 2026-11-20' })
  .refine((date) => date >= '1900-01-01' && date <= '2199-12-31', { error: 'must lie between 1900 and 2199' });
/** A moment, brought to UTC. */
export const instant = z.iso
  .datetime({ offset: true, abort: true, error: 'must be an RFC 3339 instant, like 2026-11-20T14:30:00Z' })
  .refine(isInRange, { error: 'must lie between 1900 and 2199' })
  .overwrite((text) => (isInRange(text) ? new Date(text).toISOString() : text));

/** One line that a person writes and others read. */
export function line(max: number) {
  return writing(max, /[\p{Cc}\p{Cs}]/u, 'must not contain line breaks or control characters');
}

/**
 * Several lines.
 * @param searched what is longer is refused later, by who knows which part it is, and is not searched for card numbers before
 */
export function paragraph(max: number, searched = max) {
  return writing(max, /(?![\n\t])[\p{Cc}\p{Cs}]/u, 'must not contain control characters', searched).overwrite((text) =>
    text.replace(/\r\n?/g, '\n'),
  );
}

function writing(max: number, forbidden: RegExp, complaint: string, searched = max) {
  return (
    z
      .string()
      .overwrite((text) => text.replace(/\r\n/g, '\n').trim())
      .min(1, { error: 'must not be empty' })
      // What is too long is not searched as well: that takes as long as it is.
      .max(max, { abort: true, error: `must have at most ${max} characters` })
      .refine((text) => !forbidden.test(text), { error: complaint })
      .refine(isAllVisible, { error: namesTheInvisible })
      .refine((text) => text.length > searched || hasNoCardNumber(text), {
        error: 'contains a card number',
        params: { code: CARD_NUMBER_ISSUE },
      })
  );
}

/** Where answers go: an address, without a card number in it either. */
export const emailAddress = z
  .email({ error: 'must be one email address' })
  .max(254)
  .refine(hasNoCardNumber, { error: 'contains a card number', params: { code: CARD_NUMBER_ISSUE } });

/** Text that is only compared with what is stored, an invoice's number among it: it may look like anything. */
export function searchText(max: number) {
  return z
    .string()
    .trim()
    .min(1, { error: 'must not be empty' })
    .max(max, { abort: true, error: `must have at most ${max} characters` })
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), { error: 'must not contain control characters' });
}

/** A number or an id that others read, and look for: it may look like anything, and hides nothing. */
export function identifier(max: number) {
  return searchText(max).refine(isAllVisible, { error: namesTheInvisible });
}

function isAllVisible(text: string): boolean {
  return invisibleCharacterIn(text) === undefined;
}

function namesTheInvisible({ input }: { readonly input?: unknown }): string {
  return `must not contain the invisible character ${invisibleCharacterIn(String(input))}`;
}

function isInRange(text: string): boolean {
  const time = Date.parse(text);
  return time >= Date.UTC(1900, 0) && time < Date.UTC(2200, 0);
}

function hasNoCardNumber(text: string): boolean {
  try {
    assertNoCardNumber('', text);
    return true;
  } catch {
    return false;
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
