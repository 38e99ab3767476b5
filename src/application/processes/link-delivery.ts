/** A link that staff asked for is sent; a PDF that staff asked for is mailed. */
import type { InvoiceEvent } from '../../domain/invoice/events.js';
import { MAIL_INVOICE_PDF, SEND_LINK } from '../jobs/job-names.js';
import type { Process } from './process.js';

export const linkDelivery: Process = {
  name: 'link-delivery',
  streamPrefixes: ['invoice-'],
  react({ id, event, stream }) {
    const { type, data } = event as InvoiceEvent;
    const invoiceId = stream.slice('invoice-'.length);
    if (type === 'LinkIssued' && data.channel !== 'none') {
      const payload = { invoiceId, linkId: data.linkId, cause: id };
      return [{ kind: 'job', job: { name: SEND_LINK, id: `${SEND_LINK}-${id}`, payload, delayMs: 0 } }];
    }
    if (type === 'InvoicePdfRequested') {
      const payload = { invoiceId, requestId: data.requestId, cause: id };
      return [{ kind: 'job', job: { name: MAIL_INVOICE_PDF, id: `${MAIL_INVOICE_PDF}-${id}`, payload, delayMs: 0 } }];
    }
    return [];
  },
};
