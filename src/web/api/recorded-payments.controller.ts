import { Body, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { z } from 'zod';
import type { CommandContext } from '../../application/command-context.js';
import { RecordPayment, type PaymentWithInvoice } from '../../application/invoice/record-payment.js';
import { ReverseRecordedPayment } from '../../application/invoice/reverse-recorded-payment.js';
import { CurrentCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { seenRevision } from './conditional.js';
import { toInvoice } from './invoice-bodies.js';
import { toRecordedPayment } from './recorded-payment-bodies.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { recordedPaymentWithInvoice } from './schemas/invoices.js';
import { newRecordedPayment, reversal } from './schemas/recorded-payments.js';
import { id } from './schemas/values.js';

const invoiceParams = z.strictObject({ invoiceId: id });
const paymentParams = z.strictObject({ invoiceId: id, paymentId: id });
type PaymentAnswer = Answer<z.infer<typeof recordedPaymentWithInvoice>>;

@ApiController('invoices/:invoiceId/recorded-payments')
export class RecordedPaymentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly scope: BranchScope,
  ) {}

  @Post()
  @Route({
    summary: 'Record a payment by cash, check, transfer or another way',
    description: 'It lowers the balance and ends open quotes. No receipt is sent.',
    right: 'handle_invoices',
    status: 201,
    answer: recordedPaymentWithInvoice,
    carries: ['ETag', 'Ledger-Position', 'Location'],
    refusals: [404, 409, 412, 422],
  })
  async record(
    @Param({ schema: invoiceParams }) { invoiceId }: z.infer<typeof invoiceParams>,
    @Body({ schema: newRecordedPayment }) body: z.infer<typeof newRecordedPayment>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<PaymentAnswer> {
    await this.scope.assertInvoiceVisible(caller, invoiceId);
    const { amount: amountMinor, ...rest } = body;
    const input = { invoiceId, amountMinor, ...rest, seenRevision: seenRevision(request) };
    return toAnswer(await this.commands.execute(new RecordPayment(input, context)));
  }

  @Post(':paymentId/reverse')
  @Route({
    summary: 'Take a recorded payment back',
    description: 'The amount is owed again. A second time changes nothing.',
    right: 'handle_invoices',
    status: 200,
    answer: recordedPaymentWithInvoice,
    carries: ['ETag', 'Ledger-Position', 'Location'],
    refusals: [404, 409, 412, 422],
  })
  async reverse(
    @Param({ schema: paymentParams }) { invoiceId, paymentId }: z.infer<typeof paymentParams>,
    @Body({ schema: reversal }) body: z.infer<typeof reversal>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<PaymentAnswer> {
    await this.scope.assertInvoiceVisible(caller, invoiceId);
    const input = { invoiceId, paymentId, reason: body?.reason, seenRevision: seenRevision(request) };
    return toAnswer(await this.commands.execute(new ReverseRecordedPayment(input, context)));
  }
}

function toAnswer({ payment, invoice, position }: PaymentWithInvoice): PaymentAnswer {
  const body = { ...toRecordedPayment(payment, invoice.currency), invoice: toInvoice(invoice) };
  const location = `/api/v1/payments/${payment.paymentId}`;
  return new Answer(body, { revision: invoice.revision, position, location });
}
