import { Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { Clock } from '../../../../application/ports.js';
import { AddWebhookEndpoint } from '../../../../application/webhooks/add-webhook-endpoint.js';
import { ChangeWebhookEndpoint } from '../../../../application/webhooks/change-webhook-endpoint.js';
import { RemoveWebhookEndpoint } from '../../../../application/webhooks/remove-webhook-endpoint.js';
import { DomainError } from '../../../../domain/errors.js';
import { staffOf } from '../../../auth/caller.js';
import { WebhookAccess } from '../../../webhook-access.js';
import { PortalController } from '../../portal-controller.js';
import { PortalForms } from '../../portal-forms.js';
import { PortalPages } from '../../portal-pages.js';
import { PortalRedirect } from '../../portal-redirect.js';
import { PortalRoute } from '../../portal-route.js';
import { Grants } from '../branch-choice.js';
import { administrationTabs } from '../places.js';
import { branchNames, WebhookForm, type CheckedWebhook, type WebhookFields } from './webhook-form.js';
import { endpointView } from './webhook-views.js';

const PATH = '/staff/administration/webhook-endpoints';
const VIEWS = 'portal/administration/webhook-endpoints/views';
const NOTES: Readonly<Record<string, string>> = { removed: 'The endpoint was removed. It is told nothing any more.' };

/** Which programs are told of what happens. */
@PortalController('administration/webhook-endpoints')
export class WebhookEndpointsPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly access: WebhookAccess,
    private readonly grants: Grants,
    private readonly form: WebhookForm,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async list(@Query('note') note: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    const names = await branchNames(this.grants, request);
    const rows = await this.access.visible(staffOf(request));
    await this.pages.render(request, response, {
      title: 'Webhook endpoints',
      template: `${VIEWS}/webhook-endpoints`,
      view: {
        tabs: administrationTabs(PATH),
        note: typeof note === 'string' && Object.hasOwn(NOTES, note) ? NOTES[note] : undefined,
        endpoints: rows.map((row) => endpointView(row, names, this.clock.now())),
      },
    });
  }

  @Get('new')
  @PortalRoute({ right: 'administer' })
  async newForm(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.showForm(request, response, this.form.empty(staffOf(request)), {});
  }

  /** The secret is in this one answer and nowhere else. */
  @Post('new')
  @PortalRoute({ right: 'administer' })
  async add(@Req() request: Request, @Res() response: Response): Promise<void> {
    const fields = { ...this.form.read(request), enabled: true };
    const made = await this.checked(request, fields, (input) =>
      this.commands.execute(new AddWebhookEndpoint(input, this.forms.context(request))),
    );
    if (typeof made === 'string') return this.showForm(request, response, fields, { mistake: made });
    await this.pages.render(request, response, {
      title: 'The new webhook endpoint',
      template: `${VIEWS}/secret`,
      view: {
        tabs: administrationTabs(PATH),
        heading: 'The endpoint is there',
        secret: made.secret,
        hint: 'Every message from now on is signed with it.',
        back: `${PATH}/${made.endpointId}`,
      },
    });
  }

  @Get(':endpointId/edit')
  @PortalRoute({ right: 'administer' })
  async editForm(
    @Param('endpointId') endpointId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { url, description, events, branchIds, enabled } = await this.access.one(staffOf(request), endpointId);
    const fields = { url, description: description ?? '', events, branchIds, enabled };
    await this.showForm(request, response, fields, { endpointId });
  }

  @Post(':endpointId/edit')
  @PortalRoute({ right: 'administer' })
  async edit(
    @Param('endpointId') endpointId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.access.one(staffOf(request), endpointId);
    const fields = this.form.read(request);
    const changed = await this.checked(request, fields, ({ url, description, events, branchIds, enabled }) => {
      const lists = { events: events ?? null, branchIds: branchIds ?? null, description: description ?? null };
      const changes = { url, enabled, ...lists };
      return this.commands.execute(new ChangeWebhookEndpoint({ endpointId, changes }, this.forms.context(request)));
    });
    if (typeof changed === 'string') return this.showForm(request, response, fields, { mistake: changed, endpointId });
    throw new PortalRedirect(`${PATH}/${endpointId}?note=changed`);
  }

  @Post(':endpointId/remove')
  @PortalRoute({ right: 'administer' })
  async remove(@Param('endpointId') endpointId: string, @Req() request: Request): Promise<never> {
    await this.access.one(staffOf(request), endpointId);
    await this.commands.execute(new RemoveWebhookEndpoint({ endpointId }, this.forms.context(request)));
    throw new PortalRedirect(`${PATH}?note=removed`);
  }

  /** What `work` makes of what was typed, or what is wrong with that in words. */
  private async checked<Result extends object>(
    request: Request,
    fields: WebhookFields,
    work: (input: CheckedWebhook) => Promise<Result>,
  ): Promise<Result | string> {
    const input = await this.form.check(staffOf(request), fields);
    if (typeof input === 'string') return input;
    try {
      return await work(input);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'webhook_url_not_allowed') throw error;
      return `The address ${String(error.details['reason'])}.`;
    }
  }

  private async showForm(
    request: Request,
    response: Response,
    fields: WebhookFields,
    more: { mistake?: string; endpointId?: string },
  ): Promise<void> {
    const view = await this.form.view(staffOf(request), fields, more);
    await this.pages.render(request, response, {
      title: view.heading,
      template: `${VIEWS}/endpoint-form`,
      status: more.mistake === undefined ? 200 : 422,
      view,
    });
  }
}
