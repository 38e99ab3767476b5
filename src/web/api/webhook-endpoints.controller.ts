import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { z } from 'zod';
import type { CommandContext } from '../../application/command-context.js';
import { AddWebhookEndpoint } from '../../application/webhooks/add-webhook-endpoint.js';
import { ChangeWebhookEndpoint } from '../../application/webhooks/change-webhook-endpoint.js';
import { RedeliverWebhooks } from '../../application/webhooks/redeliver-webhooks.js';
import { RemoveWebhookEndpoint } from '../../application/webhooks/remove-webhook-endpoint.js';
import { RotateWebhookSecret } from '../../application/webhooks/rotate-webhook-secret.js';
import { TestWebhookEndpoint } from '../../application/webhooks/test-webhook-endpoint.js';
import { WebhookDeliveryList } from '../../projections/webhook-deliveries.js';
import type { WebhookEndpointRow } from '../../projections/webhook-endpoints.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { WebhookAccess } from '../webhook-access.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { given } from './given.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { pageQuery } from './schemas/lists.js';
import { id } from './schemas/values.js';
import {
  addedWebhookEndpoint,
  newWebhookEndpoint,
  redelivery,
  rotatedWebhookSecret,
  startedDeliveries,
  startedDelivery,
  webhookDeliveryPage,
  webhookEndpoint,
  webhookEndpointChanges,
  webhookEndpointPage,
} from './schemas/webhooks.js';

const endpointParams = z.strictObject({ endpointId: id });
type EndpointParams = z.infer<typeof endpointParams>;

/** Who is told of what happens. A key of some branches sees and makes only endpoints of those. */
@ApiController('webhook-endpoints')
export class WebhookEndpointsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly access: WebhookAccess,
    private readonly deliveries: WebhookDeliveryList,
  ) {}

  @Get()
  @Route({ summary: 'List webhook endpoints', right: 'administer', status: 200, answer: webhookEndpointPage })
  async list(@CurrentCaller() caller: Caller): Promise<z.infer<typeof webhookEndpointPage>> {
    return { items: (await this.access.visible(caller)).map(shown), next: null };
  }

  @Post()
  @Route({
    summary: 'Add a webhook endpoint',
    description:
      'It is told of what happens from then on. The secret that its messages are signed with is answered once.',
    right: 'administer',
    status: 201,
    answer: addedWebhookEndpoint,
    carries: ['Ledger-Position'],
    refusals: [404, 409, 422],
  })
  async add(
    @Body({ schema: newWebhookEndpoint }) body: z.infer<typeof newWebhookEndpoint>,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<z.infer<typeof addedWebhookEndpoint>>> {
    await this.access.assertMayName(caller, body.branchIds);
    const { endpointId, secret, position } = await this.commands.execute(new AddWebhookEndpoint(body, context));
    return new Answer({ id: endpointId, secret }, { position });
  }

  @Patch(':endpointId')
  @Route({
    summary: 'Change a webhook endpoint',
    description: 'Only what is given changes.',
    right: 'administer',
    status: 200,
    answer: webhookEndpoint,
    carries: ['Ledger-Position'],
    refusals: [404, 409],
  })
  async change(
    @Param({ schema: endpointParams }) { endpointId }: EndpointParams,
    @Body({ schema: webhookEndpointChanges }) body: z.infer<typeof webhookEndpointChanges>,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<z.infer<typeof webhookEndpoint>>> {
    await this.access.one(caller, endpointId);
    if (body.branchIds !== undefined) await this.access.assertMayName(caller, body.branchIds ?? undefined);
    const command = new ChangeWebhookEndpoint({ endpointId, changes: given(body) }, context);
    const { position } = await this.commands.execute(command);
    return new Answer(shown(await this.access.one(caller, endpointId)), { position });
  }

  @Delete(':endpointId')
  @Route({
    summary: 'Remove a webhook endpoint',
    right: 'administer',
    status: 204,
    carries: ['Ledger-Position'],
    refusals: [404, 409],
  })
  async remove(
    @Param({ schema: endpointParams }) { endpointId }: EndpointParams,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<undefined>> {
    if (caller.branchIds !== undefined) await this.access.one(caller, endpointId);
    const { position } = await this.commands.execute(new RemoveWebhookEndpoint({ endpointId }, context));
    return new Answer(undefined, { position });
  }

  @Post(':endpointId/rotate')
  @Route({
    summary: 'Give a webhook endpoint a new secret',
    description: 'For 24 hours messages carry the signatures of both. The new secret is answered once.',
    right: 'administer',
    status: 200,
    answer: rotatedWebhookSecret,
    carries: ['Ledger-Position'],
    refusals: [404, 409],
  })
  async rotate(
    @Param({ schema: endpointParams }) { endpointId }: EndpointParams,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<z.infer<typeof rotatedWebhookSecret>>> {
    await this.access.one(caller, endpointId);
    const rotated = await this.commands.execute(new RotateWebhookSecret({ endpointId }, context));
    const { secret, formerValidUntil, position } = rotated;
    return new Answer({ secret, formerValidUntil }, { position });
  }

  @Post(':endpointId/test')
  @Route({
    summary: 'Send a message to try a webhook endpoint with',
    description:
      'Of the type "webhook.test", whatever events the endpoint asks for. Its delivery shows what came of it.',
    right: 'administer',
    status: 202,
    answer: startedDelivery,
    refusals: [404, 409],
  })
  async test(
    @Param({ schema: endpointParams }) { endpointId }: EndpointParams,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<z.infer<typeof startedDelivery>> {
    await this.access.one(caller, endpointId);
    return this.commands.execute(new TestWebhookEndpoint({ endpointId }, context));
  }

  @Get(':endpointId/deliveries')
  @Route({
    summary: 'List what was sent to a webhook endpoint',
    description: 'The latest first, once each was tried; kept for 30 days.',
    right: 'administer',
    status: 200,
    answer: webhookDeliveryPage,
    refusals: [404],
  })
  async listDeliveries(
    @Param({ schema: endpointParams }) { endpointId }: EndpointParams,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.infer<typeof webhookDeliveryPage>> {
    await this.access.one(caller, endpointId);
    const { items, next } = await this.deliveries.find(endpointId, query);
    return { items: items.map(({ deliveryId, ...row }) => ({ id: deliveryId, ...row })), next };
  }

  @Post(':endpointId/redeliver')
  @Route({
    summary: 'Send to a webhook endpoint again',
    description: 'Under the same message ids. At most 5,000 at once: ask again for more.',
    right: 'administer',
    status: 202,
    answer: startedDeliveries,
    refusals: [404, 409],
  })
  async redeliver(
    @Param({ schema: endpointParams }) { endpointId }: EndpointParams,
    @Body({ schema: redelivery }) body: z.infer<typeof redelivery>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.infer<typeof startedDeliveries>> {
    await this.access.one(caller, endpointId);
    const which = 'since' in body ? { failedSince: new Date(body.since) } : body;
    return this.commands.execute(new RedeliverWebhooks({ endpointId, which }));
  }
}

function shown({ endpointId, events, branchIds, ...row }: WebhookEndpointRow): z.infer<typeof webhookEndpoint> {
  const { url, description, enabled, disabledBecause, formerSecretUntil, createdAt } = row;
  return {
    ...{ id: endpointId, url, description, enabled, disabledBecause, formerSecretUntil, createdAt },
    events: events && [...events],
    branchIds: branchIds && [...branchIds],
  };
}
