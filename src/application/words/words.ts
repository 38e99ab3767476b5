/** What the product says to customers, in each language that it knows. A branch's own words are not here. */
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import type { Catalogue } from './catalogue.js';
import { speak, type Spoken } from './phrases.js';

export type Words = Spoken<typeof en>;

export const CATALOGUES = { en, es, fr } as const satisfies Readonly<Record<string, Catalogue>>;

/** ISO 639 codes of the languages that messages, pages and documents exist in. */
export type Language = keyof typeof CATALOGUES;

/** A map, because a customer's language may be called `valueOf`. */
const WORDS: ReadonlyMap<string, Words> = new Map(
  Object.entries(CATALOGUES).map(([language, catalogue]) => [language, speak<typeof en>(catalogue, language)]),
);

/** The words for a reader of this locale or language; the English ones where there are none of theirs. */
export function wordsFor(locale: string): Words {
  return WORDS.get(new Intl.Locale(locale).language) ?? WORDS.get('en')!;
}

/** True for the locale of a language that there are words in. */
function isSpoken(locale: string): boolean {
  return WORDS.has(new Intl.Locale(locale).language);
}

/** The locale of a text in this language: the base one where that is its language, else the language in the base's region. */
export function localeIn(language: string | undefined, base: string): string {
  const locale = new Intl.Locale(base);
  if (language === undefined || language === locale.language) return base;
  return locale.region === undefined ? language : `${language}-${locale.region}`;
}

/**
 * The locale in which a customer is written to: their own where its language is known, else the branch's, else English with the
 * formats of the branch's region. Words, money and dates all go by it, so that none of them is in another language than the rest.
 */
export function readerLocale(customer: string | undefined, branch: string): string {
  const known = [customer, branch].find((locale) => locale !== undefined && isSpoken(locale));
  if (known !== undefined) return known;
  const { region } = new Intl.Locale(branch);
  return region === undefined ? 'en' : `en-${region}`;
}
