import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Execute } from '../execute.js';
import { Clock } from '../ports.js';
import { invoiceView, loadInvoice, type InvoiceView } from './invoice-view.js';

/** An invoice, from its stream: always shows what was acknowledged. */
export class GetInvoice extends Query<InvoiceView> {
  constructor(readonly input: { readonly invoiceId: string }) {
    super();
  }
}

@QueryHandler(GetInvoice)
export class GetInvoiceHandler implements IQueryHandler<GetInvoice> {
  constructor(
    private readonly executor: Execute,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: GetInvoice): Promise<InvoiceView> {
    return invoiceView(await loadInvoice(this.executor, input.invoiceId), this.clock.now());
  }
}
