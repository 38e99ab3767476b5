/** A link that was asked for is sent, or staff hear why it was not; a PDF that staff asked for is mailed. */
import type { InvoiceEvent } from '../../domain/invoice/events.js';
import { isOfMany } from '../../domain/invoice/link-events.js';
import { MAIL_INVOICE_PDF, SEND_LINK, TELL_BRANCH } from '../jobs/job-names.js';
import type { Process } from './process.js';

export const linkDelivery: Process = {
  name: 'link-delivery',
  streamPrefixes: ['invoice-'],
  react({ id, event, stream }) {
    const { type, data } = event as InvoiceEvent;
    const invoiceId = stream.slice('invoice-'.length);
    if (type === 'LinkIssued' && data.channel !== 'none') {
      const payload = { invoiceId, linkId: data.linkId, cause: id };
      const job = { name: SEND_LINK, id: `${SEND_LINK}-${id}`, payload, delayMs: 0 };
      return [{ kind: 'job', job: isOfMany(data.purpose) ? { ...job, yields: true } : job }];
    }
    if (type === 'InvoicePdfRequested') {
      const payload = { invoiceId, requestId: data.requestId, cause: id };
      return [{ kind: 'job', job: { name: MAIL_INVOICE_PDF, id: `${MAIL_INVOICE_PDF}-${id}`, payload, delayMs: 0 } }];
    }
    if (type === 'LinkRenewalRequested' && data.outcome !== 'issued') {
      const payload = { invoiceId, why: data.outcome, cause: id };
      return [{ kind: 'job', job: { name: TELL_BRANCH, id: `${TELL_BRANCH}-${id}`, payload, delayMs: 0 } }];
    }
    return [];
  },
};
