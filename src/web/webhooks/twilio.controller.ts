import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { ReceiveTextNotice } from '../../application/texts/receive-text-notice.js';
import { TextNoticeReader, type TextNotice } from '../../application/texts/text-notices.js';
import { HttpProblem } from '../http-problem.js';

const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/**
 * What the provider of texts posts: how texts fared, and what customers answer. It is answered with 200 once it is durable. There is
 * no time-stamp in the signature, so a notice may be played again: each is taken once.
 */
@Controller('webhooks/twilio')
export class TwilioWebhookController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reader: TextNoticeReader,
  ) {}

  @Post('status')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml; charset=utf-8')
  async status(@Req() request: Request): Promise<string> {
    await this.commands.execute(new ReceiveTextNotice(this.read('status', request)));
    return twiml(undefined);
  }

  /** The answer is texted to whoever wrote, by the provider itself. */
  @Post('inbound')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml; charset=utf-8')
  async inbound(@Req() request: Request): Promise<string> {
    const { answer } = await this.commands.execute(new ReceiveTextNotice(this.read('inbound', request)));
    return twiml(answer);
  }

  private read(kind: TextNotice['kind'], request: Request): TextNotice {
    const body: unknown = request.body;
    const signature = request.headers['x-twilio-signature'];
    const notice =
      Buffer.isBuffer(body) && typeof signature === 'string'
        ? this.reader.read(kind, { path: request.originalUrl, body, signature })
        : undefined;
    if (notice === undefined) throw new HttpProblem('webhook_not_signed');
    if (notice === 'malformed') {
      throw new HttpProblem('malformed_request', {
        detail: 'The form has no MessageSid, or lacks a status or a sender.',
      });
    }
    return notice;
  }
}

function twiml(answer: string | undefined): string {
  const message = answer === undefined ? '' : `<Message>${answer.replace(/[&<>"']/g, (each) => XML[each]!)}</Message>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${message}</Response>`;
}
