import { Controller, Get, NotFoundException, Param, Req, Res, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { GetReceipt, GetReceiptPdf } from '../../application/pay/get-receipt.js';
import { LinkTokens } from '../../application/ports.js';
import { wordsFor } from '../../application/words/words.js';
import { sendLogo, sendPdf } from './file-answers.js';
import { PageAnswers } from './page-answers.js';
import { PayErrors } from './pay-errors.js';
import { PayLimits } from './pay-limits.js';
import { networkAddress } from './pay-requests.js';
import { receiptView } from './receipt-view.js';

/** The receipt behind a token of its own kind: it never opens a pay page, and a pay link's token never opens this. */
@Controller('receipts')
@UseFilters(PayErrors)
export class ReceiptController {
  constructor(
    private readonly queries: QueryBus,
    private readonly tokens: LinkTokens,
    private readonly limits: PayLimits,
    private readonly answers: PageAnswers,
  ) {}

  @Get(':token')
  async show(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const receiptId = await this.receiptOf(token, request);
    const { receipt } = await this.queries.execute(new GetReceipt({ receiptId }));
    const text = wordsFor(receipt.locale);
    this.answers.page(response, {
      status: 200,
      template: 'pay/views/receipt-page',
      view: receiptView(receipt, text, `/receipts/${token}`),
      frame: {
        title: text.receipt.title({ number: receipt.receiptNumber, branch: receipt.branch.name }),
        text,
        branch: receipt.branch,
        testMode: receipt.testMode,
      },
    });
  }

  @Get(':token/receipt.pdf')
  async pdf(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const receiptId = await this.receiptOf(token, request);
    sendPdf(response, await this.queries.execute(new GetReceiptPdf({ receiptId })));
  }

  @Get(':token/logo')
  async logo(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const receiptId = await this.receiptOf(token, request);
    const { receipt } = await this.queries.execute(new GetReceipt({ receiptId }));
    sendLogo(response, receipt.branch.logo);
  }

  @Get(['', '*rest'])
  nothing(): never {
    throw new NotFoundException();
  }

  private async receiptOf(token: string, request: Request): Promise<string> {
    const receiptId = this.tokens.verify('receipt', token);
    if (receiptId !== undefined) return receiptId;
    await this.limits.countMiss(networkAddress(request));
    throw new NotFoundException();
  }
}
