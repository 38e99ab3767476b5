import { Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import {
  COPIED_PARTS,
  CopySettings,
  PreviewCopy,
  type CopiedPart,
  type PartCopy,
} from '../../../application/branch/copy-settings.js';
import { id } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { Grants } from '../administration/branch-choice.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages } from './branch-pages.js';
import { branchParams, type BranchParams } from './details.controller.js';
import { fieldWords, inWords } from './field-words.js';
import { refusalIn } from './form-fields.js';

const PART_WORDS: Readonly<Record<CopiedPart, string>> = {
  messages: 'Messages, in every language',
  fees: 'Processing fee',
  reminders: 'Reminders',
  senders: 'Senders and where answers go',
  ways: 'Other ways to pay, privacy notice and terms',
  look: 'Logo and colour',
};

/** What is shown: the choice, what it would change, or what was done. */
interface Copying {
  readonly sourceId: string | undefined;
  readonly parts: readonly CopiedPart[];
  readonly copies?: readonly PartCopy[];
  readonly isDone?: boolean;
}

/** Settings of another branch, taken over after a look at what that changes. */
@PortalController('branches/:branchId/copy')
export class CopySettingsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly grants: Grants,
    private readonly forms: PortalForms,
    private readonly pages: BranchPages,
  ) {}

  /** The choice is in the address, and with it what it would change is shown. Fees among it: as fresh as the fees' own page. */
  @Get()
  @PortalRoute({ right: 'administer', fresh: true })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Query('from') from: unknown,
    @Query('part') part: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const sourceId = await this.source(request, from);
    const parts = sourceId === undefined ? COPIED_PARTS : partsIn(part);
    if (sourceId === undefined || parts.length === 0)
      return this.page(request, response, branchId, { sourceId, parts });
    const copies = await this.queries.execute(new PreviewCopy({ branchId, sourceId, parts }));
    await this.page(request, response, branchId, { sourceId, parts, copies });
  }

  @Post()
  @PortalRoute({ right: 'administer', fresh: true })
  async copy(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const body = request.body as Readonly<Record<string, unknown>> | undefined;
    const sourceId = await this.source(request, body?.['from']);
    const parts = partsIn(body?.['part']);
    if (sourceId === undefined || parts.length === 0)
      return this.page(request, response, branchId, { sourceId, parts });
    const command = new CopySettings({ branchId, sourceId, parts }, this.forms.context(request));
    const copies = await this.commands.execute(command);
    await this.page(request, response, branchId, { sourceId, parts, copies, isDone: true });
  }

  /** Another branch of one's own. */
  private async source(request: Request, value: unknown): Promise<string | undefined> {
    const parsed = id.safeParse(value);
    if (!parsed.success) return undefined;
    return (await this.pages.branch(request, parsed.data)).branchId;
  }

  private async page(request: Request, response: Response, branchId: string, copying: Copying): Promise<void> {
    const { sourceId, parts, copies, isDone = false } = copying;
    const branch = await this.pages.branch(request, branchId);
    const branches = await this.grants.options(staffOf(request), sourceId === undefined ? [] : [sourceId]);
    await this.pages.render(request, response, branch, {
      tab: 'copy',
      title: 'Copy settings from branch…',
      template: 'copy-settings',
      view: {
        branches: branches.filter((each) => each.branchId !== branchId),
        parts: COPIED_PARTS.map((part) => ({ part, label: PART_WORDS[part], checked: parts.includes(part) })),
        isDone,
        isNothingChosen: sourceId !== undefined && parts.length === 0,
        isPreview: copies !== undefined && !isDone,
        sourceId,
        source: branches.find(({ checked }) => checked)?.name,
        chosen: parts,
        copies: (copies ?? []).map((copy) => copyView(copy, isDone)),
        hasChanges: copies?.some(({ outcome }) => outcome === 'changed') ?? false,
      },
    });
  }
}

/** The boxes that are ticked: one comes as a text, several as a list. */
function partsIn(value: unknown): readonly CopiedPart[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return COPIED_PARTS.filter((part) => list.includes(part));
}

function copyView({ part, outcome, changes, refusal }: PartCopy, isDone: boolean): object {
  const tones = { changed: 'good', same: 'calm', refused: 'bad' } as const;
  const words = {
    changed: isDone ? 'Copied.' : 'Will be copied.',
    same: 'Nothing to copy: there is none, or both are the same.',
    refused: `${isDone ? 'Not copied' : 'Will not be copied'}. ${refusal ? Object.values(refusalIn(refusal)).join(' ') : ''}`,
  } as const;
  return {
    label: PART_WORDS[part],
    tone: tones[outcome],
    words: words[outcome],
    changes: changes.map(({ name, from, to }) => ({ field: fieldWords(name), was: inWords(from), is: inWords(to) })),
  };
}
