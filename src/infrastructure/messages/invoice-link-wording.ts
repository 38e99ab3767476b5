import type { InvoiceLinkMessage } from '../../domain/branch/events.js';
import { mentions, parseWording, refuseWording, type Piece } from './wording-template.js';

/** An invoice-link message that was found fit to be sent. */
export interface InvoiceLinkWording {
  readonly subject: readonly Piece[];
  readonly emailBody: readonly Piece[];
  readonly smsBody: readonly Piece[];
}

/**
 * The words for a branch that has none of its own. English is used in every language until others are added: one language
 * throughout reads better than a translated mail that leads to an English page.
 */
export const DEFAULT_INVOICE_LINK: InvoiceLinkMessage = {
  email: {
    subject: 'Invoice {{invoiceNumber}} from {{branchName}}: {{amountDue}}',
    body: [
      'Hello {{customerName}},',
      'Here is invoice {{invoiceNumber}} from {{branchName}}. You can view it, download it and pay it by card online.',
      '{{link}}',
    ].join('\n\n'),
  },
  // Short, so that with a link of ordinary length and the opt-out sentence it stays within one segment.
  sms: { body: '{{branchName}}: invoice {{invoiceNumber}}, {{amountDue}} due: {{link}}' },
};

/**
 * Reads a message and checks what must and must not be in each part.
 * @throws DomainError `template_invalid` with `part`, `line` and `reason`
 */
export function readInvoiceLinkWording(message: InvoiceLinkMessage): InvoiceLinkWording {
  const subject = parseWording('email.subject', message.email.subject);
  const emailBody = parseWording('email.body', message.email.body);
  const smsBody = parseWording('sms.body', message.sms.body);
  if (/[\r\n]/.test(message.email.subject)) {
    refuseWording('email.subject', 1, 'A subject is one line.');
  }
  if (message.email.subject.trim() === '') {
    refuseWording('email.subject', 1, 'A subject cannot be empty.');
  }
  if (mentions(subject, 'link')) {
    refuseWording('email.subject', 1, 'The link belongs in the body: subjects show in notifications and logs.');
  }
  if (!mentions(emailBody, 'link')) {
    refuseWording('email.body', 1, 'Without {{link}} the customer cannot open the invoice.');
  }
  if (!mentions(smsBody, 'link')) {
    refuseWording('sms.body', 1, 'Without {{link}} the customer cannot open the invoice.');
  }
  if (!mentions(smsBody, 'branchName')) {
    refuseWording('sms.body', 1, 'Without {{branchName}} the customer cannot know who writes.');
  }
  return { subject, emailBody, smsBody };
}

const MAX_KEPT = 500;
const kept = new Map<string, InvoiceLinkWording>();

/** As `readInvoiceLinkWording`, remembered: branches send one wording thousands of times. */
export function keptInvoiceLinkWording(message: InvoiceLinkMessage): InvoiceLinkWording {
  const key = JSON.stringify([message.email.subject, message.email.body, message.sms.body]);
  let wording = kept.get(key);
  if (!wording) {
    wording = readInvoiceLinkWording(message);
    kept.set(key, wording);
    if (kept.size > MAX_KEPT) {
      kept.delete(kept.keys().next().value!);
    }
  }
  return wording;
}
