import { Controller, Get, NotFoundException, Param, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { EmailReceipt } from '../../application/pay/email-receipt.js';
import { RenewLink } from '../../application/pay/renew-link.js';
import { ViewPayPage } from '../../application/pay/view-pay-page.js';
import { LinkTokens } from '../../application/ports.js';
import { wordsFor } from '../../application/words/words.js';
import { DomainError } from '../../domain/errors.js';
import { CustomersOnly } from './customers-only.js';
import { LinkAccess } from './link-access.js';
import { PageAnswers } from './page-answers.js';
import { setPrivateHeaders } from './page-headers.js';
import { PayErrors } from './pay-errors.js';
import { PayLimits } from './pay-limits.js';
import { linkBase } from './pay-page-view.js';
import { PayPages } from './pay-pages.js';
import { networkAddress, PayRequests } from './pay-requests.js';

const renewBody = z.object({ wish: z.uuid() });
const receiptBody = z.object({ email: z.string().max(1_000) });
/** There is nothing to renew: the link itself tells what there is. */
const OVERTAKEN = ['link_not_expired', 'invoice_paid', 'invoice_void'];
const RENEWALS_PAUSE_SECONDS = 3_600;

/** What a customer may ask for beside paying. Forms that work without a script. */
@Controller()
@UseGuards(CustomersOnly)
@UseFilters(PayErrors)
export class CustomerWishesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly tokens: LinkTokens,
    private readonly access: LinkAccess,
    private readonly limits: PayLimits,
    private readonly requests: PayRequests,
    private readonly pages: PayPages,
    private readonly answers: PageAnswers,
  ) {}

  /** A fresh link, from the page of an expired one. */
  @Post('pay/:token/renew')
  async renew(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const linkId = await this.linkOf(token, request);
    this.access.proveForm(request, linkId, token);
    const { wish } = this.requests.body(renewBody, request);
    const context = { ...this.requests.context(request, linkId), cause: `renewal ${linkId} ${wish}` };
    try {
      await this.commands.execute(new RenewLink({ linkId }, context));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (OVERTAKEN.includes(error.code)) return redirect(response, `/pay/${token}`);
      if (error.code !== 'renewals_exhausted') throw error;
      return this.askedOftenEnough(response, linkId);
    }
    redirect(response, `/pay/${token}/asked`);
  }

  /** Says the same whether a link went out or not: whoever holds an old link learns nothing of the customer. */
  @Get('pay/:token/asked')
  async asked(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const linkId = await this.linkOf(token, request);
    const { locale, invoice } = await this.queries.execute(new ViewPayPage({ linkId }));
    const words = wordsFor(locale);
    const { heading, text } = words.messages.freshLinkAsked;
    const { branch } = invoice;
    this.answers.message(response, { status: 200, heading, text: text({ branch: branch.name }), branch }, words);
  }

  /** *Email me the receipt*, for who paid from a text. */
  @Post('pay/i/:linkId/receipt-email')
  async emailReceipt(
    @Param('linkId') linkId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    this.access.proveStateChange(request, linkId);
    const { email } = this.requests.body(receiptBody, request);
    try {
      await this.commands.execute(new EmailReceipt({ linkId, to: email }, this.requests.context(request, linkId)));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'invalid_recipient') return this.showMistake(response, request, linkId, email);
      // The page itself shows that there is no receipt yet, or that enough were sent.
      if (error.code !== 'receipt_not_found' && error.code !== 'receipt_emails_exhausted') throw error;
    }
    redirect(response, linkBase(linkId));
  }

  private async showMistake(response: Response, request: Request, linkId: string, typed: string): Promise<void> {
    const page = await this.queries.execute(new ViewPayPage({ linkId }));
    this.pages.show(response, page, this.access.prove(request, linkId), { typed });
  }

  private async askedOftenEnough(response: Response, linkId: string): Promise<void> {
    const { locale, invoice } = await this.queries.execute(new ViewPayPage({ linkId }));
    const words = wordsFor(locale);
    const { heading, text } = words.messages.freshLinksExhausted;
    const { branch } = invoice;
    const message = { status: 429, heading, text: text({ branch: branch.name }), branch };
    this.answers.message(response, { ...message, retryAfterSeconds: RENEWALS_PAUSE_SECONDS }, words);
  }

  /** @throws NotFoundException for a token that opens nothing */
  private async linkOf(token: string, request: Request): Promise<string> {
    const linkId = this.tokens.verify('pay', token);
    if (linkId !== undefined) return linkId;
    await this.limits.countMiss(networkAddress(request));
    throw new NotFoundException();
  }
}

function redirect(response: Response, to: string): void {
  setPrivateHeaders(response);
  response.redirect(303, to);
}
