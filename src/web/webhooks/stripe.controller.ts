import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { NoticeLog } from '../../application/notice-log.js';
import { SettleIntent } from '../../application/pay/settle-intent.js';
import { CardProcessor, ProcessorRefused } from '../../application/ports.js';
import type { ProcessorNotice } from '../../application/ports.js';
import { DomainError } from '../../domain/errors.js';
import { HttpProblem } from '../http-problem.js';
import { traceOf } from '../request-trace.js';

/** Notices are small; whatever is larger was not sent by the processor. */
const MAX_ID = 255;

/**
 * Notices of the card processor. A notice is a hint and no more: what it is about is fetched again. It is answered with 200 once
 * what it led to is durable; before that the processor must send it again.
 */
@Controller('webhooks/stripe')
export class StripeWebhookController {
  constructor(
    private readonly commands: CommandBus,
    private readonly processor: CardProcessor,
    private readonly notices: NoticeLog,
  ) {}

  @Post(':account')
  @HttpCode(200)
  async receive(@Param('account') account: string, @Req() request: Request): Promise<{ received: true }> {
    // Accounts of branches are not served: their notices have nowhere to go.
    if (account !== 'platform') throw new HttpProblem('route_not_found');
    const notice = this.read(request);
    if (await this.notices.begin(notice)) {
      await this.act(notice, request);
      await this.notices.finish(notice.eventId);
    }
    return { received: true };
  }

  private read(request: Request): ProcessorNotice {
    const body: unknown = request.body;
    const signature = request.headers['stripe-signature'];
    const notice =
      Buffer.isBuffer(body) && typeof signature === 'string' ? this.processor.readNotice(body, signature) : undefined;
    if (!notice) throw new HttpProblem('webhook_not_believed');
    if ([notice.eventId, notice.type, notice.objectId].some((each) => each.length > MAX_ID)) {
      throw new HttpProblem('malformed_request', { detail: 'The notice is not one of the card processor.' });
    }
    return notice;
  }

  private async act(notice: ProcessorNotice, request: Request): Promise<void> {
    if (!notice.type.startsWith('payment_intent.')) return;
    const context = { actor: 'system:stripe-webhook', cause: notice.eventId, ...traceOf(request) };
    const paymentIntentId = notice.paymentIntentId ?? notice.objectId;
    try {
      await this.commands.execute(new SettleIntent({ paymentIntentId }, context));
    } catch (error) {
      // Asking again would end in the same way; the sweep asks about every payment of ours that is open.
      if (!isFinal(error)) throw error;
    }
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof ProcessorRefused || (error instanceof DomainError && error.code !== 'concurrent_change');
}
