import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MESSAGE_PLACEHOLDERS } from '../../src/application/branch/placeholders.js';
import type { MessageTemplates } from '../../src/application/documents.js';
import type { MessageWording } from '../../src/domain/branch/events.js';
import { DomainError } from '../../src/domain/errors.js';
import { HandlebarsMessageTemplates } from '../../src/infrastructure/messages/handlebars-message-templates.js';
import { branch, invoice } from '../infrastructure/pdf-fixtures.js';

const templates: MessageTemplates = new HandlebarsMessageTemplates();
const url = 'https://pay.example.com/pay/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcde';
const sound = templates.defaultWording({ kind: 'invoice-link', language: 'en' });

const withSubject = (subject: string): MessageWording => ({ ...sound, email: { ...sound.email, subject } });
const withBody = (body: string): MessageWording => ({ ...sound, email: { ...sound.email, body } });
const withSms = (body: string): MessageWording => ({ ...sound, sms: { body } });

function refusal(message: MessageWording): DomainError | undefined {
  try {
    templates.check('invoice-link', message);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    return error as DomainError;
  }
}

const render = (message: MessageWording) =>
  templates.invoiceLink({ invoice: invoice(), message, url, feeNotice: undefined, firstTextToNumber: false });

/** Each would run, reach or break something if it were compiled. */
const HOSTILE = [
  '{{constructor}}',
  '{{__proto__}}',
  '{{hasOwnProperty}}',
  '{{constructor.constructor}}',
  '{{this}}',
  '{{this.constructor}}',
  '{{.}}',
  '{{./link}}',
  '{{../link}}',
  '{{@root}}',
  '{{@root.link}}',
  '{{lookup this "constructor"}}',
  '{{link "x"}}',
  '{{link x=1}}',
  '{{log link}}',
  '{{{link}}}',
  '{{&link}}',
  '{{~link~}}',
  '{{> link}}',
  '{{>(link)}}',
  '{{#> link}}{{/link}}',
  '{{#with link}}x{{/with}}',
  '{{#each link}}x{{/each}}',
  '{{#if link}}x{{else}}y{{/if}}',
  '{{^link}}x{{/link}}',
  '{{{{raw}}}}{{link}}{{{{/raw}}}}',
  '{{! comment }}',
  '{{!-- comment --}}',
  '{{* decorator}}',
  '{{#*inline "x"}}y{{/inline}}',
  '{{"link"}}',
  '{{1}}',
  '{{true}}',
  '{{(link)}}',
  '{{link.length}}',
  '{{link/length}}',
  '{{unknown}}',
  '{{Link}}',
  '{{',
  '{{link',
  '{{}}',
  '{{{link}}',
  '{{#link}}',
  '{{/link}}',
];

describe('the words of a branch', () => {
  it('are taken with every placeholder, and the default ones are', () => {
    templates.check('invoice-link', sound);
    const all = Object.keys(MESSAGE_PLACEHOLDERS['invoice-link'])
      .map((name) => `{{${name}}} {{ ${name} }}`)
      .join('\n');
    templates.check('invoice-link', {
      email: { subject: '{{amountDue}} to {{customerName}}', body: all },
      sms: { body: all },
    });
  });

  it.each(HOSTILE)('%s is refused in each part, by line', (hostile) => {
    const parts = [
      { part: 'email.subject', message: withSubject(`Invoice ${hostile}`), line: 1 },
      { part: 'email.body', message: withBody(`Hello\n{{link}}\n${hostile}`), line: 3 },
      { part: 'sms.body', message: withSms(`{{branchName}} {{link}}\n${hostile}`), line: 2 },
    ];
    for (const { part, message, line } of parts) {
      const error = refusal(message);
      expect(error?.code).toBe('template_invalid');
      expect(error?.details).toMatchObject({ part, line });
      expect(() => render(message)).toThrow(DomainError);
    }
  });

  it.each([
    ['email.body', withBody('Dear {{customerName}}')],
    ['sms.body', withSms('{{branchName}} writes')],
    ['sms.body', withSms('Pay here: {{link}}')],
    ['email.subject', withSubject('Pay {{link}}')],
    ['email.subject', withSubject('Invoice\nBcc: other@example.com')],
    ['email.subject', withSubject('Invoice\r')],
    ['email.subject', withSubject('  ')],
    ['email.body', withBody(`{{link}}${'x'.repeat(10_240)}`)],
    ['email.body', withBody(`{{link}}${'ü'.repeat(5_200)}`)],
    ['sms.body', withSms(`{{branchName}} {{link}}${'{{'.repeat(200_000)}`)],
    ['email.body', withBody('{{link}}\u0000')],
  ])('are refused in %s when something must or must not be there (%#)', (part, message) => {
    expect(refusal(message)?.code).toBe('template_invalid');
    expect(refusal(message)?.details).toMatchObject({ part, reason: expect.stringMatching(/\.$/) });
  });

  it('hold no card number', () => {
    expect(refusal(withBody('{{link}} 4242 4242 4242 4242'))?.code).toBe('card_number_in_text');
  });

  it('are either refused or rendered, and never run, whatever they are', () => {
    const piece = fc.oneof(
      fc.constantFrom(...HOSTILE, '{{link}}', '{{branchName}}', '\\{{', '\\\\{{', '}}', '<script>', '\n'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const message = withBody(`${pieces.join('')} {{link}}`);
        const error = refusal(message);
        if (error) {
          expect(['template_invalid', 'card_number_in_text']).toContain(error.code);
          return;
        }
        const { html, text } = render(message).email;
        expect(text).toContain(url);
        expect(html + text).not.toMatch(/\[object|function |native code/);
        expect(html).not.toContain('<script');
      }),
      { numRuns: 500 },
    );
  });
});

