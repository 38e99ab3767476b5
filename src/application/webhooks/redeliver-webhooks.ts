import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { Execute } from '../execute.js';
import { Clock, JobQueue } from '../ports.js';
import { deliveryJob } from './delivery-jobs.js';
import { assertEnabledEndpoint } from './endpoint-there.js';
import { WebhookDeliveries } from './webhook-ports.js';

/** Sends again, under the same message ids: one delivery whatever became of it, or all that failed since a moment. */
export class RedeliverWebhooks extends Command<{ readonly count: number }> {
  constructor(
    readonly input: {
      readonly endpointId: string;
      readonly which: { readonly deliveryId: string } | { readonly failedSince: Date };
    },
  ) {
    super();
  }
}

@CommandHandler(RedeliverWebhooks)
export class RedeliverWebhooksHandler implements ICommandHandler<RedeliverWebhooks> {
  constructor(
    private readonly executor: Execute,
    private readonly deliveries: WebhookDeliveries,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `webhook_endpoint_not_found`, `webhook_endpoint_disabled`, `webhook_delivery_not_found` */
  async execute({ input: { endpointId, which } }: RedeliverWebhooks): Promise<{ count: number }> {
    await assertEnabledEndpoint(this.executor, endpointId);
    const begun = await this.deliveries.beginRound(endpointId, which, this.clock.now());
    if ('deliveryId' in which && begun.length === 0) {
      throw new DomainError('webhook_delivery_not_found', { deliveryId: which.deliveryId });
    }
    await this.queue.enqueue(begun.map((delivery) => deliveryJob(delivery)));
    return { count: begun.length };
  }
}
