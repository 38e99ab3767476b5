/**
 * The messages of a branch that has not worded its own, by language. Their placeholders are those of a branch's wording, in
 * double braces. Texts keep to the letters of GSM 03.38 and are short: with a link of ordinary length and the sentence about
 * opting out, the invoice's one stays within one segment.
 */
import type { MessageKind, MessageWording } from '../../domain/branch/events.js';
import type { Language } from './words.js';

type Wordings = Readonly<Record<MessageKind, MessageWording>>;

const en = (takesCards: boolean): Wordings => ({
  'invoice-link': {
    email: {
      subject: 'Invoice {{invoiceNumber}} from {{branchName}}: {{amountDue}}',
      body: [
        'Hello {{customerName}},',
        takesCards
          ? 'Here is invoice {{invoiceNumber}} from {{branchName}}. You can view it, download it and pay it by card online.'
          : 'Here is invoice {{invoiceNumber}} from {{branchName}}. You can view it and download it online.',
        '{{link}}',
      ].join('\n\n'),
    },
    sms: { body: '{{branchName}}: invoice {{invoiceNumber}}, {{amountDue}} due: {{link}}' },
  },
  receipt: {
    email: {
      subject: 'Receipt {{receiptNumber}} from {{branchName}}: {{amountPaid}}',
      body: ['Hello {{customerName}},', 'Thank you for your payment.', '{{link}}'].join('\n\n'),
    },
    sms: { body: 'Receipt {{receiptNumber}} from {{branchName}}: {{amountPaid}} paid. {{link}}' },
  },
  reminder: {
    email: {
      subject: 'Reminder: invoice {{invoiceNumber}} from {{branchName}} is {{dueStatus}}',
      body: [
        'Hello {{customerName}},',
        takesCards
          ? 'Invoice {{invoiceNumber}} from {{branchName}} is {{dueStatus}}. You can view it and pay it by card online.'
          : 'Invoice {{invoiceNumber}} from {{branchName}} is {{dueStatus}}. You can view it and download it online.',
        '{{link}}',
        'If you have paid it in the meantime, thank you: there is nothing left to do.',
      ].join('\n\n'),
    },
    sms: { body: '{{branchName}}: invoice {{invoiceNumber}}, {{amountDue}}, is {{dueStatus}}: {{link}}' },
  },
});

const es = (takesCards: boolean): Wordings => ({
  'invoice-link': {
    email: {
      subject: 'Factura {{invoiceNumber}} de {{branchName}}: {{amountDue}}',
      body: [
        'Hola, {{customerName}}:',
        takesCards
          ? 'Aquí tiene la factura {{invoiceNumber}} de {{branchName}}. Puede verla, descargarla y pagarla con tarjeta en línea.'
          : 'Aquí tiene la factura {{invoiceNumber}} de {{branchName}}. Puede verla y descargarla en línea.',
        '{{link}}',
      ].join('\n\n'),
    },
    sms: { body: '{{branchName}}: factura {{invoiceNumber}}, {{amountDue}} a pagar: {{link}}' },
  },
  receipt: {
    email: {
      subject: 'Recibo {{receiptNumber}} de {{branchName}}: {{amountPaid}}',
      body: ['Hola, {{customerName}}:', 'Gracias por su pago.', '{{link}}'].join('\n\n'),
    },
    sms: { body: 'Recibo {{receiptNumber}} de {{branchName}}: {{amountPaid}} pagados. {{link}}' },
  },
  reminder: {
    email: {
      subject: 'Recordatorio: la factura {{invoiceNumber}} de {{branchName}} {{dueStatus}}',
      body: [
        'Hola, {{customerName}}:',
        takesCards
          ? 'La factura {{invoiceNumber}} de {{branchName}} {{dueStatus}}. Puede verla y pagarla con tarjeta en línea.'
          : 'La factura {{invoiceNumber}} de {{branchName}} {{dueStatus}}. Puede verla y descargarla en línea.',
        '{{link}}',
        'Si ya la ha pagado, muchas gracias: no tiene que hacer nada más.',
      ].join('\n\n'),
    },
    // With the date instead of the days, whose accent would double the price of the text.
    sms: { body: '{{branchName}}: factura {{invoiceNumber}}, {{amountDue}}, vence {{dueDate}}: {{link}}' },
  },
});

const fr = (takesCards: boolean): Wordings => ({
  'invoice-link': {
    email: {
      subject: 'Facture {{invoiceNumber}} de {{branchName}} : {{amountDue}}',
      body: [
        'Bonjour {{customerName}},',
        takesCards
          ? 'Voici la facture {{invoiceNumber}} de {{branchName}}. Vous pouvez la consulter, la télécharger et la régler par carte en ligne.'
          : 'Voici la facture {{invoiceNumber}} de {{branchName}}. Vous pouvez la consulter et la télécharger en ligne.',
        '{{link}}',
      ].join('\n\n'),
    },
    sms: { body: '{{branchName}} : facture {{invoiceNumber}}, {{amountDue}} à régler : {{link}}' },
  },
  receipt: {
    email: {
      subject: 'Reçu {{receiptNumber}} de {{branchName}} : {{amountPaid}}',
      body: ['Bonjour {{customerName}},', 'Merci pour votre paiement.', '{{link}}'].join('\n\n'),
    },
    // Without its cedilla the word for a receipt would be another one, so that the text goes without it.
    sms: { body: '{{branchName}} : paiement de {{amountPaid}} enregistré, justificatif {{receiptNumber}} : {{link}}' },
  },
  reminder: {
    email: {
      subject: 'Rappel : facture {{invoiceNumber}} de {{branchName}}, {{dueStatus}}',
      body: [
        'Bonjour {{customerName}},',
        takesCards
          ? 'La facture {{invoiceNumber}} de {{branchName}} attend votre règlement : {{dueStatus}}. Vous pouvez la consulter et la régler par carte en ligne.'
          : 'La facture {{invoiceNumber}} de {{branchName}} attend votre règlement : {{dueStatus}}. Vous pouvez la consulter et la télécharger en ligne.',
        '{{link}}',
        'Si vous l’avez réglée entre-temps, merci : vous n’avez plus rien à faire.',
      ].join('\n\n'),
    },
    sms: { body: '{{branchName}} : facture {{invoiceNumber}}, {{amountDue}}, {{dueStatus}} : {{link}}' },
  },
});

type ByLanguage = Readonly<Record<Language, Wordings>>;

const WITH_CARDS: ByLanguage = { en: en(true), es: es(true), fr: fr(true) };
const WITHOUT_CARDS: ByLanguage = { en: en(false), es: es(false), fr: fr(false) };

/**
 * The words of a message where the branch has none in this language; the English ones in a language that we do not know.
 * @param takesCards false where the branch takes no cards: then no message promises it
 */
export function defaultWording(kind: MessageKind, language: string, takesCards = true): MessageWording {
  const wordings = takesCards ? WITH_CARDS : WITHOUT_CARDS;
  return new Map<string, Wordings>(Object.entries(wordings)).get(language)?.[kind] ?? wordings.en[kind];
}