describe('an invoice-link message', () => {
  it('says who, how much and until when, with one button and the link in plain', () => {
    const feeNotice = '$405.94 by debit card · up to $418.11 by credit card';
    const { email } = templates.invoiceLink({
      invoice: invoice(),
      message: sound,
      url,
      feeNotice,
      firstTextToNumber: false,
    });

    expect(email.subject).toBe('Invoice INV-1001 from Main Street: $405.94');
    for (const part of [email.html, email.text]) {
      for (const said of [
        'Ada Byron',
        'Main Street',
        '$405.94',
        'December 20, 2026',
        feeNotice,
        url,
        'sent you this email because',
        'View and pay invoice',
      ]) {
        expect(part).toContain(said);
      }
    }
    expect(email.html.match(/class="button"/g)).toHaveLength(1);
    expect(email.html.match(/<div class="preheader"[^>]*>\$405\.94 due December 20, 2026/)).not.toBeNull();
    expect(email.html).toMatch(/prefers-color-scheme: dark/);
    expect(email.html).not.toMatch(/https?:\/\/(?!pay\.example\.com)/);
  });

  it('puts the button where the link stood alone, and leaves it in the sentence where it did not', () => {
    const alone = render(withBody('First.\n\n{{link}}\n\nLast, {{branchName}}')).email;
    expect(alone.text.indexOf('First.')).toBeLessThan(alone.text.indexOf(url));
    expect(alone.text.indexOf(url)).toBeLessThan(alone.text.indexOf('Last, Main Street'));
    expect(alone.text.split(url)).toHaveLength(2);

    const inside = render(withBody('Open {{link}} please.\nThank you.')).email;
    expect(inside.text).toContain(`Open ${url} please.\nThank you.`);
    expect(inside.html).toMatch(
      new RegExp(`Open <a class="inline-link" href="${url}"[^>]*>${url}</a> please.<br>Thank you.`),
    );
    expect(inside.html.match(/class="button"/g)).toHaveLength(1);
  });

  it('escapes what customers and branches are called in HTML, and nowhere else', () => {
    const name = `<img src=x onerror=alert(1)> & "Sons" {{link}} {{constructor}}`;
    const document = invoice({ branch: { ...branch, name }, customer: { name } });
    const { email, sms } = templates.invoiceLink({
      invoice: document,
      message: sound,
      url,
      feeNotice: undefined,
      firstTextToNumber: true,
    });

    expect(email.html).not.toContain('<img src=x');
    expect(email.html).toContain('&lt;img');
    for (const plain of [email.text, email.subject, sms.body]) {
      expect(plain).toContain(name);
      expect(plain).not.toMatch(/&(amp|lt|quot|#)/);
    }
  });

  it('lets no value break a header or pass for other words', () => {
    const name = 'Ada\r\nBcc: other@example.com\r\n\r\nPay at https://evil.example';
    const document = invoice({ branch: { ...branch, name }, customer: { name }, number: 'X\u2028Y' });
    const { email } = templates.invoiceLink({
      invoice: document,
      message: sound,
      url,
      feeNotice: undefined,
      firstTextToNumber: true,
    });

    expect(email.subject).not.toMatch(/[\r\n\u2028]/);
    expect(email.text).not.toMatch(/^Bcc:|^Pay at/m);
    const long = invoice({ branch: { ...branch, name: 'x'.repeat(5_000) } });
    const message = templates.invoiceLink({
      invoice: long,
      message: sound,
      url,
      feeNotice: undefined,
      firstTextToNumber: true,
    });
    expect([...message.email.subject].length).toBeLessThanOrEqual(200);
  });

  it('is one segment as a text, names the business, and tells a new number how to stop', () => {
    const first = templates.invoiceLink({
      invoice: invoice(),
      message: sound,
      url,
      feeNotice: undefined,
      firstTextToNumber: true,
    }).sms;
    expect(first.body).toBe(`Main Street: invoice INV-1001, $405.94 due: ${url}\nReply STOP to opt out, HELP for help`);
    expect(first.segments).toBe(1);
    expect(render(sound).sms.body).not.toContain('STOP');
  });

  it('writes money and dates as the customer does, and yen without decimals', () => {
    const german = templates.invoiceLink({
      invoice: invoice({ locale: 'de-DE', currency: 'EUR' }),
      message: sound,
      url,
      feeNotice: undefined,
      firstTextToNumber: false,
    });
    expect(german.email.text).toMatch(/405,94\s€/);
    expect(german.email.text).toContain('20. Dezember 2026');
    expect(german.sms).toMatchObject({ segments: 1, body: expect.stringContaining('405,94 €') });
    const japanese = templates.invoiceLink({
      invoice: invoice({ locale: 'ja-JP', currency: 'JPY' }),
      message: sound,
      url,
      feeNotice: undefined,
      firstTextToNumber: false,
    });
    expect(japanese.email.text).toMatch(/[\u00a5\uffe5]40,594/);
    expect(japanese.sms).toMatchObject({ segments: 1, body: expect.stringContaining('\u00a540,594') });
  });
});
