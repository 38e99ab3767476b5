import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { administrationDecider } from '../../domain/administration/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM } from '../ids.js';
import { ReadPosition } from '../read-position.js';
import { ENDPOINT_LIST_WAIT_MS } from './add-webhook-endpoint.js';
import { WebhookSecrets } from './webhook-ports.js';

export class RemoveWebhookEndpoint extends Command<{ readonly position: bigint }> {
  constructor(
    readonly input: { readonly endpointId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RemoveWebhookEndpoint)
export class RemoveWebhookEndpointHandler implements ICommandHandler<RemoveWebhookEndpoint> {
  constructor(
    private readonly executor: Execute,
    private readonly secrets: WebhookSecrets,
    private readonly readPosition: ReadPosition,
  ) {}

  /** @throws DomainError `webhook_endpoint_not_found` */
  async execute({ input: { endpointId }, context }: RemoveWebhookEndpoint): Promise<{ position: bigint }> {
    const { position } = await this.executor.run({
      decider: administrationDecider,
      stream: ADMINISTRATION_STREAM,
      command: { type: 'RemoveWebhookEndpoint', endpointId },
      context,
    });
    await this.secrets.forget(endpointId);
    await this.readPosition.wait(position, ENDPOINT_LIST_WAIT_MS);
    return { position };
  }
}
