import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { StripeWebhookController } from './stripe.controller.js';
import { TwilioWebhookController } from './twilio.controller.js';

/** Needs `CardProcessor`, `NoticeLog` and `TextNoticeReader` from a global module. */
@Module({ imports: [CqrsModule], controllers: [StripeWebhookController, TwilioWebhookController] })
export class WebhooksModule {}
