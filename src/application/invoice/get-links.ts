import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Execute } from '../execute.js';
import { Clock } from '../ports.js';
import { linkViews, loadInvoice, type LinkView } from './invoice-view.js';

/** The links of an invoice, each with what became of it. */
export class GetLinks extends Query<{ readonly branchId: string; readonly items: readonly LinkView[] }> {
  constructor(readonly input: { readonly invoiceId: string }) {
    super();
  }
}

@QueryHandler(GetLinks)
export class GetLinksHandler implements IQueryHandler<GetLinks> {
  constructor(
    private readonly executor: Execute,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: GetLinks): Promise<{ branchId: string; items: readonly LinkView[] }> {
    const { invoice, events, branch } = await loadInvoice(this.executor, input.invoiceId);
    return { branchId: branch.branchId, items: linkViews(invoice, events, this.clock.now()) };
  }
}
