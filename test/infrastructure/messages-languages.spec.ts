/** Messages and documents as customers of other languages get them. */
import { describe, expect, it } from '@jest/globals';
import { wordsFor } from '../../src/application/words/words.js';
import type { MessageKind } from '../../src/domain/branch/events.js';
import { HandlebarsMessageTemplates } from '../../src/infrastructure/messages/handlebars-message-templates.js';
import { PdfkitDocuments } from '../../src/infrastructure/pdf/pdfkit-documents.js';
import { branch, invoice, receipt } from './pdf-fixtures.js';
import { textOf } from './pdf-reader.js';

const templates = new HandlebarsMessageTemplates();
const documents = new PdfkitDocuments();
const url = 'https://pay.example.com/pay/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcde';
const words = (kind: MessageKind, language: string) => templates.defaultWording({ kind, language });
const about = (locale: string, language: string) => ({
  invoice: invoice({ locale, branch: { ...branch, termsUrl: 'https://harbor.example/terms' } }),
  message: words('invoice-link', language),
  url,
  feeNotice: undefined,
  firstTextToNumber: true,
});

describe('the message of a link', () => {
  it('is in the language of its reader, layout, footer and text, within one segment', () => {
    const spanish = templates.invoiceLink(about('es-US', 'es'));
    expect(spanish.email.subject).toBe('Factura INV-1001 de Main Street: $405.94');
    expect(spanish.email.html).toContain('<html lang="es">');
    expect(spanish.email.html).toContain('Ver y pagar la factura');
    expect(spanish.email.text).toContain('Importe pendiente: $405.94\nVence el 20 de diciembre de 2026');
    expect(spanish.email.text).toContain('Condiciones: https://harbor.example/terms');
    expect(spanish.sms.body).toContain('Responda STOP');
    const french = templates.invoiceLink(about('fr-CA', 'fr'));
    expect(french.email.text).toContain('Montant dû\u00a0: 405,94');
    expect(french.email.text).not.toMatch(/\b(Amount|Due|Questions\?|because)\b/);
    expect([spanish.sms.segments, french.sms.segments]).toEqual([1, 1]);
  });
});

describe('a reminder', () => {
  it.each([
    ['en-US', '2026-12-17', 'due in 3 days'],
    ['en-US', '2026-12-19', 'due in 1 day'],
    ['en-US', '2026-12-20', 'due today'],
    ['en-US', '2026-12-27', '7 days overdue'],
    ['es-US', '2026-12-21', 'está vencida desde hace 1 día'],
    ['fr-CA', '2026-12-17', 'échéance dans 3 jours'],
  ])('in %s on %s says %s', (locale, today, said) => {
    const message = words('reminder', locale.slice(0, 2));
    const { email, sms } = templates.reminder({ ...about(locale, 'en'), message, today });
    expect(email.subject).toContain(said);
    expect(email.text).toContain(said);
    expect(email.text).toContain(url);
    expect(sms.body).toContain(url);
  });
});

describe('an email about several invoices', () => {
  const items = ['INV-1001', 'INV-1002'].map((number) => ({
    invoice: invoice({ number, locale: 'en-US' }),
    url: `${url}-${number}`,
    feeNotice: number === 'INV-1002' ? 'with a fee by credit card' : undefined,
  }));

  it('lists each with its own link, sum and fee, and what is owed in all', () => {
    const { subject, html, text } = templates.invoiceLinks({ items });
    expect(subject).toBe('2 invoices from Main Street: $811.88');
    for (const part of [html, text]) {
      for (const said of ['$811.88', ...items.map((item) => item.url), 'View and pay INV-1001', 'with a fee']) {
        expect(part).toContain(said);
      }
    }
    expect(html.match(/class="button"/g)).toHaveLength(2);
    expect(text.indexOf('INV-1001')).toBeLessThan(text.indexOf('INV-1002'));
    expect(templates.invoiceLinks({ items })).toEqual({ subject, html, text });
  });

  it('is about one at least', () => {
    expect(templates.invoiceLinks({ items: items.slice(0, 1) }).subject).toBe('1 invoice from Main Street: $405.94');
    expect(() => templates.invoiceLinks({ items: [] })).toThrow(RangeError);
  });
});

describe('a branch that takes no cards', () => {
  it.each(['en', 'es', 'fr'])('promises in %s nowhere that one can pay online', (language) => {
    const promise = /by card|con tarjeta|par carte|View and pay|Ver y pagar|Voir et régler/;
    const rendered = (takesCards: boolean) => {
      const message = templates.defaultWording({ kind: 'invoice-link', language, takesCards });
      const input = { ...about(`${language}-US`, language), message, takesCards };
      const reminding = templates.defaultWording({ kind: 'reminder', language, takesCards });
      const reminder = templates.reminder({ ...input, message: reminding, today: '2026-12-17' });
      return [templates.invoiceLink(input).email, templates.invoiceLinks({ items: [input] }), reminder.email];
    };
    for (const { html, text } of rendered(true))
      expect([html, text].map((part) => promise.test(part))).toEqual([true, true]);
    for (const { html, text } of rendered(false))
      expect([html, text].map((part) => promise.test(part))).toEqual([false, false]);
  });
});

describe('a test message', () => {
  it('says so first, once, whatever it is', () => {
    const link = templates.invoiceLink({ ...about('fr-CA', 'fr'), isTest: true });
    expect(link.email.subject).toMatch(/^Test\u00a0: Facture/);
    expect(link.email.html).toContain(wordsFor('fr').mail.testMessage);
    const paid = templates.receipt({ receipt: receipt(), message: words('receipt', 'en'), url, isTest: true });
    expect(paid.sms.body).toMatch(/^Test: Receipt/);
    expect(paid.email.text).toContain('Test: no money moved. Test message');
  });
});

describe('documents', () => {
  it('are in the language of their reader', async () => {
    const paper = textOf(await documents.invoicePdf(invoice({ locale: 'es-US' })));
    for (const said of [
      'Factura',
      'Facturar a',
      'Emitida el 20 de noviembre de 2026',
      'Precio unitario',
      'Página 1 de 1',
    ]) {
      expect(paper).toContain(said);
    }
    expect(paper).not.toMatch(/Invoice|Bill to|Amount due|Unit price/);
    const receipts = textOf(await documents.receiptPdf(receipt({ locale: 'fr-CA', feeLabel: 'Frais de traitement' })));
    for (const said of ['Reçu', 'Payé avec', 'Visa se terminant par 4242', 'Total payé', 'aucun argent']) {
      expect(receipts).toContain(said);
    }
  });
});
