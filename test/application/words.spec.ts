/** The catalogues: every language says everything that English says, with the same values in it, in words of its own. */
import { describe, expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import { MESSAGE_KINDS } from '../../src/application/branch/placeholders.js';
import { defaultWording } from '../../src/application/words/wordings.js';
import { CATALOGUES, localeIn, readerLocale, wordsFor } from '../../src/application/words/words.js';
import { DEFAULT_CONSENT_TEXT, DEFAULT_DISCLOSURE_TEXT, DEFAULT_FEE_LABEL } from '../../src/domain/fees.js';
import { HandlebarsMessageTemplates } from '../../src/infrastructure/messages/handlebars-message-templates.js';
import { plainTypography, smsSegments } from '../../src/infrastructure/messages/sms-segments.js';

type Tree = { readonly [name: string]: string | Tree };

function flat(tree: Tree, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([name, text]) =>
    typeof text === 'string' ? [[`${path}${name}`, text] as const] : flat(text, `${path}${name}.`),
  );
}

const ENGLISH = new Map(flat(CATALOGUES.en));
const OTHERS = (['es', 'fr'] as const).flatMap((language) =>
  flat(CATALOGUES[language]).map(([name, text]) => ({ language, name, text })),
);

/** Words that happen to be the same in two languages, or have no letters at all. */
const SAME = new Set(
  [
    'es:document.subtotal es:document.total es:payment.total es:paper.subtotal es:paper.total',
    'fr:document.total fr:document.description fr:payment.total fr:paper.total',
  ]
    .join(' ')
    .split(' '),
);

/** Names of the values that a message takes. */
function valuesIn(text: string): ReadonlySet<string> {
  if (!text.includes('{')) return new Set();
  type Part = ReturnType<IntlMessageFormat['getAst']>[number];
  const names = new Set<string>();
  const collect = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if ('options' in part && part.options) {
        Object.values(part.options as Readonly<Record<string, { value: readonly Part[] }>>).forEach(({ value }) =>
          collect(value),
        );
      }
      // Literals (0) and the number within a plural (7) are no values of their own.
      if (part.type !== 0 && part.type !== 7 && 'value' in part) names.add(String(part.value));
    }
  };
  collect(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());
  return names;
}

describe('the words in other languages', () => {
  it('are there for each of the English ones, and for no more', () => {
    for (const language of ['es', 'fr'] as const) {
      expect(flat(CATALOGUES[language]).map(([name]) => name)).toEqual([...ENGLISH.keys()]);
    }
  });

  it.each(OTHERS)(
    '$language: $name has the values of the English text and is translated',
    ({ language, name, text }) => {
      const english = ENGLISH.get(name)!;
      expect(valuesIn(text)).toEqual(valuesIn(english));
      expect(text.trim()).not.toBe('');
      if (/\p{L}{3}/u.test(english.replace(/\{[^}]*\}/g, '')) && !SAME.has(`${language}:${name}`)) {
        expect(text).not.toBe(english);
      }
    },
  );

  it.each([...[...ENGLISH].map(([name, text]) => ({ language: 'en', name, text })), ...OTHERS])(
    '$language: $name is spoken',
    ({ language, name, text }) => {
      // A straight apostrophe would quote a brace that follows it.
      expect(text).not.toContain("'");
      const values = Object.fromEntries([...valuesIn(text)].map((value) => [value, value === 'days' ? 2 : '{brace}']));
      const count = 'count' in values ? { count: 3 } : {};
      const spoken = name.split('.').reduce<unknown>((tree, step) => (tree as Tree)[step], wordsFor(language)) as
        string | ((given: object) => string);
      const said = typeof spoken === 'string' ? spoken : spoken({ ...values, ...count });
      expect(said).not.toMatch(/undefined|plural|\[object/);
      for (const [value, given] of Object.entries({ ...values, ...count })) {
        expect([value, said]).toEqual([value, expect.stringContaining(String(given))]);
      }
    },
  );

  it('count one and several by the rules of each language', () => {
    expect(wordsFor('en-US').due.inDays({ days: 1 })).toBe('Due in 1 day');
    expect(wordsFor('es-MX').due.inDays({ days: 1 })).toBe('Vence en 1 día');
    expect(wordsFor('es-MX').due.inDays({ days: 2 })).toBe('Vence en 2 días');
    expect(wordsFor('fr-CA').due.overdueDays({ days: 1 })).toBe('En retard de 1 jour');
    expect(wordsFor('fr-CA').due.overdueDays({ days: 30 })).toBe('En retard de 30 jours');
  });

  it('say in English what the domain keeps of a fee where the branch wrote nothing', () => {
    const { fee } = wordsFor('en');
    expect(fee.label).toBe(DEFAULT_FEE_LABEL);
    expect(fee.consent({ fee: '{{fee}}' })).toBe(DEFAULT_CONSENT_TEXT);
    expect(fee.disclosure({ maxFee: '{{maxFee}}' })).toBe(DEFAULT_DISCLOSURE_TEXT);
  });
});

