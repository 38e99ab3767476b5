import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { administrationDecider } from '../../domain/administration/decider.js';
import type { WebhookEndpointChanges } from '../../domain/administration/webhook-endpoints.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM } from '../ids.js';
import { ReadPosition } from '../read-position.js';
import { assertMayBeCalled, ENDPOINT_LIST_WAIT_MS } from './add-webhook-endpoint.js';
import { WebhookAddresses } from './webhook-ports.js';

/** Only what is given changes; `null` takes a list or the description away. */
export class ChangeWebhookEndpoint extends Command<{ readonly position: bigint }> {
  constructor(
    readonly input: { readonly endpointId: string; readonly changes: WebhookEndpointChanges },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ChangeWebhookEndpoint)
export class ChangeWebhookEndpointHandler implements ICommandHandler<ChangeWebhookEndpoint> {
  constructor(
    private readonly executor: Execute,
    private readonly addresses: WebhookAddresses,
    private readonly readPosition: ReadPosition,
  ) {}

  /** @throws DomainError `webhook_endpoint_not_found`, `webhook_url_not_allowed` */
  async execute({ input, context }: ChangeWebhookEndpoint): Promise<{ position: bigint }> {
    const { endpointId, changes } = input;
    if (changes.url !== undefined) assertMayBeCalled(changes.url, this.addresses);
    const { position } = await this.executor.run({
      decider: administrationDecider,
      stream: ADMINISTRATION_STREAM,
      command: { type: 'ChangeWebhookEndpoint', endpointId, changes },
      context,
    });
    await this.readPosition.wait(position, ENDPOINT_LIST_WAIT_MS);
    return { position };
  }
}
