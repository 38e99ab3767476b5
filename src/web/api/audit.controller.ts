import { Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { GetInvoiceEvents } from '../../application/invoice/get-invoice-events.js';
import { CurrentCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { Route } from './route.js';
import { auditPage } from './schemas/payments.js';
import { id } from './schemas/values.js';

const invoiceParams = z.strictObject({ invoiceId: id });

@ApiController('audit/invoices/:invoiceId')
export class AuditController {
  constructor(
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
  ) {}

  @Get('events')
  @Route({
    summary: 'Everything that happened to an invoice, oldest first',
    right: 'audit',
    status: 200,
    answer: auditPage,
    refusals: [404],
  })
  async events(
    @Param({ schema: invoiceParams }) { invoiceId }: z.infer<typeof invoiceParams>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.infer<typeof auditPage>> {
    const { branchId, events } = await this.queries.execute(new GetInvoiceEvents({ invoiceId }));
    this.scope.assertInvoice(caller, invoiceId, branchId);
    const items = events.map(({ revision, position, id: eventId, event, metadata }) => ({
      revision: String(revision),
      type: event.type,
      id: eventId,
      occurredAt: metadata.occurredAt,
      actor: metadata.actor,
      correlationId: metadata.correlationId,
      causationId: metadata.causationId,
      schemaVersion: metadata.schemaVersion,
      position: String(position),
      data: { ...event.data },
      hash: metadata.hash,
    }));
    return { items, next: null };
  }
}
