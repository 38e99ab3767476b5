import { Get, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { CommandContext } from '../../application/command-context.js';
import { DomainError } from '../../domain/errors.js';
import { PaymentHistory } from '../../projections/payment-history.js';
import { CurrentCaller, mayUseBranch, visibleBranches } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { hasRight } from '../auth/rights.js';
import { HttpProblem } from '../http-problem.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { given } from './given.js';
import { ListPosition } from './list-position.js';
import { toPayment, toSummary, toTotals } from './payment-bodies.js';
import type { PaymentBody, PaymentPage, PaymentSummaryBody } from './payment-bodies.js';
import { PaymentExport } from './payment-export.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { paymentQuery, paymentSummaryQuery } from './schemas/lists.js';
import { paymentBody, paymentPage, paymentSummary } from './schemas/payments.js';
import { id } from './schemas/values.js';

const paymentParams = z.strictObject({ paymentId: id });
type PaymentFilter = Parameters<PaymentHistory['stream']>[0];

@ApiController('payments')
export class PaymentsController {
  constructor(
    private readonly payments: PaymentHistory,
    private readonly exports: PaymentExport,
    private readonly position: ListPosition,
  ) {}

  @Get()
  @Route({
    summary: 'Payment history',
    description:
      'Accept: text/csv streams every payment of the filter as a table, without pages; that needs the right to export. ' +
      'Payments that were reversed are listed, and count in no sum.',
    right: 'read_payments',
    status: 200,
    answer: { 'application/json': paymentPage, 'text/csv': 'text' },
    refusals: [406],
  })
  async list(
    @Query({ schema: paymentQuery }) query: z.infer<typeof paymentQuery>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<PaymentPage | StreamableFile> {
    const { after, branchId, limit, cursor, ...rest } = query;
    const filter: PaymentFilter = given({ ...rest, branchIds: visibleBranches(caller, branchId) });
    const form = request.accepts(['application/json', 'text/csv']);
    response.vary('Accept');
    if (form === false) throw new HttpProblem('not_acceptable', { detail: 'There are application/json and text/csv.' });
    if (form === 'text/csv' && !hasRight(caller.role, 'export_payments')) {
      throw new HttpProblem('forbidden', {
        detail: `An API key of the role "${caller.role}" may not export payments.`,
      });
    }
    await this.position.reach(after);
    if (form === 'text/csv') return this.exports.file(filter, context);
    const { items, next, totals } = await this.payments.find({ ...filter, limit, ...given({ cursor }) });
    return { items: items.map(toPayment), next, totals: totals.map(toTotals) };
  }

  @Get('summary')
  @Route({
    summary: 'What came in: by day, branch and way to pay',
    description: 'Over the same filter as the list. Payments that were reversed count in no sum.',
    right: 'read_payments',
    status: 200,
    answer: paymentSummary,
  })
  async summary(
    @Query({ schema: paymentSummaryQuery }) query: z.infer<typeof paymentSummaryQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<PaymentSummaryBody> {
    const { after, branchId, ...rest } = query;
    await this.position.reach(after);
    return toSummary(await this.payments.summary(given({ ...rest, branchIds: visibleBranches(caller, branchId) })));
  }

  @Get(':paymentId')
  @Route({
    summary: 'Read a payment',
    right: 'read_payments',
    status: 200,
    answer: paymentBody,
    carries: ['ETag'],
    refusals: [404],
  })
  async read(
    @Param({ schema: paymentParams }) { paymentId }: z.infer<typeof paymentParams>,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<PaymentBody>> {
    const row = await this.payments.byId(paymentId);
    if (!row || !mayUseBranch(caller, row.branchId)) throw new DomainError('payment_not_found', { paymentId });
    return new Answer(toPayment(row), { revision: BigInt(row.revision) });
  }
}
