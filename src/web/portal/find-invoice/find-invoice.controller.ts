import { Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Clock } from '../../../application/ports.js';
import { BranchList } from '../../../projections/branches.js';
import { InvoiceList } from '../../../projections/invoices.js';
import { given } from '../../api/given.js';
import { ListPosition } from '../../api/list-position.js';
import { staffOf, visibleBranches, type StaffCaller } from '../../auth/caller.js';
import { hasRight } from '../../auth/rights.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRoute } from '../portal-route.js';
import { filterView, resultsView, type BranchFacts } from './invoice-list-view.js';
import { parseSearch, type ParsedSearch } from './invoice-search.js';

const PAGE_SIZE = 50;
const MAX_BRANCHES = 200;
/** A script that puts only the table into the page says so by this header. */
const PART_HEADER = 'x-part';

/** *Find invoice*: the page that most of staff's work begins on. */
@PortalController('invoices')
export class FindInvoiceController {
  constructor(
    private readonly invoices: InvoiceList,
    private readonly branches: BranchList,
    private readonly position: ListPosition,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async find(@Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = staffOf(request);
    const parsed = parseSearch(request.query);
    await this.position.reach(positionIn(request));
    const results = await this.results(caller, parsed);
    response.vary(PART_HEADER);
    if (request.get(PART_HEADER) === 'results') {
      this.pages.renderFragment(response, { template: 'portal/find-invoice/views/results', view: results });
      return;
    }
    await this.pages.render(request, response, {
      status: Object.keys(parsed.mistakes).length === 0 ? 200 : 400,
      title: 'Find invoice',
      template: 'portal/find-invoice/views/find-invoice',
      script: 'portal-find-invoice.js',
      view: { filter: filterView(parsed), results },
    });
  }

  private async results(caller: StaffCaller, parsed: ParsedSearch): Promise<object> {
    const { branchId, ...search } = parsed.search;
    const branchIds = visibleBranches(caller, branchId);
    const [found, branches] = await Promise.all([
      this.invoices.find({ limit: PAGE_SIZE, ...given({ ...search, branchIds }) }),
      this.branchFacts(caller),
    ]);
    return resultsView({
      ...found,
      parsed,
      branches,
      customerName: search.customerId === undefined ? undefined : found.items[0]?.customerName,
      mayVoid: hasRight(caller.role, 'void_invoices'),
      now: this.clock.now(),
    });
  }

  private async branchFacts({ branchIds }: StaffCaller): Promise<ReadonlyMap<string, BranchFacts>> {
    const { items } = await this.branches.find({ limit: MAX_BRANCHES, ...given({ branchIds }) });
    return new Map(items.map(({ branchId, name, timeZone }) => [branchId, { name, timeZone }]));
  }
}

/** The position of what staff have just written, so that the list that follows shows it. */
function positionIn({ query }: Request): string | undefined {
  const after = query['after'];
  return typeof after === 'string' && /^\d{1,18}$/.test(after) ? after : undefined;
}
