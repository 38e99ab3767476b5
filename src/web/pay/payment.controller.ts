import { Controller, HttpCode, Param, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { OpenLink } from '../../application/pay/open-link.js';
import type { PaymentOutcome } from '../../application/pay/payment-settlement.js';
import { QuotePayment } from '../../application/pay/quote-payment.js';
import { ReleaseOpenPayment } from '../../application/pay/release-open-payment.js';
import { SettleOpenPayment } from '../../application/pay/settle-open-payment.js';
import { SubmitPayment } from '../../application/pay/submit-payment.js';
import { ViewPayPage } from '../../application/pay/view-pay-page.js';
import { Clock } from '../../application/ports.js';
import { wordsFor } from '../../application/words/words.js';
import { Formats } from './formats.js';
import { CustomersOnly } from './customers-only.js';
import { LinkAccess } from './link-access.js';
import { setPrivateHeaders } from './page-headers.js';
import { PayErrors } from './pay-errors.js';
import { PayLimits } from './pay-limits.js';
import {
  networkAddress,
  nothingBody,
  openedBody,
  payBody,
  PayRequests,
  quoteBody,
  settleBody,
} from './pay-requests.js';
import { failureJson, outcomeJson, quoteJson, type OutcomeJson } from './payment-json.js';

/** What the script of a pay page asks for. Every route needs the link's cookie, its CSRF token and the same origin. */
@Controller('pay/i/:linkId')
@UseGuards(CustomersOnly)
@UseFilters(PayErrors)
export class PaymentController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly access: LinkAccess,
    private readonly limits: PayLimits,
    private readonly requests: PayRequests,
    private readonly clock: Clock,
  ) {}

  /** A person has the page before them. */
  @Post('opened')
  @HttpCode(204)
  async opened(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.access.proveStateChange(request, linkId);
    const { evidence } = this.requests.body(openedBody, request);
    const browser = this.requests.browser(request);
    await this.commands.execute(new OpenLink({ linkId, evidence, browser }, this.requests.context(request, linkId)));
    setPrivateHeaders(response);
    response.end();
  }

  /** What paying with this card costs, exactly. */
  @Post('quote')
  @HttpCode(200)
  async quote(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.access.proveStateChange(request, linkId);
    const { confirmationTokenId } = this.requests.body(quoteBody, request);
    const context = this.requests.context(request, linkId);
    const quote = await this.commands.execute(new QuotePayment({ linkId, confirmationTokenId }, context));
    const { locale, invoice } = await this.queries.execute(new ViewPayPage({ linkId }));
    setPrivateHeaders(response);
    const formats = new Formats(locale, quote.currency, invoice.branch.timeZone);
    response.json(quoteJson(quote, this.clock.now(), formats, wordsFor(locale)));
  }

  @Post('pay')
  @HttpCode(200)
  async pay(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.access.proveStateChange(request, linkId);
    const body = this.requests.body(payBody, request);
    await this.limits.countAttempt(networkAddress(request), linkId);
    const browser = this.requests.browser(request);
    const submit = new SubmitPayment({ linkId, ...body, browser }, this.requests.context(request, linkId));
    await this.answer(response, linkId, await this.commands.execute(submit));
  }

  /** After the bank's step, and while the outcome is not known: finds out how the payment ended. */
  @Post('settle')
  @HttpCode(200)
  async settle(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.access.proveStateChange(request, linkId);
    const { quoteId } = this.requests.body(settleBody, request);
    const settle = new SettleOpenPayment({ linkId, quoteId }, this.requests.context(request, linkId));
    await this.answer(response, linkId, await this.commands.execute(settle));
  }

  /** *Use another card*, while the bank's step waits. */
  @Post('release')
  @HttpCode(200)
  async release(@Param('linkId') linkId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.access.proveStateChange(request, linkId);
    this.requests.body(nothingBody, request);
    const release = new ReleaseOpenPayment({ linkId }, this.requests.context(request, linkId));
    await this.answer(response, linkId, await this.commands.execute(release));
  }

  private async answer(response: Response, linkId: string, outcome: PaymentOutcome): Promise<void> {
    const answer = outcome.outcome === 'failed' ? await this.failure(linkId, outcome) : outcomeJson(outcome);
    setPrivateHeaders(response);
    response.json(answer);
  }

  private async failure(linkId: string, outcome: Extract<PaymentOutcome, { outcome: 'failed' }>): Promise<OutcomeJson> {
    await this.limits.countDecline(linkId);
    const { locale } = await this.queries.execute(new ViewPayPage({ linkId }));
    return failureJson(outcome, wordsFor(locale));
  }
}
