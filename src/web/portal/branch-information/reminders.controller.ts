import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { SetReminders } from '../../../application/branch/set-reminders.js';
import { reminders } from '../../api/schemas/branches.js';
import { PortalController } from '../portal-controller.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { BranchPages, keptTyped, type NotSaved } from './branch-pages.js';
import { branchPath } from './branch-tabs.js';
import { branchParams, type BranchParams } from './details.controller.js';
import { fieldViews, mistakesIn, readTyped, type FieldLook, type Mistakes, type Typed } from './form-fields.js';

const LOOKS: readonly FieldLook[] = [
  {
    ...{ name: 'beforeDays', label: 'Days before the due date', max: 40 },
    hint: 'Up to five, like 7, 3, 0. 0 is the due date itself. Empty: none.',
  },
  { name: 'afterDays', label: 'Days after the due date', max: 40, hint: 'Up to five, like 1, 7, 14. Empty: none.' },
  { name: 'at', label: 'At', type: 'time', hint: 'On the clocks of the branch, from 08:00 to 20:30.' },
];
const NAMES = LOOKS.map(({ name }) => name);

type ReminderPolicy = SetReminders['input']['policy'];
type Read = { readonly value: ReminderPolicy } | { readonly mistakes: Mistakes };

/** When customers are reminded of what they owe. */
@PortalController('branches/:branchId/reminders')
export class RemindersController {
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
    await this.page(request, response, branch, typedPolicy(branch.reminders), undefined);
  }

  @Post()
  @PortalRoute({ right: 'administer' })
  async save(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const typed = { ...readTyped(request, NAMES), enabled: formText(request, 'enabled') };
    const read = policyIn(typed);
    const refused =
      'mistakes' in read
        ? { mistakes: read.mistakes, conflict: undefined }
        : await this.pages.save(request, branchId, 'reminders', (context, seen) =>
            this.commands.execute(new SetReminders({ branchId, policy: read.value, seen }, context)),
          );
    if (!refused) throw new PortalRedirect(`${branchPath(branchId)}/reminders?note=saved`);
    const kept = keptTyped(typed, refused, (fields) => typedPolicy(fields as unknown as ReminderPolicy));
    await this.page(request, response, await this.pages.branch(request, branchId), kept, refused);
  }

  private page(
    request: Request,
    response: Response,
    branch: BranchView,
    typed: Typed,
    refused: NotSaved | undefined,
  ): Promise<void> {
    const mistakes = refused?.mistakes ?? {};
    return this.pages.render(request, response, branch, {
      tab: 'reminders',
      title: 'Reminders',
      template: 'reminders',
      refused,
      view: {
        enabled: typed['enabled'] === 'yes',
        enabledMistake: mistakes['enabled'],
        fields: fieldViews(LOOKS, typed, mistakes),
        zone: branch.details.timeZone,
      },
    });
  }
}

function typedPolicy({ enabled, beforeDays, afterDays, at }: ReminderPolicy): Typed {
  return { enabled: enabled ? 'yes' : '', beforeDays: beforeDays.join(', '), afterDays: afterDays.join(', '), at };
}

function policyIn(typed: Typed): Read {
  const read = reminders.safeParse({
    enabled: typed['enabled'] === 'yes',
    beforeDays: daysIn(typed['beforeDays']),
    afterDays: daysIn(typed['afterDays']),
    at: typed['at'],
  });
  return read.success ? { value: read.data } : { mistakes: mistakesIn(read.error) };
}

/** Numbers between whatever people put there; what is none stays, for the schema to refuse. */
function daysIn(text = ''): readonly unknown[] {
  return text
    .split(/[\s,;]+/)
    .filter((each) => each !== '')
    .map((each) => (/^\d{1,4}$/.test(each) ? Number(each) : each));
}
