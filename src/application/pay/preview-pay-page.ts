import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Execute } from '../execute.js';
import { loadInvoice, type LoadedInvoice } from '../invoice/invoice-view.js';
import { Clock } from '../ports.js';
import { ViewPayPageHandler, type PayPage, type PayPageState } from './view-pay-page.js';

/** The pay page as whoever got a fresh link would see it, for staff: there is no link, and nothing is asked of the processor. */
export class PreviewPayPage extends Query<Omit<PayPage, 'linkId'>> {
  constructor(readonly input: { readonly invoiceId: string }) {
    super();
  }
}

@QueryHandler(PreviewPayPage)
export class PreviewPayPageHandler implements IQueryHandler<PreviewPayPage> {
  constructor(
    private readonly executor: Execute,
    private readonly pages: ViewPayPageHandler,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: PreviewPayPage): Promise<Omit<PayPage, 'linkId'>> {
    const loaded = await loadInvoice(this.executor, input.invoiceId);
    const shown = this.pages.shown(loaded, undefined, this.clock.now());
    return { state: stateOf(loaded), clientSecret: undefined, ...shown };
  }
}

function stateOf({ invoice, branch }: LoadedInvoice): PayPageState {
  if (invoice.status === 'void' || invoice.status === 'paid') return invoice.status;
  if (invoice.openAttempt) return 'in_progress_elsewhere';
  return branch.cardProcessing ? 'payable' : 'not_set_up';
}
