/** The lines of what happens to the document itself, and of its PDF by mail. */
import { dateWords } from '../portal-formats.js';
import { details, type Lines } from './timeline-line.js';

export const DOCUMENT_LINES: Lines<
  | 'InvoiceRegistered'
  | 'InvoiceRevised'
  | 'InvoiceVoided'
  | 'InvoicePdfRequested'
  | 'InvoicePdfSent'
  | 'InvoicePdfSendFailed'
> = {
  InvoiceRegistered: ({ totalMinor, dueOn, customer, externalId }, _about, { money }) => ({
    what: `Issued for ${money(totalMinor)}, due ${dateWords(dueOn)}`,
    tone: 'calm',
    details: details({ Customer: customer.name, 'In your accounting system': externalId }),
  }),
  InvoiceRevised: ({ totalMinor, dueOn, customer }, { before }, { money }) => {
    const wasDue = before && before.dueOn !== dueOn ? `${dateWords(before.dueOn)} → ${dateWords(dueOn)}` : undefined;
    const wasNamed =
      before && before.customer.name !== customer.name ? `${before.customer.name} → ${customer.name}` : undefined;
    const isOther = before !== undefined && before.totalMinor !== totalMinor;
    return {
      what: isOther ? `Revised: ${money(before.totalMinor)} → ${money(totalMinor)}` : 'Revised: the total is the same',
      tone: 'calm',
      details: details({ Due: wasDue, Customer: wasNamed }),
    };
  },
  InvoiceVoided: ({ reason }) => ({ what: `Void: ${reason}`, tone: 'warn' }),
  InvoicePdfRequested: ({ recipient }) => ({ what: `PDF asked to be mailed to ${recipient}`, tone: 'calm' }),
  InvoicePdfSent: ({ providerId }, { recipient }) => ({
    what: `PDF mailed${recipient === undefined ? '' : ` to ${recipient}`}`,
    tone: 'calm',
    details: details({ 'Mail server’s answer': providerId }),
  }),
  InvoicePdfSendFailed: ({ reason, code }, { recipient }) => ({
    what: `PDF not mailed${recipient === undefined ? '' : ` to ${recipient}`}: ${reason}`,
    tone: 'bad',
    details: details({ Code: code }),
  }),
};
