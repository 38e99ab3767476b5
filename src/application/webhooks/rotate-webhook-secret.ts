import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { administrationDecider } from '../../domain/administration/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM, webhookSecretId } from '../ids.js';
import { Clock } from '../ports.js';
import { ReadPosition } from '../read-position.js';
import { ENDPOINT_LIST_WAIT_MS } from './add-webhook-endpoint.js';
import { assertEndpoint } from './endpoint-there.js';
import { WebhookSecrets } from './webhook-ports.js';

/** How long messages carry the signature of the former secret as well. */
const OVERLAP_MS = 24 * 3_600_000;

export interface RotatedWebhookSecret {
  /** Shown once. */
  readonly secret: string;
  readonly formerValidUntil: string;
  readonly position: bigint;
}

/** Gives an endpoint a new secret; the former one goes on signing for a day. */
export class RotateWebhookSecret extends Command<RotatedWebhookSecret> {
  constructor(
    readonly input: { readonly endpointId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RotateWebhookSecret)
export class RotateWebhookSecretHandler implements ICommandHandler<RotateWebhookSecret> {
  constructor(
    private readonly executor: Execute,
    private readonly secrets: WebhookSecrets,
    private readonly readPosition: ReadPosition,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `webhook_endpoint_not_found` */
  async execute({ input: { endpointId }, context }: RotateWebhookSecret): Promise<RotatedWebhookSecret> {
    // First, so that no secret is kept for an endpoint that is not there.
    await assertEndpoint(this.executor, endpointId);
    const secretId = webhookSecretId(endpointId, context.cause);
    const secret = await this.secrets.make(secretId, endpointId);
    const previousValidUntil = new Date(this.clock.now().getTime() + OVERLAP_MS).toISOString();
    const { state, position } = await this.executor.run({
      decider: administrationDecider,
      stream: ADMINISTRATION_STREAM,
      command: { type: 'RotateWebhookSecret', data: { endpointId, secretId, previousValidUntil } },
      context,
    });
    await this.readPosition.wait(position, ENDPOINT_LIST_WAIT_MS);
    const [, former] = state.webhookEndpoints.get(endpointId)?.secrets ?? [];
    return { secret, formerValidUntil: former?.validUntil ?? previousValidUntil, position };
  }
}
