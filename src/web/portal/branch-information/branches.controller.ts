import { Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { RegisterBranch } from '../../../application/branch/register-branch.js';
import { BranchList, type BranchRow } from '../../../projections/branches.js';
import { given } from '../../api/given.js';
import { assertEveryBranch, staffOf } from '../../auth/caller.js';
import { pillOfCards } from './card-pill.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { branchPath } from './branch-tabs.js';
import { detailsView, EMPTY_DETAILS, newDetails, readDetails } from './details-form.js';
import { NO_MISTAKES, refusalIn, type Mistakes, type Typed } from './form-fields.js';

const PAGE = 50;
const VIEWS = 'portal/branch-information/views';

/** *Company/Branch information*: every branch, and a new one. */
@PortalController('branches')
export class BranchesPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly branches: BranchList,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async list(@Query('cursor') cursor: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { branchIds } = staffOf(request);
    const after = typeof cursor === 'string' ? cursor : undefined;
    const { items, next } = await this.branches.find({ limit: PAGE, ...given({ branchIds, cursor: after }) });
    await this.pages.render(request, response, {
      title: 'Company/Branch information',
      template: `${VIEWS}/branches`,
      view: {
        mayAdd: branchIds === undefined,
        branches: items.map(rowView),
        next: next === null ? undefined : `/staff/branches?cursor=${encodeURIComponent(next)}`,
      },
    });
  }

  @Get('new')
  @PortalRoute({ right: 'administer' })
  async newForm(@Req() request: Request, @Res() response: Response): Promise<void> {
    assertEveryBranch(staffOf(request));
    await this.showForm(request, response, EMPTY_DETAILS, NO_MISTAKES);
  }

  @Post('new')
  @PortalRoute({ right: 'administer' })
  async register(@Req() request: Request, @Res() response: Response): Promise<void> {
    assertEveryBranch(staffOf(request));
    const typed = readDetails(request);
    const outcome = await this.registered(request, typed);
    if (typeof outcome === 'string') throw new PortalRedirect(`${branchPath(outcome)}?note=registered`);
    await this.showForm(request, response, typed, outcome);
  }

  /** The id of the branch, or what is wrong. */
  private async registered(request: Request, typed: Typed): Promise<string | Mistakes> {
    const read = newDetails(typed);
    if ('mistakes' in read) return read.mistakes;
    try {
      const command = new RegisterBranch({ details: read.value }, this.forms.context(request));
      return (await this.commands.execute(command)).branch.branchId;
    } catch (error) {
      return refusalIn(error);
    }
  }

  private async showForm(request: Request, response: Response, typed: Typed, mistakes: Mistakes): Promise<void> {
    await this.pages.render(request, response, {
      title: 'New branch',
      template: `${VIEWS}/new-branch`,
      status: mistakes === NO_MISTAKES ? 200 : 422,
      view: {
        ...detailsView(typed, mistakes, true),
        mistake: mistakes['form'],
        csrf: staffOf(request).csrf,
        cause: this.forms.newCause(),
      },
    });
  }
}

function rowView({ branchId, name, timeZone, details, cardProcessing }: BranchRow): object {
  const { country, region, currency } = details;
  return {
    href: branchPath(branchId),
    name,
    place: region === undefined ? country : `${region}, ${country}`,
    currency,
    timeZone,
    pill: pillOfCards(cardProcessing !== null),
  };
}
