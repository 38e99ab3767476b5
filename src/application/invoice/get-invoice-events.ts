import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { RecordedEvent } from '../../domain/decider.js';
import type { InvoiceEvent } from '../../domain/invoice/events.js';
import { Execute } from '../execute.js';
import { loadInvoice } from './invoice-view.js';

/** Everything that happened to an invoice, oldest first, decrypted. For auditors. */
export class GetInvoiceEvents extends Query<{
  readonly branchId: string;
  readonly events: readonly RecordedEvent<InvoiceEvent>[];
}> {
  constructor(readonly input: { readonly invoiceId: string }) {
    super();
  }
}

@QueryHandler(GetInvoiceEvents)
export class GetInvoiceEventsHandler implements IQueryHandler<GetInvoiceEvents> {
  constructor(private readonly executor: Execute) {}

  async execute({
    input,
  }: GetInvoiceEvents): Promise<{ branchId: string; events: readonly RecordedEvent<InvoiceEvent>[] }> {
    const { events, branch } = await loadInvoice(this.executor, input.invoiceId);
    return { branchId: branch.branchId, events };
  }
}
