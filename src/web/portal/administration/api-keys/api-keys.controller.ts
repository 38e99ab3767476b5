import { Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { CreateApiKey } from '../../../../application/administration/create-api-key.js';
import { RevokeApiKey } from '../../../../application/administration/revoke-api-key.js';
import { Clock, Randomness } from '../../../../application/ports.js';
import { DomainError } from '../../../../domain/errors.js';
import { assertNoCardNumber } from '../../../../domain/free-text.js';
import { ApiKeyList, type ApiKeyRow } from '../../../../projections/api-keys.js';
import { mayUseBranch, staffOf, type StaffCaller } from '../../../auth/caller.js';
import { DOMAIN_PROBLEMS } from '../../../domain-problems.js';
import { freshContext } from '../../fresh-context.js';
import { PortalController } from '../../portal-controller.js';
import { dateWords, moment } from '../../portal-formats.js';
import { PortalForms } from '../../portal-forms.js';
import { PortalPages } from '../../portal-pages.js';
import { PortalRedirect } from '../../portal-redirect.js';
import { PortalRoute } from '../../portal-route.js';
import { formText } from '../../sign-in/form-text.js';
import { chosenBranches, Grants, roleLabel, type Grant, type GrantForm } from '../branch-choice.js';
import { administrationTabs } from '../places.js';

const PATH = '/staff/administration/api-keys';
const MAX_NAME = 120;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

interface KeyForm extends GrantForm {
  readonly name: string;
  readonly expiresOn: string;
  readonly mistake?: string;
}

/** Keys of the API. Whoever makes or ends one shows the second factor freshly. */
@PortalController('administration/api-keys')
export class ApiKeysPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly keys: ApiKeyList,
    private readonly grants: Grants,
    private readonly forms: PortalForms,
    private readonly randomness: Randomness,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer', fresh: true })
  async list(@Query('note') note: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = staffOf(request);
    const branches = await this.grants.options(caller, null);
    const names = new Map(branches.map(({ branchId, name }) => [branchId, name]));
    const rows = (await this.keys.find()).filter((row) => row.revokedAt === null && isVisible(row, caller));
    await this.pages.render(request, response, {
      title: 'API keys',
      template: 'portal/administration/api-keys/views/api-keys',
      view: {
        tabs: administrationTabs(request.path),
        note: note === 'revoked' ? 'The key was revoked. It opens nothing any more.' : undefined,
        keys: rows.map((row) => keyView(row, names, this.clock.now())),
        csrf: caller.csrf,
      },
    });
  }

  @Get('new')
  @PortalRoute({ right: 'administer', fresh: true })
  async form(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { branchIds = null } = staffOf(request);
    await this.showForm(request, response, { name: '', role: 'staff', branchIds, expiresOn: '' });
  }

  /** The key is in this one answer and nowhere else. */
  @Post('new')
  @PortalRoute({ right: 'administer', fresh: true })
  async create(@Req() request: Request, @Res() response: Response): Promise<void> {
    const name = formText(request, 'name').trim().slice(0, MAX_NAME);
    const expiresOn = formText(request, 'expiresOn');
    const made = await this.make(request, name, expiresOn);
    if ('mistake' in made) {
      const branchIds = formText(request, 'scope') === 'some' ? chosenBranches(request) : null;
      const form = { name, role: formText(request, 'role'), branchIds, expiresOn, mistake: made.mistake };
      await this.showForm(request, response, form);
      return;
    }
    await this.pages.render(request, response, {
      title: 'The new API key',
      template: 'portal/administration/api-keys/views/new-key',
      view: { tabs: administrationTabs(PATH), name, key: made.key },
    });
  }

  @Post(':keyId/revoke')
  @PortalRoute({ right: 'administer', fresh: true })
  async revoke(@Param('keyId') keyId: string, @Req() request: Request): Promise<never> {
    const row = (await this.keys.find()).find((each) => each.keyId === keyId);
    if (!row || !isVisible(row, staffOf(request))) throw new DomainError('api_key_not_found', { keyId });
    await this.commands.execute(new RevokeApiKey({ keyId }, freshContext(request, this.randomness)));
    throw new PortalRedirect(`${PATH}?note=revoked`);
  }

  private async make(
    request: Request,
    name: string,
    expiresOn: string,
  ): Promise<{ readonly key: string } | { readonly mistake: string }> {
    const grant = await this.grants.read(staffOf(request), request);
    if (name === '') return { mistake: 'Give the key a name that says what it is for.' };
    if (typeof grant === 'string') return { mistake: grant };
    const expiresAt = endOf(expiresOn);
    if (expiresAt === 'none' || (expiresAt !== undefined && Date.parse(expiresAt) <= this.clock.now().getTime())) {
      return { mistake: 'The last day must lie in the future.' };
    }
    return this.execute(request, { name, ...grant, ...(expiresAt === undefined ? {} : { expiresAt }) });
  }

  private async execute(
    request: Request,
    input: Grant & { name: string; expiresAt?: string },
  ): Promise<{ readonly key: string } | { readonly mistake: string }> {
    try {
      assertNoCardNumber('name', input.name);
      return await this.commands.execute(new CreateApiKey(input, this.forms.context(request)));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { mistake: String(error.details['reason'] ?? DOMAIN_PROBLEMS[error.code].title) };
    }
  }

  private async showForm(request: Request, response: Response, form: KeyForm): Promise<void> {
    const caller = staffOf(request);
    await this.pages.render(request, response, {
      title: 'Make an API key',
      template: 'portal/administration/api-keys/views/key-form',
      status: form.mistake === undefined ? 200 : 422,
      view: {
        tabs: administrationTabs(PATH),
        name: form.name,
        expiresOn: form.expiresOn,
        mistake: form.mistake,
        ...(await this.grants.view(caller, form)),
        csrf: caller.csrf,
        cause: this.forms.newCause(),
      },
    });
  }
}

/** The end of a plain date in UTC; nothing for an empty field; `none` for what is no date. */
function endOf(date: string): string | 'none' | undefined {
  if (date === '') return undefined;
  const end = DATE.test(date) ? new Date(`${date}T23:59:59.000Z`) : undefined;
  if (!end || Number.isNaN(end.getTime()) || !end.toISOString().startsWith(date)) return 'none';
  return end.toISOString();
}

function keyView(row: ApiKeyRow, names: ReadonlyMap<string, string>, now: Date) {
  const { keyId, name, role, branchIds, expiresAt, createdAt } = row;
  return {
    keyId,
    name,
    role: roleLabel(role),
    branches: branchIds === null ? 'Every branch' : branchIds.map((id) => names.get(id) ?? 'another branch').join(', '),
    expires: expiresAt === null ? 'Never' : dateWords(expiresAt),
    isOver: expiresAt !== null && Date.parse(expiresAt) <= now.getTime(),
    created: moment(createdAt, 'UTC', now),
  };
}

function isVisible(row: ApiKeyRow, caller: StaffCaller): boolean {
  if (caller.branchIds === undefined) return true;
  return row.branchIds !== null && row.branchIds.every((branchId) => mayUseBranch(caller, branchId));
}
