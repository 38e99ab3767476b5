/** Every capture gets its one receipt, numbered in the order of the log, and the receipt is sent to who paid. */
import type { InvoiceEvent } from '../../domain/invoice/events.js';
import { EMAIL_RECEIPT, SEND_RECEIPT } from '../jobs/job-names.js';
import type { Process } from './process.js';

export const receipts: Process = {
  name: 'receipts',
  streamPrefixes: ['invoice-'],
  react({ id, event, stream }) {
    const { type, data } = event as InvoiceEvent;
    const invoiceId = stream.slice('invoice-'.length);
    if (type === 'PaymentCaptured') {
      const { branchId, paymentId } = data;
      return [{ kind: 'number_receipt', branchId, invoiceId, paymentId, causeEventId: id }];
    }
    if (type === 'ReceiptIssued') {
      const payload = { invoiceId, paymentId: data.paymentId, cause: id };
      return [{ kind: 'job', job: { name: SEND_RECEIPT, id: `${SEND_RECEIPT}-${id}`, payload, delayMs: 0 } }];
    }
    if (type === 'ReceiptEmailRequested') {
      const payload = { invoiceId, requestId: data.requestId, cause: id };
      return [{ kind: 'job', job: { name: EMAIL_RECEIPT, id: `${EMAIL_RECEIPT}-${id}`, payload, delayMs: 0 } }];
    }
    return [];
  },
};
