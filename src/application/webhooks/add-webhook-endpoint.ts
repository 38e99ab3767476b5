import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { administrationDecider } from '../../domain/administration/decider.js';
import { DomainError } from '../../domain/errors.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM, webhookEndpointId, webhookSecretId } from '../ids.js';
import { ReadPosition } from '../read-position.js';
import { assertSameRequest } from '../same-request.js';
import { WebhookAddresses, WebhookSecrets } from './webhook-ports.js';

/** Whoever made or changed an endpoint sees it in the list at once. */
export const ENDPOINT_LIST_WAIT_MS = 5_000;

export interface AddedWebhookEndpoint {
  readonly endpointId: string;
  /** Shown once. */
  readonly secret: string;
  readonly position: bigint;
}

/** From its event on, the endpoint is told what happens. */
export class AddWebhookEndpoint extends Command<AddedWebhookEndpoint> {
  constructor(
    readonly input: {
      readonly url: string;
      /** Absent: every event. */
      readonly events?: readonly string[] | undefined;
      /** Absent: every branch. */
      readonly branchIds?: readonly string[] | undefined;
      readonly description?: string | undefined;
      readonly enabled: boolean;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AddWebhookEndpoint)
export class AddWebhookEndpointHandler implements ICommandHandler<AddWebhookEndpoint> {
  constructor(
    private readonly executor: Execute,
    private readonly addresses: WebhookAddresses,
    private readonly secrets: WebhookSecrets,
    private readonly readPosition: ReadPosition,
  ) {}

  /** @throws DomainError `webhook_url_not_allowed` */
  async execute({ input, context }: AddWebhookEndpoint): Promise<AddedWebhookEndpoint> {
    assertMayBeCalled(input.url, this.addresses);
    const endpointId = webhookEndpointId(context.cause);
    const secretId = webhookSecretId(endpointId, context.cause);
    // Durable before the event that names it; without the event it opens nothing.
    const secret = await this.secrets.make(secretId, endpointId);
    const { url, events, branchIds, description, enabled } = input;
    const asked = {
      url,
      ...(events === undefined ? {} : { events }),
      ...(branchIds === undefined ? {} : { branchIds }),
      ...(description === undefined ? {} : { description }),
      enabled,
    };
    const { state, position, changed } = await this.executor.run({
      decider: administrationDecider,
      stream: ADMINISTRATION_STREAM,
      command: { type: 'AddWebhookEndpoint', data: { endpointId, secretId, ...asked } },
      context,
    });
    const made = state.webhookEndpoints.get(endpointId);
    if (made && !changed) {
      const { secrets: _secrets, removed: _removed, endpointId: _id, ...settings } = made;
      assertSameRequest(context, settings, asked);
    }
    await this.readPosition.wait(position, ENDPOINT_LIST_WAIT_MS);
    return { endpointId, secret, position };
  }
}

/** @throws DomainError `webhook_url_not_allowed` */
export function assertMayBeCalled(url: string, addresses: WebhookAddresses): void {
  const reason = addresses.objectionTo(url);
  if (reason !== undefined) throw new DomainError('webhook_url_not_allowed', { field: 'url', reason });
}
