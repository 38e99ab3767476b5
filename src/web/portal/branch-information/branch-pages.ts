import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus, type Command } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import type { BranchPart, PartFields, SeenPart } from '../../../application/branch/branch-parts.js';
import type { BranchView } from '../../../application/branch/branch-view.js';
import type { CardProcessingInput } from '../../../application/branch/set-up-card-processing.js';
import { GetBranch } from '../../../application/branch/get-branch.js';
import { GetPartChange, type PartChange } from '../../../application/branch/get-part-change.js';
import type { CommandContext } from '../../../application/command-context.js';
import { Clock } from '../../../application/ports.js';
import { DomainError } from '../../../domain/errors.js';
import { BranchScope } from '../../api/branch-scope.js';
import { staffOf } from '../../auth/caller.js';
import { HttpProblem } from '../../http-problem.js';
import { moment } from '../portal-formats.js';
import { PortalForms } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { StaffNames } from '../staff-names.js';
import { formText } from '../sign-in/form-text.js';
import { branchPath, branchTabs, tabPath, type BranchTab } from './branch-tabs.js';
import { fieldWords, inWords } from './field-words.js';
import { refusalIn, type Mistakes, type Read, type Typed } from './form-fields.js';

const NOTES: Readonly<Record<string, string>> = {
  saved: 'Saved.',
  registered: 'The branch is there. The list below says what it still needs.',
  removed: 'The logo was removed.',
  reset: 'The message has the default words again.',
  restored: 'The earlier words are in use again.',
  card: 'Card processing is set up.',
};

/** What somebody else changed while this form was open. */
export interface ConflictView {
  readonly who: string;
  readonly when: string;
  readonly changes: readonly { readonly field: string; readonly was: string; readonly is: string }[];
}

/** How a form ended that was not saved. */
export interface NotSaved {
  readonly mistakes: Mistakes;
  readonly conflict?: ConflictView | undefined;
  /** With a conflict: the part as it was looked at, and as it is. */
  readonly change?: Pick<PartChange, 'was' | 'is'> | undefined;
}

/** What a form says of a part of a branch, and what saves it. */
export interface SentPart<Value> {
  readonly branchId: string;
  readonly part: BranchPart;
  readonly read: Read<Value>;
  readonly command: (value: Value, context: CommandContext, seen: SeenPart) => Command<unknown>;
}

/** A part that is a tab of its own, with the form as it was sent. */
export interface SentTab<Value> extends Omit<SentPart<Value>, 'read'> {
  readonly part: BranchPart & BranchTab;
  readonly typed: Typed;
  readonly readOf: (branch: BranchView) => Read<Value>;
  /** The part as its form shows it. */
  readonly typedOf: (fields: PartFields, branch: BranchView) => Typed;
}

/** A form as its page shows it. */
export interface ShownForm {
  readonly branch: BranchView;
  readonly typed: Typed;
  readonly refused?: NotSaved | undefined;
}

/** What one page of a branch shows besides its frame. */
export interface BranchPage {
  readonly tab: BranchTab;
  readonly title: string;
  readonly template: string;
  readonly script?: string;
  /** Of a form that could not be saved. */
  readonly refused?: NotSaved | undefined;
  readonly view: object;
}

/** The frame around the pages of a branch, and how each of their forms is saved. */
@Injectable()
export class BranchPages {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
    private readonly names: StaffNames,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `branch_not_found`, another's included */
  branch(request: Request, branchId: string): Promise<BranchView> {
    this.scope.assertBranch(staffOf(request), branchId);
    return this.queries.execute(new GetBranch({ branchId }));
  }

  /** @throws DomainError `card_processing_invalid` for an account of branches that whoever asks may not use */
  assertAccount(request: Request, processing: CardProcessingInput): Promise<void> {
    return this.scope.assertAccount(staffOf(request), processing);
  }

  async render(request: Request, response: Response, branch: BranchView, page: BranchPage): Promise<void> {
    const { tab, title, template, refused, script, view } = page;
    const note = request.query['note'];
    await this.pages.render(request, response, {
      title: `${title} · ${branch.details.name}`,
      template: `portal/branch-information/views/${template}`,
      ...(refused ? { status: refused.conflict ? 409 : 422 } : {}),
      ...(script === undefined ? {} : { script }),
      view: {
        heading: branch.details.name,
        path: branchPath(branch.branchId),
        tabs: branchTabs(branch.branchId, tab),
        note: typeof note === 'string' && Object.hasOwn(NOTES, note) ? NOTES[note] : undefined,
        csrf: staffOf(request).csrf,
        cause: this.forms.newCause(),
        // Of a form that only has mistakes it is still the one that was looked at: what others changed since is yet to be said.
        revision: refused && !refused.conflict ? formText(request, 'revision') : String(branch.revision),
        conflict: refused?.conflict,
        mistake: refused?.mistakes['form'],
        ...view,
      },
    });
  }

  /**
   * Saves a part of a branch as it was looked at.
   * @returns nothing where it is saved; else what to say, and what others changed meanwhile
   */
  async save<Value>(
    request: Request,
    { branchId, part, read, command }: SentPart<Value>,
  ): Promise<NotSaved | undefined> {
    if ('mistakes' in read) return read;
    const seen = { part, revision: seenRevision(request) };
    try {
      await this.commands.execute(command(read.value, this.forms.context(request), seen));
      return undefined;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'version_changed') {
        const change = await this.queries.execute(new GetPartChange({ branchId, seen }));
        return { mistakes: {}, conflict: change && (await this.conflictView(change)), change };
      }
      return { mistakes: refusalIn(error) };
    }
  }

  /**
   * Saves the form of a tab, and leads back to the tab, which says so.
   * @returns what the tab shows where it could not be saved
   */
  async saveTab<Value>(request: Request, sent: SentTab<Value>): Promise<ShownForm> {
    const { branchId, part, typed, readOf, typedOf } = sent;
    // Another's branch is refused before anything is said of what was typed.
    const before = await this.branch(request, branchId);
    const refused = await this.save(request, { ...sent, read: readOf(before) });
    if (!refused) throw new PortalRedirect(`${tabPath(branchId, part)}?note=saved`);
    const branch = await this.branch(request, branchId);
    return { branch, typed: keptTyped(typed, refused, (fields) => typedOf(fields, branch)), refused };
  }

  private async conflictView({ was, is, actor, at }: PartChange): Promise<ConflictView> {
    const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return {
      who: (await this.names.of([actor]))(actor),
      when: moment(at, 'UTC', this.clock.now()).relative,
      changes: fields
        .map((field) => ({ field: fieldWords(field), was: inWords(was[field]), is: inWords(is[field]) }))
        .filter((each) => each.was !== each.is),
    };
  }
}

function seenRevision(request: Request): bigint {
  const text = formText(request, 'revision');
  if (!/^\d{1,18}$/.test(text)) {
    throw new HttpProblem('malformed_request', { detail: 'The form is incomplete. Load the page again.' });
  }
  return BigInt(text);
}

/** What the form shows again: what somebody typed stays, and what they left as it was shows what others made of it. */
export function keptTyped(typed: Typed, refused: NotSaved | undefined, typedOf: (fields: PartFields) => Typed): Typed {
  if (!refused?.change) return typed;
  const [was, is] = [typedOf(refused.change.was), typedOf(refused.change.is)];
  return Object.fromEntries(
    Object.entries(typed).map(([name, text]) => [name, text === was[name] ? (is[name] ?? text) : text]),
  );
}
