import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { NoticeLog } from '../../application/notice-log.js';
import { SettleIntent } from '../../application/pay/settle-intent.js';
import { CardProcessor, ProcessorRefused } from '../../application/ports.js';
import type { NoticeEndpoint, ProcessorAccount, ProcessorNotice } from '../../application/ports.js';
import { DomainError } from '../../domain/errors.js';
import { HttpProblem } from '../http-problem.js';
import { traceOf } from '../request-trace.js';

/** Notices are small; whatever is larger was not sent by the processor. */
const MAX_ID = 255;
const BRANCH_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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

  /** `platform` is the service's own endpoint; a branch that charges on an account of its own has one under its id. */
  @Post(':account')
  @HttpCode(200)
  async receive(@Param('account') account: string, @Req() request: Request): Promise<{ received: true }> {
    if (account !== 'platform' && !BRANCH_ID.test(account)) throw new HttpProblem('route_not_found');
    const endpoint = account === 'platform' ? account : { branchId: account.toLowerCase() };
    const notice = await this.read(request, endpoint);
    // Of another branch's account: there is an endpoint that it is for.
    if (!notice.account) return { received: true };
    // The same notice can be for several endpoints, and whoever knows one endpoint's secret must not keep it from the others.
    const eventId = account === 'platform' ? notice.eventId : `${account.toLowerCase()}/${notice.eventId}`;
    if (await this.notices.begin({ ...notice, eventId })) {
      await this.act(notice, notice.account, request);
      await this.notices.finish(eventId);
    }
    return { received: true };
  }

  private async read(request: Request, endpoint: NoticeEndpoint): Promise<ProcessorNotice> {
    const body: unknown = request.body;
    const signature = request.headers['stripe-signature'];
    const notice =
      Buffer.isBuffer(body) && typeof signature === 'string'
        ? await this.processor.readNotice(body, signature, endpoint)
        : undefined;
    if (!notice) throw new HttpProblem('webhook_not_believed');
    if ([notice.eventId, notice.type, notice.objectId].some((each) => each.length > MAX_ID)) {
      throw new HttpProblem('malformed_request', { detail: 'The notice is not one of the card processor.' });
    }
    return notice;
  }

  private async act(notice: ProcessorNotice, account: ProcessorAccount, request: Request): Promise<void> {
    if (!notice.type.startsWith('payment_intent.')) return;
    const context = { actor: 'system:stripe-webhook', cause: notice.eventId, ...traceOf(request) };
    const paymentIntentId = notice.paymentIntentId ?? notice.objectId;
    try {
      await this.commands.execute(new SettleIntent({ account, paymentIntentId }, context));
    } catch (error) {
      // Asking again would end in the same way; the sweep asks about every payment of ours that is open.
      if (!isFinal(error)) throw error;
    }
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof ProcessorRefused || (error instanceof DomainError && error.code !== 'concurrent_change');
}
