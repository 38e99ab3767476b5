import { Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { GetInvoiceTimeline, type InvoiceTimeline } from '../../../application/invoice/get-invoice-timeline.js';
import { Clock } from '../../../application/ports.js';
import { BranchScope } from '../../api/branch-scope.js';
import { id } from '../../api/schemas/values.js';
import { staffOf, type StaffCaller } from '../../auth/caller.js';
import { hasRight } from '../../auth/rights.js';
import { StillSignedIn } from '../../auth/still-signed-in.js';
import { InvoiceChanges, type InvoiceWatch } from '../../live/invoice-changes.js';
import { LiveStreams } from '../../live/live-streams.js';
import { Views } from '../../views.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRoute } from '../portal-route.js';
import { SentWords } from '../send/sent-words.js';
import { StaffNames } from '../staff-names.js';
import { invoicePageView } from './invoice-page-view.js';

const invoiceParams = z.strictObject({ invoiceId: id });
type InvoiceParams = z.infer<typeof invoiceParams>;

const LOOK_EVERY_MS = 500;
/** Fetches by mail scanners are no events: they are looked for every ten seconds. */
const LOOKS_TO_REST = 20;

/** One invoice: what it says, and everything that happened to it, as it happens. */
@PortalController('invoices')
export class InvoicePageController {
  constructor(
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
    private readonly names: StaffNames,
    private readonly sentWords: SentWords,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
    private readonly views: Views,
    private readonly streams: LiveStreams,
    private readonly changes: InvoiceChanges,
    private readonly signedIn: StillSignedIn,
    private readonly clock: Clock,
  ) {}

  @Get(':invoiceId')
  @PortalRoute({ right: 'handle_invoices' })
  async read(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = staffOf(request);
    const timeline = await this.look(invoiceId, caller);
    const { sent } = request.query;
    await this.pages.render(request, response, {
      title: timeline.invoice.number,
      template: 'portal/invoice-page/views/invoice-page',
      script: 'portal-invoice.js',
      view: await this.view(timeline, caller, typeof sent === 'string' ? sent : undefined),
    });
  }

  /** The page's changing part whenever something happened. `Last-Event-ID`, or `seen` at the first time, is what the page shows. */
  @Get(':invoiceId/events')
  @PortalRoute({ right: 'handle_invoices', background: true })
  async events(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = staffOf(request);
    const seen = request.get('last-event-id') ?? request.query['seen'];
    // Another branch's invoice is refused before anything is watched.
    await this.look(invoiceId, caller);
    const watch = this.changes.watch(invoiceId);
    try {
      await this.streams.serve(response, {
        look: this.lookOut(invoiceId, caller, watch),
        isOver: () => false,
        everyMs: LOOK_EVERY_MS,
        viewer: caller.keyId,
        mayLook: () => this.signedIn.check(request, caller),
        idOf: (state) => (state as LiveState).version,
        seen: typeof seen === 'string' ? seen : undefined,
      });
    } finally {
      watch.stop();
    }
  }

  /** Renders again only what is not what was rendered before. */
  private lookOut(invoiceId: string, caller: StaffCaller, watch: InvoiceWatch): () => Promise<LiveState> {
    let state: LiveState | undefined;
    let rested = 0;
    return async () => {
      rested += 1;
      if (!watch.changed() && state && rested < LOOKS_TO_REST) return state;
      rested = 0;
      const timeline = await this.look(invoiceId, caller);
      if (state?.version === timeline.version) return state;
      const view = await this.view(timeline, caller, undefined);
      const html = this.views.render('portal/invoice-page/views/invoice-parts', { view });
      state = { version: timeline.version, html };
      return state;
    };
  }

  /** @throws DomainError `invoice_not_found`, another branch's included */
  private async look(invoiceId: string, caller: StaffCaller): Promise<InvoiceTimeline> {
    const timeline = await this.queries.execute(new GetInvoiceTimeline({ invoiceId }));
    this.scope.assertInvoice(caller, invoiceId, timeline.invoice.branchId);
    return timeline;
  }

  /** @param sentLinkId the link that was made by the form that led here */
  private async view(timeline: InvoiceTimeline, caller: StaffCaller, sentLinkId: string | undefined): Promise<object> {
    const { invoice, branch } = timeline;
    const link = invoice.links.find(({ linkId }) => linkId === sentLinkId);
    const actors = timeline.entries.flatMap((entry) => (entry.kind === 'event' ? [entry.actor] : []));
    return invoicePageView({
      timeline,
      nameOf: await this.names.of(actors),
      sent: link && { link, said: await this.sentWords.of(link, invoice.invoiceId, branch.timeZone) },
      mayVoid: hasRight(caller.role, 'void_invoices'),
      csrf: caller.csrf,
      newCause: () => this.forms.newCause(),
      now: this.clock.now(),
    });
  }
}

interface LiveState {
  readonly version: string;
  readonly html: string;
}
