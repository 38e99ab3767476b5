import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import type { PartFields } from '../../../application/branch/branch-parts.js';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { UpdateBranch } from '../../../application/branch/update-branch.js';
import { branchChanges } from '../../api/schemas/branches.js';
import { PortalController } from '../portal-controller.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, keptTyped, type NotSaved } from './branch-pages.js';
import { branchPath } from './branch-tabs.js';
import { branchParams, type BranchParams } from './details.controller.js';
import { fieldViews, mistakesIn, readTyped, type FieldLook, type Typed } from './form-fields.js';

const LOOKS: readonly FieldLook[] = [
  {
    ...{ name: 'emailFrom', label: 'Emails come from', type: 'email', max: 254 },
    hint: "An address of a domain of yours. Empty: the service's own address.",
  },
  {
    ...{ name: 'replyTo', label: 'Answers go to (Reply-To)', type: 'email', max: 254 },
    hint: 'Where customers reach you when they answer an email or a text.',
  },
  {
    ...{ name: 'smsSender', label: 'Texts come from', max: 34 },
    hint: "A number like +12125550100, or the SID of a messaging service at Twilio (MG…). Empty: the service's own number.",
  },
];
const NAMES = LOOKS.map(({ name }) => name);

function typedSenders(details: PartFields): Typed {
  return Object.fromEntries(
    NAMES.map((name) => {
      const value = details[name];
      return [name, typeof value === 'string' ? value : ''];
    }),
  );
}

/** From whom customers get their messages, and to whom they answer. */
@PortalController('branches/:branchId/senders')
export class SendersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly pages: BranchPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    await this.page(request, response, branch, typedSenders({ ...branch.details }), undefined);
  }

  @Post()
  @PortalRoute({ right: 'administer' })
  async save(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const typed = readTyped(request, NAMES);
    const read = branchChanges.safeParse(
      Object.fromEntries(NAMES.map((name) => [name, typed[name]?.trim() === '' ? null : typed[name]?.trim()])),
    );
    const refused = read.success
      ? await this.pages.save(request, branchId, 'senders', (context, seen) => {
          const changes = read.data as UpdateBranch['input']['changes'];
          return this.commands.execute(new UpdateBranch({ branchId, changes, seen }, context));
        })
      : { mistakes: mistakesIn(read.error), conflict: undefined };
    if (!refused) throw new PortalRedirect(`${branchPath(branchId)}/senders?note=saved`);
    await this.page(
      request,
      response,
      await this.pages.branch(request, branchId),
      keptTyped(typed, refused, typedSenders),
      refused,
    );
  }

  private page(
    request: Request,
    response: Response,
    branch: BranchView,
    typed: Typed,
    refused: NotSaved | undefined,
  ): Promise<void> {
    return this.pages.render(request, response, branch, {
      tab: 'senders',
      title: 'Senders',
      template: 'senders',
      refused,
      view: { fields: fieldViews(LOOKS, typed, refused?.mistakes ?? {}) },
    });
  }
}