describe('the messages of a branch that has worded none', () => {
  const templates = new HandlebarsMessageTemplates();
  const languages = Object.keys(CATALOGUES);

  it.each(languages.flatMap((language) => MESSAGE_KINDS.map((kind) => ({ language, kind }))))(
    '$language $kind passes the check, and its text costs no more than it must',
    ({ language, kind }) => {
      const wording = defaultWording(kind, language);
      templates.check(kind, wording);
      const plain = `${wording.sms.body.replace(/\{\{\w+\}\}/g, 'x')}\n${wordsFor(language).mail.optOut}`;
      // One character outside GSM 03.38 would count 70 places a segment.
      expect(smsSegments(plainTypography(plain).padEnd(160, 'x'))).toBe(1);
      if (language !== 'en') expect(wording).not.toEqual(defaultWording(kind, 'en'));
    },
  );

  it.each(languages.flatMap((language) => (['invoice-link', 'reminder'] as const).map((kind) => ({ language, kind }))))(
    '$language $kind promises no card where none is taken, and is the same otherwise',
    ({ language, kind }) => {
      const [taken, none] = [defaultWording(kind, language), defaultWording(kind, language, false)];
      templates.check(kind, none);
      expect(taken.email.body).toMatch(/card|tarjeta|carte/);
      expect(JSON.stringify(none)).not.toMatch(/card|tarjeta|carte|\bpay it|pagarla|régler par/);
      expect({ ...none, email: { ...none.email, body: '' } }).toEqual({
        ...taken,
        email: { ...taken.email, body: '' },
      });
    },
  );

  it('are the English ones in a language that there is none of', () => {
    expect(defaultWording('receipt', 'de')).toBe(defaultWording('receipt', 'en'));
    expect(defaultWording('receipt', 'constructor')).toBe(defaultWording('receipt', 'en'));
  });
});

describe('the language of a customer', () => {
  it.each([
    ['es-MX', 'en-US', 'es-MX'],
    [undefined, 'fr-CA', 'fr-CA'],
    ['de-DE', 'fr-CA', 'fr-CA'],
    ['ES', 'en-US', 'ES'],
    ['de-DE', 'ja-JP', 'en-JP'],
    [undefined, 'ja', 'en'],
    ['zxx', 'fr-Latn-CA-u-ca-gregory', 'fr-Latn-CA-u-ca-gregory'],
  ])('for %s at a branch of %s is that of %s', (customer, branch, expected) => {
    expect(readerLocale(customer, branch)).toBe(expected);
    expect(() => wordsFor(expected)).not.toThrow();
  });

  it('can be chosen for a preview, in the region that it is for', () => {
    expect(localeIn(undefined, 'en-US')).toBe('en-US');
    expect(localeIn('en', 'en-GB')).toBe('en-GB');
    expect(localeIn('es', 'en-US')).toBe('es-US');
    expect(localeIn('fr', 'en')).toBe('fr');
  });
});
