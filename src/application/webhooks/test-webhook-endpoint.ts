import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { webhookDeliveryId, webhookMessageId } from '../ids.js';
import { Clock, JobQueue } from '../ports.js';
import { TEST_EVENT } from './cloud-event.js';
import { deliveryJob } from './delivery-jobs.js';
import { assertEnabledEndpoint } from './endpoint-there.js';
import { WebhookDeliveries } from './webhook-ports.js';

/** Sends a message that is about nothing, by the very way of the others. Answers the delivery to follow. */
export class TestWebhookEndpoint extends Command<{ readonly deliveryId: string }> {
  constructor(
    readonly input: { readonly endpointId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(TestWebhookEndpoint)
export class TestWebhookEndpointHandler implements ICommandHandler<TestWebhookEndpoint> {
  constructor(
    private readonly executor: Execute,
    private readonly deliveries: WebhookDeliveries,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `webhook_endpoint_not_found`, `webhook_endpoint_disabled` */
  async execute({ input: { endpointId }, context }: TestWebhookEndpoint): Promise<{ deliveryId: string }> {
    await assertEnabledEndpoint(this.executor, endpointId);
    const messageId = webhookMessageId(context.cause, TEST_EVENT);
    const deliveryId = webhookDeliveryId(endpointId, messageId);
    const delivery = { deliveryId, endpointId, messageId, type: TEST_EVENT, source: undefined };
    await this.deliveries.add([delivery], this.clock.now());
    await this.queue.enqueue([deliveryJob({ deliveryId, round: 1, tries: 0 })]);
    return { deliveryId };
  }
}
