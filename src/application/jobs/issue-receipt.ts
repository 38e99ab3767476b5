import { Injectable } from '@nestjs/common';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { JsonObject } from '../../domain/json.js';
import { systemContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream, receiptId } from '../ids.js';
import { field, JobHandler } from './job-handler.js';
import { ISSUE_RECEIPT } from './job-names.js';

/** Issues the receipt of a capture under the number that its rank gave it. */
@Injectable()
export class IssueReceiptJob extends JobHandler {
  override readonly name = ISSUE_RECEIPT;

  constructor(private readonly executor: Execute) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const paymentId = field(payload, 'paymentId');
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(field(payload, 'invoiceId')),
      command: {
        type: 'IssueReceipt',
        paymentId,
        receiptId: receiptId(paymentId),
        number: field(payload, 'number'),
      },
      context: systemContext('receipts', field(payload, 'cause'), paymentId),
    });
  }
}
