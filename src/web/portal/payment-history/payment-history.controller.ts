import { Get, Req, Res, type StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Clock, Randomness } from '../../../application/ports.js';
import { localDate } from '../../../domain/zoned-time.js';
import { BranchList } from '../../../projections/branches.js';
import { PaymentHistory } from '../../../projections/payment-history.js';
import { given } from '../../api/given.js';
import { ListPosition } from '../../api/list-position.js';
import { PaymentExport } from '../../api/payment-export.js';
import { staffOf, visibleBranches, type StaffCaller } from '../../auth/caller.js';
import { hasRight } from '../../auth/rights.js';
import { setPrivateHeaders } from '../../pay/page-headers.js';
import { traceOf } from '../../request-trace.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { paymentHistoryView } from './payment-history-view.js';
import { parsePaymentSearch, paymentsHref, type PaymentSearch } from './payment-search.js';

const PAGE_SIZE = 50;
const MAX_BRANCHES = 200;

type PaymentFilter = Parameters<PaymentHistory['stream']>[0];

/** *Payment history*: who paid what, when and how; with the sums of all that the filter finds. */
@PortalController('payments')
export class PaymentHistoryController {
  constructor(
    private readonly payments: PaymentHistory,
    private readonly exports: PaymentExport,
    private readonly branches: BranchList,
    private readonly position: ListPosition,
    private readonly pages: PortalPages,
    private readonly randomness: Randomness,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'read_payments' })
  async list(@Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = staffOf(request);
    const parsed = parsePaymentSearch(request.query);
    await this.position.reach(positionIn(request));
    const { cursor } = parsed.search;
    const [found, branches] = await Promise.all([
      this.payments.find({ ...filterOf(caller, parsed.search), limit: PAGE_SIZE, ...given({ cursor }) }),
      this.branchFacts(caller),
    ]);
    const now = this.clock.now();
    const here = branches.get(parsed.search.branchId ?? '') ?? [...branches.values()][0];
    await this.pages.render(request, response, {
      status: Object.keys(parsed.mistakes).length === 0 ? 200 : 400,
      title: 'Payment history',
      template: 'portal/payment-history/views/payment-history',
      script: 'portal-payment-history.js',
      view: paymentHistoryView({
        ...found,
        parsed,
        branches,
        today: localDate(now, here?.timeZone ?? 'UTC'),
        now,
        mayExport: hasRight(caller.role, 'export_payments'),
        mayReverse: hasRight(caller.role, 'handle_invoices'),
      }),
    });
  }

  /** What the filter finds, whole, as a file. A filter that cannot be read leads back to where it is said. */
  @Get('export')
  @PortalRoute({ right: 'export_payments' })
  async export(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const { search, mistakes } = parsePaymentSearch(request.query);
    if (Object.keys(mistakes).length > 0) throw new PortalRedirect(paymentsHref(rawSearch(request)));
    setPrivateHeaders(response);
    const caller = staffOf(request);
    const context = { actor: `staff:${caller.keyId}`, cause: this.randomness.uuid(), ...traceOf(request) };
    return this.exports.file(filterOf(caller, search), context);
  }

  private async branchFacts({ branchIds }: StaffCaller) {
    const { items } = await this.branches.find({ limit: MAX_BRANCHES, ...given({ branchIds }) });
    return new Map(items.map(({ branchId, name, timeZone }) => [branchId, { name, timeZone }]));
  }
}

function filterOf(caller: StaffCaller, { branchId, cursor: _cursor, ...filter }: PaymentSearch): PaymentFilter {
  return given({ ...filter, branchIds: visibleBranches(caller, branchId) });
}

function rawSearch({ query }: Request): PaymentSearch {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => typeof value === 'string'));
}

/** The position of what staff have just written, so that the list that follows shows it. */
function positionIn({ query }: Request): string | undefined {
  const after = query['after'];
  return typeof after === 'string' && /^\d{1,18}$/.test(after) ? after : undefined;
}
