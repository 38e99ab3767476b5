import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../domain/json.js';
import { systemContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { loadInvoice } from '../invoice/invoice-view.js';
import { PaymentSettlement } from '../pay/payment-settlement.js';
import { field, JobHandler } from './job-handler.js';
import { SETTLE_PAYMENT } from './job-names.js';

/** Asks the processor about an attempt that has no outcome. The sweep enqueues it for each. */
@Injectable()
export class SettlePaymentJob extends JobHandler {
  override readonly name = SETTLE_PAYMENT;

  constructor(
    private readonly executor: Execute,
    private readonly settlement: PaymentSettlement,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const invoiceId = field(payload, 'invoiceId');
    const { invoice } = await loadInvoice(this.executor, invoiceId);
    const { openAttempt } = invoice;
    if (!openAttempt) return;
    const { paymentIntentId, attemptId } = openAttempt.started;
    await this.settlement.settle(invoiceId, openAttempt, systemContext('settlement', paymentIntentId, attemptId));
  }
}
