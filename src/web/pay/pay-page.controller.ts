import { Controller, Get, Logger, NotFoundException, Param, Req, Res, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { GetInvoicePdf } from '../../application/invoice/get-invoice-pdf.js';
import { LinkLoads } from '../../application/pay/link-loads.js';
import { ViewPayPage } from '../../application/pay/view-pay-page.js';
import { Clock, LinkTokens } from '../../application/ports.js';
import { StaffBrowser } from '../auth/staff-browser.js';
import { LinkAccess } from './link-access.js';
import { sendLogo, sendPdf } from './file-answers.js';
import { setPrivateHeaders } from './page-headers.js';
import { PayErrors } from './pay-errors.js';
import { PayLimits } from './pay-limits.js';
import { linkBase } from './pay-page-view.js';
import { PayPages } from './pay-pages.js';
import { networkAddress } from './pay-requests.js';
import { rememberLanguage } from './reader-language.js';
import { StaffPreview } from './staff-preview.js';

/** What a link opens. Nothing here changes an invoice, a link or a payment, by GET or by HEAD. */
@Controller()
@UseFilters(PayErrors)
export class PayPageController {
  private readonly logger = new Logger('PayPage');

  constructor(
    private readonly queries: QueryBus,
    private readonly tokens: LinkTokens,
    private readonly loads: LinkLoads,
    private readonly clock: Clock,
    private readonly access: LinkAccess,
    private readonly limits: PayLimits,
    private readonly pages: PayPages,
    private readonly staff: StaffBrowser,
    private readonly preview: StaffPreview,
  ) {}

  /** The address in the message: swaps the token for a cookie and an address that may be seen. */
  @Get('pay/:token')
  async open(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const linkId = this.tokens.verify('pay', token);
    if (linkId === undefined) {
      await this.limits.countMiss(networkAddress(request));
      throw new NotFoundException();
    }
    const page = await this.queries.execute(new ViewPayPage({ linkId }));
    if (this.pages.answeredAsGone(response, page, token)) return;
    if (!(await this.staff.isStaffs(request))) await this.remember(linkId, request);
    this.access.grant(response, linkId, token);
    rememberLanguage(response, page.locale);
    setPrivateHeaders(response);
    response.redirect(303, linkBase(linkId));
  }

  @Get('pay/i/:linkId')
  async show(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const token = this.access.prove(request, linkId);
    const page = await this.queries.execute(new ViewPayPage({ linkId }));
    if (this.pages.answeredAsGone(response, page, token)) return;
    if (await this.staff.isStaffs(request)) {
      this.preview.show(response, { page, base: linkBase(linkId), back: undefined });
    } else {
      this.pages.show(response, page, token);
    }
  }

  @Get('pay/i/:linkId/invoice.pdf')
  async invoicePdf(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const token = this.access.prove(request, linkId);
    const page = await this.queries.execute(new ViewPayPage({ linkId }));
    if (this.pages.answeredAsGone(response, page, token)) return;
    sendPdf(response, await this.queries.execute(new GetInvoicePdf({ invoiceId: page.invoice.invoiceId })));
  }

  /** The branch's logo. */
  @Get('pay/i/:linkId/logo')
  async logo(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.access.prove(request, linkId);
    const page = await this.queries.execute(new ViewPayPage({ linkId }));
    sendLogo(response, page.invoice.branch.logo);
  }

  /** Asked again and again by a page that waits. */
  @Get('pay/i/:linkId/status')
  async status(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.access.prove(request, linkId);
    const page = await this.queries.execute(new ViewPayPage({ linkId }));
    setPrivateHeaders(response);
    response.json({ state: page.state, receipt: page.paid?.receipt !== undefined });
  }

  /** Whatever else somebody types behind the address is as unknown as a wrong token. */
  @Get(['pay', 'pay/*rest'])
  nothing(): never {
    throw new NotFoundException();
  }

  /** A load proves nothing and is no event, so that losing one is no reason to keep the invoice from its customer. */
  private async remember(linkId: string, request: Request): Promise<void> {
    // Every present-day browser says that a person's navigation is one; scanners and previews do not.
    const likelyScanner = request.method === 'HEAD' || request.get('sec-fetch-mode') !== 'navigate';
    try {
      await this.loads.record({ linkId, loadedAt: this.clock.now(), likelyScanner });
    } catch (error) {
      this.logger.warn(`A load of a link was not kept: ${error instanceof Error ? error.name : 'unknown error'}`);
    }
  }
}
