/** Ten thousand wordings, random and hostile: refused or sent as written, never run, and nothing comes out that was not put in. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MESSAGE_KINDS, MESSAGE_PLACEHOLDERS } from '../../src/application/branch/placeholders.js';
import type { MessageKind, MessageWording } from '../../src/domain/branch/events.js';
import { DomainError } from '../../src/domain/errors.js';
import { HandlebarsMessageTemplates } from '../../src/infrastructure/messages/handlebars-message-templates.js';
import { branch, invoice, receipt } from './pdf-fixtures.js';

const templates = new HandlebarsMessageTemplates();
const SEED = 20_261_122;
const RUNS = 10_000;
const URL = 'https://pay.example.com/pay/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcde';
const SECRET = 'secret-of-the-process';

/** Values that would do harm if what is put in were looked at again. */
const HOSTILE_NAME = '{{link}} {{{constructor}}} ${7*7} <script>alert(1)</script> {days, plural, other {x}}';

const HOSTILE = [
  ...[
    '{{constructor}}',
    '{{__proto__}}',
    '{{this}}',
    '{{.}}',
    '{{@root}}',
    '{{@root.link}}',
    '{{../link}}',
    '{{process.env}}',
  ],
  ...['{{lookup this "constructor"}}', '{{log link}}', '{{link "x"}}', '{{link x=1}}', '{{(link)}}', '{{link.length}}'],
  ...['{{{link}}}', '{{&link}}', '{{~link~}}', '{{> link}}', '{{#> link}}{{/link}}', '{{#each this}}x{{/each}}'],
  ...['{{#with this as |x|}}{{x.constructor}}{{/with}}', '{{#if link}}x{{else}}y{{/if}}', '{{^link}}x{{/link}}'],
  ...[
    '{{{{raw}}}}{{link}}{{{{/raw}}}}',
    '{{!-- c --}}',
    '{{* decorator}}',
    '{{#*inline "x"}}y{{/inline}}',
    '{{"link"}}',
  ],
  ...[
    '{{',
    '}}',
    '{{{',
    '}}}',
    '\\{{link}}',
    '\\\\{{link}}',
    '{{link',
    'link}}',
    '{{}}',
    '{{ }}',
    '{{Link}}',
    '{{link}}}}',
  ],
  ...[
    '${process.env.X}',
    '#{7*7}',
    '<%= process %>',
    '{link}',
    '{count, plural, one {x} other {y}}',
    '%s',
    '<script>',
    '\u0000',
  ],
];
const KNOWN = [...new Set(MESSAGE_KINDS.flatMap((kind) => Object.keys(MESSAGE_PLACEHOLDERS[kind])))];

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...KNOWN).map((name) => `{{${name}}}`) },
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.constantFrom('{', '}', '~', '#', '/', '>', '!', '"', 'a', ' ', '\n'),
      maxLength: 10,
    }),
  },
);
const words = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));
/** Often near enough to a sound message to be taken. */
const body = fc.oneof(
  words,
  words.map((text) => `${text} {{branchName}} {{link}}`),
);
const message: fc.Arbitrary<MessageWording> = fc.record({
  email: fc.record({ subject: fc.oneof(words, fc.constant('Invoice {{invoiceNumber}}')), body }),
  sms: fc.record({ body }),
});

function render(kind: MessageKind, wording: MessageWording) {
  const about = {
    invoice: invoice({ branch: { ...branch, name: HOSTILE_NAME }, customer: { name: HOSTILE_NAME } }),
    message: wording,
    url: URL,
    feeNotice: undefined,
    firstTextToNumber: false,
  };
  switch (kind) {
    case 'invoice-link':
      return templates.invoiceLink(about);
    case 'reminder':
      return templates.reminder({ ...about, today: '2026-12-01' });
    case 'receipt':
      return templates.receipt({
        receipt: receipt({ testMode: false, branch: { ...branch, name: HOSTILE_NAME }, customerName: HOSTILE_NAME }),
        message: wording,
        url: URL,
      });
    default:
      return kind satisfies never;
  }
}

/** The text of a message by simple replacement: what a wording that was taken means. */
function plainly(kind: MessageKind, wording: string): string {
  const placeholders = Object.keys(MESSAGE_PLACEHOLDERS[kind]).join('|');
  return wording.replaceAll(new RegExp(`\\{\\{\\s*(?:${placeholders})\\s*\\}\\}`, 'g'), '');
}

