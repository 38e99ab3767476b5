import { Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { PartFields } from '../../../application/branch/branch-parts.js';
import { UpdateBranch } from '../../../application/branch/update-branch.js';
import { PortalController } from '../portal-controller.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, type ShownForm } from './branch-pages.js';
import { branchParams, type BranchParams } from './details.controller.js';
import { changesIn } from './details-form.js';
import { fieldViews, readTyped, type FieldLook, type Read, type Typed } from './form-fields.js';

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

/** What was typed as the API takes it: an empty field clears what was there. */
function senderChanges(typed: Typed): Read<UpdateBranch['input']['changes']> {
  const body = NAMES.map((name): [string, unknown] => [name, typed[name]?.trim() === '' ? null : typed[name]?.trim()]);
  return changesIn(Object.fromEntries(body));
}

/** From whom customers get their messages, and to whom they answer. */
@PortalController('branches/:branchId/senders')
export class SendersController {
  constructor(private readonly pages: BranchPages) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    await this.page(request, response, { branch, typed: typedSenders({ ...branch.details }) });
  }

  @Post()
  @PortalRoute({ right: 'administer' })
  async save(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const typed = readTyped(request, NAMES);
    const shown = await this.pages.saveTab(request, {
      branchId,
      part: 'senders',
      typed,
      readOf: () => senderChanges(typed),
      command: (changes, context, seen) => new UpdateBranch({ branchId, changes, seen }, context),
      typedOf: typedSenders,
    });
    await this.page(request, response, shown);
  }

  private page(request: Request, response: Response, { branch, typed, refused }: ShownForm): Promise<void> {
    return this.pages.render(request, response, branch, {
      tab: 'senders',
      title: 'Senders',
      template: 'senders',
      refused,
      view: { fields: fieldViews(LOOKS, typed, refused?.mistakes ?? {}) },
    });
  }
}
