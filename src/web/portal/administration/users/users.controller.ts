import { Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { Clock, Randomness } from '../../../../application/ports.js';
import { ChangeUser, type UserChange } from '../../../../application/staff/change-user.js';
import { InviteUser } from '../../../../application/staff/invite-user.js';
import { ResendInvitation } from '../../../../application/staff/resend-invitation.js';
import { DomainError } from '../../../../domain/errors.js';
import { UserList, type UserRow } from '../../../../projections/users.js';
import { mayUseBranch, staffOf, type StaffCaller } from '../../../auth/caller.js';
import { DOMAIN_PROBLEMS } from '../../../domain-problems.js';
import { freshContext } from '../../fresh-context.js';
import { PortalController } from '../../portal-controller.js';
import { PortalPages } from '../../portal-pages.js';
import { PortalRedirect } from '../../portal-redirect.js';
import { PortalRoute } from '../../portal-route.js';
import { formText } from '../../sign-in/form-text.js';
import { chosenBranches, Grants, type GrantForm } from '../branch-choice.js';
import { administrationTabs } from '../places.js';
import { NOTES, userView } from './user-view.js';

const PATH = '/staff/administration/users';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_NAME = 120;

interface UserForm extends GrantForm {
  readonly email: string;
  readonly name: string;
  readonly mistake?: string;
}

/**
 * Who may sign in, and what they may do. An administrator of some branches sees and makes only users of those. Whoever changes a
 * user shows the second factor freshly: a user could make the keys that are asked for it.
 */
@PortalController('administration/users')
export class UsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly users: UserList,
    private readonly grants: Grants,
    private readonly randomness: Randomness,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async list(@Query('note') note: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = staffOf(request);
    const rows = (await this.users.find()).filter((row) => isVisible(row, caller));
    const branches = await this.grants.options(caller, null);
    const names = new Map(branches.map(({ branchId, name }) => [branchId, name]));
    await this.pages.render(request, response, {
      title: 'Users',
      template: 'portal/administration/users/views/users',
      view: {
        tabs: administrationTabs(request.path),
        note: typeof note === 'string' && Object.hasOwn(NOTES, note) ? NOTES[note] : undefined,
        users: rows.map((row) => userView(row, names, caller.keyId, this.clock.now())),
        csrf: caller.csrf,
      },
    });
  }

  @Get('invite')
  @PortalRoute({ right: 'administer', fresh: true })
  async invite(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { branchIds = null } = staffOf(request);
    await this.showForm(request, response, undefined, { email: '', name: '', role: 'staff', branchIds });
  }

  @Post('invite')
  @PortalRoute({ right: 'administer', fresh: true })
  async sendInvitation(@Req() request: Request, @Res() response: Response): Promise<void> {
    const email = formText(request, 'email').slice(0, 254);
    const name = formText(request, 'name').trim().slice(0, MAX_NAME);
    const caller = staffOf(request);
    const { branchIds: inviterBranchIds } = caller;
    const grant = await this.grants.read(caller, request);
    const context = freshContext(request, this.randomness);
    const refusal =
      typeof grant === 'string'
        ? grant
        : await this.refusalOf(() =>
            this.commands.execute(new InviteUser({ email, name, ...grant, inviterBranchIds }, context)),
          );
    if (refusal === undefined) throw new PortalRedirect(`${PATH}?note=invited`);
    await this.showForm(request, response, undefined, { email, name, ...asked(request), mistake: refusal });
  }

  @Get(':userId')
  @PortalRoute({ right: 'administer', fresh: true })
  async edit(@Param('userId') userId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const user = await this.visible(request, userId);
    await this.showForm(request, response, user, user);
  }

  @Post(':userId')
  @PortalRoute({ right: 'administer', fresh: true })
  async change(@Param('userId') userId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const user = await this.visible(request, userId);
    const grant = await this.grants.read(staffOf(request), request);
    const refusal =
      typeof grant === 'string' ? grant : await this.run(request, userId, { type: 'ChangeUser', ...grant });
    if (refusal === undefined) throw new PortalRedirect(`${PATH}?note=changed`);
    await this.showForm(request, response, user, { ...user, ...asked(request), mistake: refusal });
  }

  @Post(':userId/disable')
  @PortalRoute({ right: 'administer', fresh: true })
  async disable(@Param('userId') userId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const user = await this.visible(request, userId);
    const refusal = await this.run(request, userId, { type: 'DisableUser' });
    if (refusal === undefined) throw new PortalRedirect(`${PATH}?note=disabled`);
    await this.showForm(request, response, user, { ...user, mistake: refusal });
  }

  @Post(':userId/enable')
  @PortalRoute({ right: 'administer', fresh: true })
  async enable(@Param('userId') userId: string, @Req() request: Request): Promise<never> {
    await this.visible(request, userId);
    await this.run(request, userId, { type: 'EnableUser' });
    throw new PortalRedirect(`${PATH}?note=enabled`);
  }

  @Post(':userId/resend')
  @PortalRoute({ right: 'administer', fresh: true })
  async resend(@Param('userId') userId: string, @Req() request: Request): Promise<never> {
    await this.visible(request, userId);
    const refusal = await this.refusalOf(() => this.commands.execute(new ResendInvitation({ userId })));
    throw new PortalRedirect(`${PATH}?note=${refusal === undefined ? 'resent' : 'came'}`);
  }

  private run(request: Request, userId: string, change: UserChange): Promise<string | undefined> {
    const context = freshContext(request, this.randomness);
    return this.refusalOf(() => this.commands.execute(new ChangeUser({ userId, change }, context)));
  }

  /** What a form says beside its fields; whatever is no refusal of the domain is for the page of errors. */
  private async refusalOf(work: () => Promise<unknown>): Promise<string | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (!(error instanceof DomainError) || DOMAIN_PROBLEMS[error.code].status === 404) throw error;
      return String(error.details['reason'] ?? DOMAIN_PROBLEMS[error.code].title);
    }
  }

  /** @throws DomainError `user_not_found` for one of other branches too */
  private async visible(request: Request, userId: string): Promise<UserRow> {
    const user = UUID.test(userId) ? await this.users.byId(userId) : undefined;
    if (!user || !isVisible(user, staffOf(request))) throw new DomainError('user_not_found');
    return user;
  }

  private async showForm(
    request: Request,
    response: Response,
    user: UserRow | undefined,
    form: UserForm,
  ): Promise<void> {
    const caller = staffOf(request);
    await this.pages.render(request, response, {
      title: user ? user.name : 'Invite a user',
      template: 'portal/administration/users/views/user-form',
      status: form.mistake === undefined ? 200 : 422,
      view: {
        tabs: administrationTabs(PATH),
        user: user && userView(user, new Map(), caller.keyId, this.clock.now()),
        email: form.email,
        name: form.name,
        mistake: form.mistake,
        ...(await this.grants.view(caller, form)),
        csrf: caller.csrf,
      },
    });
  }
}

/** What was typed, for the form to show again. */
function asked(request: Request): GrantForm {
  const branchIds = formText(request, 'scope') === 'some' ? chosenBranches(request) : null;
  return { role: formText(request, 'role'), branchIds };
}

function isVisible({ branchIds }: UserRow, caller: StaffCaller): boolean {
  if (caller.branchIds === undefined) return true;
  return branchIds !== null && branchIds.every((branchId) => mayUseBranch(caller, branchId));
}
