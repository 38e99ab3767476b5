import { Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { Clock } from '../../../../application/ports.js';
import { RedeliverWebhooks } from '../../../../application/webhooks/redeliver-webhooks.js';
import { RotateWebhookSecret } from '../../../../application/webhooks/rotate-webhook-secret.js';
import { TestWebhookEndpoint } from '../../../../application/webhooks/test-webhook-endpoint.js';
import { WebhookDeliveryList } from '../../../../projections/webhook-deliveries.js';
import { staffOf } from '../../../auth/caller.js';
import { WebhookAccess } from '../../../webhook-access.js';
import { PortalController } from '../../portal-controller.js';
import { moment } from '../../portal-formats.js';
import { PortalForms } from '../../portal-forms.js';
import { PortalPages } from '../../portal-pages.js';
import { PortalRedirect } from '../../portal-redirect.js';
import { PortalRoute } from '../../portal-route.js';
import { Grants } from '../branch-choice.js';
import { administrationTabs } from '../places.js';
import { branchNames } from './webhook-form.js';
import { deliveryView, endpointView } from './webhook-views.js';

const PATH = '/staff/administration/webhook-endpoints';
const VIEWS = 'portal/administration/webhook-endpoints/views';
const PAGE = 50;
const KEPT_MS = 30 * 24 * 3_600_000;
const NOTES: Readonly<Record<string, string>> = {
  changed: 'The endpoint was changed.',
  tested: 'A test message is on its way. Load the page again to see what came of it.',
  again: 'It is sent again. Load the page again to see what came of it.',
};

/** One endpoint, and what was sent to it. */
@PortalController('administration/webhook-endpoints')
export class WebhookDeliveriesPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly access: WebhookAccess,
    private readonly deliveries: WebhookDeliveryList,
    private readonly grants: Grants,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get(':endpointId')
  @PortalRoute({ right: 'administer' })
  async show(
    @Param('endpointId') endpointId: string,
    @Query('note') note: unknown,
    @Query('cursor') cursor: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = staffOf(request);
    const row = await this.access.one(caller, endpointId);
    const asked = typeof cursor === 'string' ? { limit: PAGE, cursor } : { limit: PAGE };
    const { items, next } = await this.deliveries.find(endpointId, asked);
    const now = this.clock.now();
    await this.pages.render(request, response, {
      title: 'Webhook endpoint',
      template: `${VIEWS}/endpoint`,
      view: {
        tabs: administrationTabs(PATH),
        note: typeof note === 'string' && Object.hasOwn(NOTES, note) ? NOTES[note] : undefined,
        endpoint: endpointView(row, await branchNames(this.grants, request), now),
        deliveries: items.map((each) => deliveryView(each, now)),
        hasFailed: items.some(({ status }) => status === 'failed'),
        next: next === null ? undefined : `${PATH}/${endpointId}?cursor=${encodeURIComponent(next)}`,
        csrf: caller.csrf,
        cause: this.forms.newCause(),
      },
    });
  }

  @Post(':endpointId/test')
  @PortalRoute({ right: 'administer' })
  async test(@Param('endpointId') endpointId: string, @Req() request: Request): Promise<never> {
    await this.access.one(staffOf(request), endpointId);
    await this.commands.execute(new TestWebhookEndpoint({ endpointId }, this.forms.context(request)));
    throw new PortalRedirect(`${PATH}/${endpointId}?note=tested`);
  }

  /** The secret is in this one answer and nowhere else. */
  @Post(':endpointId/rotate')
  @PortalRoute({ right: 'administer' })
  async rotate(
    @Param('endpointId') endpointId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.access.one(staffOf(request), endpointId);
    const command = new RotateWebhookSecret({ endpointId }, this.forms.context(request));
    const { secret, formerValidUntil } = await this.commands.execute(command);
    const until = moment(formerValidUntil, 'UTC', this.clock.now()).exact;
    await this.pages.render(request, response, {
      title: 'The new signing secret',
      template: `${VIEWS}/secret`,
      view: {
        tabs: administrationTabs(PATH),
        heading: 'The new signing secret',
        secret,
        hint: `Until ${until} every message is signed with the former one too.`,
        back: `${PATH}/${endpointId}`,
      },
    });
  }

  @Post(':endpointId/deliveries/:deliveryId/redeliver')
  @PortalRoute({ right: 'administer' })
  async redeliver(
    @Param('endpointId') endpointId: string,
    @Param('deliveryId') deliveryId: string,
    @Req() request: Request,
  ): Promise<never> {
    await this.access.one(staffOf(request), endpointId);
    this.access.assertDeliveryId(deliveryId);
    await this.commands.execute(new RedeliverWebhooks({ endpointId, which: { deliveryId } }));
    throw new PortalRedirect(`${PATH}/${endpointId}?note=again`);
  }

  @Post(':endpointId/redeliver')
  @PortalRoute({ right: 'administer' })
  async redeliverFailed(@Param('endpointId') endpointId: string, @Req() request: Request): Promise<never> {
    await this.access.one(staffOf(request), endpointId);
    const failedSince = new Date(this.clock.now().getTime() - KEPT_MS);
    await this.commands.execute(new RedeliverWebhooks({ endpointId, which: { failedSince } }));
    throw new PortalRedirect(`${PATH}/${endpointId}?note=again`);
  }
}
