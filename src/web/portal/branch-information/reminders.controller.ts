import { Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { SetReminders } from '../../../application/branch/set-reminders.js';
import { reminders } from '../../api/schemas/branches.js';
import { PortalController } from '../portal-controller.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { BranchPages, type ShownForm } from './branch-pages.js';
import { branchParams, type BranchParams } from './details.controller.js';
import { fieldViews, readAs, readTyped, type FieldLook, type Read, type Typed } from './form-fields.js';

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

/** When customers are reminded of what they owe. */
@PortalController('branches/:branchId/reminders')
export class RemindersController {
  constructor(private readonly pages: BranchPages) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    await this.page(request, response, { branch, typed: typedPolicy(branch.reminders) });
  }

  @Post()
  @PortalRoute({ right: 'administer' })
  async save(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const typed = { ...readTyped(request, NAMES), enabled: formText(request, 'enabled') };
    const shown = await this.pages.saveTab(request, {
      branchId,
      part: 'reminders',
      typed,
      readOf: () => policyIn(typed),
      command: (policy, context, seen) => new SetReminders({ branchId, policy, seen }, context),
      typedOf: (fields) => typedPolicy(fields as unknown as ReminderPolicy),
    });
    await this.page(request, response, shown);
  }

  private page(request: Request, response: Response, { branch, typed, refused }: ShownForm): Promise<void> {
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

function policyIn(typed: Typed): Read<ReminderPolicy> {
  const result = reminders.safeParse({
    enabled: typed['enabled'] === 'yes',
    beforeDays: daysIn(typed['beforeDays']),
    afterDays: daysIn(typed['afterDays']),
    at: typed['at'],
  });
  return readAs(result);
}

/** Numbers between whatever people put there; what is none stays, for the schema to refuse. */
function daysIn(text = ''): readonly unknown[] {
  return text
    .split(/[\s,;]+/)
    .filter((each) => each !== '')
    .map((each) => (/^\d{1,4}$/.test(each) ? Number(each) : each));
}
