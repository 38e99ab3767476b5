import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { StripeWebhookController } from './stripe.controller.js';

/** Needs `CardProcessor` and `NoticeLog` from a global module. */
@Module({ imports: [CqrsModule], controllers: [StripeWebhookController] })
export class WebhooksModule {}