function refusalOf(kind: MessageKind, wording: MessageWording): DomainError | undefined {
  try {
    templates.check(kind, wording);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

describe('wordings of every kind', () => {
  it('are refused with a reason, or sent: never run, nothing leaked, the same each time', () => {
    process.env['FUZZED_SECRET'] = SECRET;
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...MESSAGE_KINDS), message, (kind, wording) => {
        const refused = refusalOf(kind, wording);
        if (refused) {
          seen.refused += 1;
          expect(['template_invalid', 'card_number_in_text']).toContain(refused.code);
          expect(() => render(kind, wording)).toThrow(DomainError);
          return;
        }
        seen.taken += 1;
        const shown = render(kind, wording);
        const { email, sms } = shown;
        // One look at everything: each of ten thousand is looked at in many ways.
        const all = [email.subject, email.html, email.text, sms.body].join('\n');
        expect(all).not.toMatch(new RegExp(`${SECRET}|\\[object |native code|function Object`));
        expect(email.html).not.toMatch(/<script/i);
        expect(email.subject).not.toMatch(/[\r\n]/);
        expect([email.text.includes(URL), sms.body.includes(URL)]).toEqual([true, true]);
        // What stood in no placeholder is there as it was written.
        const written = plainly(kind, wording.sms.body).match(/[a-z]{4,}/g) ?? [];
        expect(written.filter((word) => !sms.body.includes(word))).toEqual([]);
        // What is sent is what was previewed, byte for byte.
        expect(render(kind, structuredClone(wording))).toEqual(shown);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    delete process.env['FUZZED_SECRET'];
    // Both ways have to be walked often, or the test says little.
    expect(seen.taken).toBeGreaterThan(RUNS / 50);
    expect(seen.refused).toBeGreaterThan(RUNS / 4);
  });

  it.each(MESSAGE_KINDS)('put values of a %s in once and never look at them again', (kind) => {
    const { email, sms } = render(kind, {
      email: { subject: 'For {{customerName}}', body: '{{customerName}}\n\n{{link}}' },
      sms: { body: '{{branchName}} {{link}}' },
    });
    expect(email.subject).toBe(`For ${HOSTILE_NAME}`);
    expect(sms.body).toBe(`${HOSTILE_NAME} ${URL}`);
    expect(email.text).toContain(HOSTILE_NAME);
    expect(email.html).not.toContain('<script>');
  });

  it.each(['{{link}}', '{{', '{{#if link}}', '((((', '\n', 'ü', '{{!--'])(
    'of a megabyte of %j are refused at once',
    (unit) => {
      const large = unit.repeat(1_048_576 / unit.length);
      const started = performance.now();
      for (const kind of MESSAGE_KINDS) {
        const wording = { email: { subject: 'Invoice', body: large }, sms: { body: large } };
        expect(refusalOf(kind, wording)).toMatchObject({ code: 'template_invalid', details: { part: 'email.body' } });
      }
      expect(performance.now() - started).toBeLessThan(500);
    },
  );

  it.each([
    [
      'invoice-link',
      'email.body',
      { email: { subject: 'x', body: 'Hello' }, sms: { body: '{{branchName}} {{link}}' } },
    ],
    ['reminder', 'email.body', { email: { subject: 'x', body: 'Hello' }, sms: { body: '{{branchName}} {{link}}' } }],
    ['reminder', 'sms.body', { email: { subject: 'x', body: '{{link}}' }, sms: { body: '{{link}}' } }],
    ['receipt', 'sms.body', { email: { subject: 'x', body: 'Thanks' }, sms: { body: '{{branchName}}' } }],
    [
      'receipt',
      'email.subject',
      { email: { subject: '{{amountDue}}', body: 'x' }, sms: { body: '{{branchName}} {{link}}' } },
    ],
    [
      'invoice-link',
      'email.subject',
      { email: { subject: '{{receiptNumber}}', body: '{{link}}' }, sms: { body: '{{link}}' } },
    ],
  ] as const)('of a %s that lack or misuse something in %s are refused', (kind, part, wording) => {
    expect(refusalOf(kind, wording)).toMatchObject({ code: 'template_invalid', details: { part } });
  });
});
