import { Readable } from 'node:stream';
import { Get, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { PaymentHistory } from '../../projections/payment-history.js';
import type { PaymentRow } from '../../projections/payment-history.js';
import { CurrentCaller, mayUseBranch, visibleBranches } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { hasRight } from '../auth/rights.js';
import { HttpProblem } from '../http-problem.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { given } from './given.js';
import { ListPosition } from './list-position.js';
import { toPayment, toTotals } from './payment-bodies.js';
import type { PaymentBody, PaymentPage } from './payment-bodies.js';
import { paymentsCsv } from './payments-csv.js';
import { Route } from './route.js';
import { paymentQuery } from './schemas/lists.js';
import { paymentBody, paymentPage } from './schemas/payments.js';
import { id } from './schemas/values.js';

const paymentParams = z.strictObject({ paymentId: id });
type PaymentFilter = Parameters<PaymentHistory['stream']>[0];

@ApiController('payments')
export class PaymentsController {
  constructor(
    private readonly payments: PaymentHistory,
    private readonly position: ListPosition,
  ) {}

  @Get()
  @Route({
    summary: 'Payment history',
    description:
      'Accept: text/csv streams every payment of the filter as a table, without pages; that needs the right to export.',
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
    if (form === 'text/csv') return csvFile(this.payments.stream(filter));
    const { items, next, totals } = await this.payments.find({ ...filter, limit, ...given({ cursor }) });
    return { items: items.map(toPayment), next, totals: totals.map(toTotals) };
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

/**
 * The first page is read before anything is answered, so that a database that is away is a 503. When it goes away later, the
 * connection breaks off: half a table must not look whole.
 */
async function csvFile(pages: AsyncIterable<readonly PaymentRow[]>): Promise<StreamableFile> {
  const iterator = pages[Symbol.asyncIterator]();
  const first = await iterator.next();
  const all = async function* (): AsyncGenerator<readonly PaymentRow[]> {
    for (let page = first; !page.done; page = await iterator.next()) yield page.value;
  };
  return new StreamableFile(Readable.from(paymentsCsv(all()), { objectMode: false }), {
    type: 'text/csv; charset=utf-8',
    disposition: 'attachment; filename="payments.csv"',
  });
}
