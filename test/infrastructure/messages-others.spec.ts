import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readableAccent } from '../../src/infrastructure/messages/accent.js';
import { HandlebarsMessageTemplates } from '../../src/infrastructure/messages/handlebars-message-templates.js';
import { plainTypography, smsSegments } from '../../src/infrastructure/messages/sms-segments.js';
import { branch, invoice, LOGO, receipt } from './pdf-fixtures.js';

const templates = new HandlebarsMessageTemplates();
const message = templates.defaultWording({ kind: 'receipt', language: 'en' });
const url = 'https://pay.example.com/receipts/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcde';

describe('a receipt message', () => {
  it('shows the amount and the fee as two lines, the card, the time at the branch, and the link', () => {
    const { email, sms } = templates.receipt({ receipt: receipt({ testMode: false }), message, url });

    expect(email.subject).toBe('Receipt R-000042 from Main Street: $418.11');
    for (const part of [email.html, email.text]) {
      for (const said of [
        'Invoice INV-1001: $405.94',
        'Processing fee: $12.17',
        '$418.11',
        'Visa ending in 4242',
        'November 21, 2026 at 10:30',
        url,
      ]) {
        expect(part).toContain(said);
      }
      expect(part).not.toContain('Test');
    }
    expect(sms).toEqual({ body: `Receipt R-000042 from Main Street: $418.11 paid. ${url}`, segments: 1 });
  });

  it('says in each channel that no money moved, where none did', () => {
    const { email, sms } = templates.receipt({ receipt: receipt(), message, url });
    for (const part of [email.html, email.text, sms.body]) {
      expect(part).toContain('Test: no money moved');
    }
  });
});

describe('the mail that carries the PDF', () => {
  it('has no link at all, and says that nobody can pay from it', () => {
    const { html, text, subject } = templates.invoicePdf({ invoice: invoice({ branch: { ...branch, logo: LOGO } }) });

    for (const part of [html, text]) {
      expect(part).not.toMatch(/https?:|href|<a\b/);
      expect(part).toContain('attached as a PDF');
      expect(part).toContain('You cannot pay from this email or from the PDF.');
      expect(part).toContain('$405.94');
    }
    expect(subject).toBe('Invoice INV-1001 from Main Street: $405.94');
    expect(html).toContain(`src="${LOGO.replaceAll('=', '&#x3D;')}"`);
  });

  it('leaves out a logo that is broken or would make the mail too large', () => {
    for (const logo of ['data:image/png;base64,AAAA', 'javascript:alert(1)', `${LOGO}${'A'.repeat(50_000)}`]) {
      expect(templates.invoicePdf({ invoice: invoice({ branch: { ...branch, logo } }) }).html).not.toContain('<img');
    }
  });
});

describe('segments', () => {
  it.each([
    ['', 1],
    ['x'.repeat(160), 1],
    ['x'.repeat(161), 2],
    ['x'.repeat(306), 2],
    ['x'.repeat(307), 3],
    [`${'x'.repeat(158)}€`, 1],
    [`${'x'.repeat(159)}€`, 2],
    // The escape and its character stay together: place 153 of the first segment is left empty.
    [`${'x'.repeat(152)}€${'x'.repeat(151)}`, 2],
    [`${'x'.repeat(152)}€${'x'.repeat(152)}`, 3],
    ['ł'.repeat(70), 1],
    ['ł'.repeat(71), 2],
    ['ł'.repeat(134), 2],
    ['ł'.repeat(135), 3],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(36), 2],
    // 67 units hold 33 pairs; the 34th goes into the next segment whole.
    ['😀'.repeat(66), 2],
    ['😀'.repeat(67), 3],
    [`ç${'x'.repeat(70)}`, 2],
    [`Ç${'x'.repeat(70)}`, 1],
    [`\`${'x'.repeat(70)}`, 2],
  ])('%j: %i', (text, segments) => {
    expect(smsSegments(text)).toBe(segments);
  });

  it('never shrink when a text grows', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        (text, more) => {
          expect(smsSegments(text + more)).toBeGreaterThanOrEqual(smsSegments(text));
        },
      ),
    );
  });

  it('are not doubled by typography', () => {
    const text = 'Main Street\u2019s invoice \u2013 405,94\u00a0€ \u201cdue\u201d\u2026';
    expect(plainTypography(text)).toBe('Main Street\'s invoice - 405,94 € "due"...');
    expect(plainTypography('Łukasz Ångström')).toBe('Łukasz Ångström');
  });
});

describe('the colour of a branch', () => {
  it('is kept where white is readable on it, and darkened where it is not', () => {
    expect(readableAccent('#0b7a5b', '#1d4ed8')).toBe('#0b7a5b');
    expect(readableAccent('#ffff00', '#1d4ed8')).toMatch(/^#[0-9a-f]{6}$/);
    expect(readableAccent('#ffff00', '#1d4ed8')).not.toBe('#ffff00');
    expect(readableAccent('red;background:url(x)', '#1d4ed8')).toBe('#1d4ed8');
    expect(readableAccent(undefined, '#1d4ed8')).toBe('#1d4ed8');
  });
});
