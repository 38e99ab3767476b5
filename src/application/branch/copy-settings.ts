import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { branchDecider, type Branch, type BranchCommand } from '../../domain/branch/decider.js';
import type { BranchDetails, MessageKind } from '../../domain/branch/events.js';
import { assertNever } from '../../domain/decider.js';
import { DomainError } from '../../domain/errors.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { CardProcessor } from '../ports.js';
import { runOnBranch } from './branch-commands.js';
import { loadBranch } from './branch-view.js';

export const COPIED_PARTS = ['messages', 'fees', 'reminders', 'senders', 'ways', 'look'] as const;
export type CopiedPart = (typeof COPIED_PARTS)[number];

/** What became, or would become, of one part. */
export interface PartCopy {
  readonly part: CopiedPart;
  readonly outcome: 'changed' | 'same' | 'refused';
  /** What differs, by name: as it is in the branch that is copied to, and in the other. */
  readonly changes: readonly CopiedChange[];
  /** Why it is refused. */
  readonly refusal: DomainError | undefined;
}

export interface CopiedChange {
  readonly name: string;
  readonly from: unknown;
  readonly to: unknown;
}

interface Wanted {
  readonly branchId: string;
  readonly sourceId: string;
  readonly parts: readonly CopiedPart[];
}

const KINDS: readonly MessageKind[] = ['invoice-link', 'receipt', 'reminder'];
const DETAILS: Readonly<Record<'senders' | 'ways' | 'look', readonly (keyof BranchDetails)[]>> = {
  senders: ['replyTo', 'emailFrom', 'smsSender'],
  ways: ['otherWaysToPay', 'privacyUrl', 'termsUrl'],
  look: ['logo', 'colour'],
};

/** What copying would change, part by part, and what would be refused: nothing is changed by asking. */
export class PreviewCopy extends Query<readonly PartCopy[]> {
  constructor(readonly input: Wanted) {
    super();
  }
}

/**
 * Copies settings of one branch to another: each part by commands of its own, one after the other, under causes that derive from
 * the request's. A part that is refused (a fee that is not allowed there) changes nothing and is named; the others are copied.
 */
export class CopySettings extends Command<readonly PartCopy[]> {
  constructor(
    readonly input: Wanted,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@QueryHandler(PreviewCopy)
export class PreviewCopyHandler implements IQueryHandler<PreviewCopy> {
  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
  ) {}

  async execute({ input }: PreviewCopy): Promise<readonly PartCopy[]> {
    const source = await loadBranch(this.executor, input.sourceId);
    const target = await loadBranch(this.executor, input.branchId);
    return input.parts.map((part) => previewOf(part, source, target, !this.processor.testMode));
  }
}

@CommandHandler(CopySettings)
export class CopySettingsHandler implements ICommandHandler<CopySettings> {
  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
  ) {}

  async execute({ input, context }: CopySettings): Promise<readonly PartCopy[]> {
    const live = !this.processor.testMode;
    const source = await loadBranch(this.executor, input.sourceId);
    const copies: PartCopy[] = [];
    for (const part of input.parts) {
      const target = await loadBranch(this.executor, input.branchId);
      const planned = previewOf(part, source, target, live);
      copies.push(planned.outcome === 'changed' ? await this.copy(planned, source, target, live, context) : planned);
    }
    return copies;
  }

  /** What another changed in the last moment may refuse what was fine when it was planned. */
  private async copy(
    planned: PartCopy,
    source: Branch,
    target: Branch,
    live: boolean,
    context: CommandContext,
  ): Promise<PartCopy> {
    const { part } = planned;
    try {
      for (const [index, command] of commandsFor(part, source, target, live).entries()) {
        const own = { ...context, cause: `${context.cause}:${part}:${index}` };
        await runOnBranch(this.executor, target.branchId, command, own);
      }
      return planned;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { ...planned, outcome: 'refused', refusal: error };
    }
  }
}

function previewOf(part: CopiedPart, source: Branch, target: Branch, live: boolean): PartCopy {
  const changes = changesOf(part, source, target);
  if (changes.length === 0) return { part, outcome: 'same', changes, refusal: undefined };
  try {
    for (const command of commandsFor(part, source, target, live)) branchDecider.decide(command, target);
    return { part, outcome: 'changed', changes, refusal: undefined };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { part, outcome: 'refused', changes, refusal: error };
  }
}

function commandsFor(part: CopiedPart, source: Branch, target: Branch, live: boolean): readonly BranchCommand[] {
  switch (part) {
    case 'fees':
      return source.feePolicy ? [{ type: 'SetFeePolicy', policy: source.feePolicy.policy, live }] : [];
    case 'reminders':
      return [{ type: 'SetReminders', policy: source.reminders }];
    case 'messages':
      return wordingCommands(source, target);
    case 'senders':
    case 'ways':
    case 'look': {
      const changes = Object.fromEntries(DETAILS[part].map((field) => [field, source.details[field] ?? null]));
      return [{ type: 'UpdateBranch', changes }];
    }
    default:
      return assertNever(part);
  }
}

/** Words of every message and language; what only the target has worded goes back to the default ones. */
function wordingCommands(source: Branch, target: Branch): readonly BranchCommand[] {
  return KINDS.flatMap((kind) => [
    ...[...source.messages.worded[kind]].map(([language, message]): BranchCommand => ({
      type: 'CustomizeMessage',
      kind,
      language,
      message,
    })),
    ...[...target.messages.worded[kind].keys()]
      .filter((language) => !source.messages.worded[kind].has(language))
      .map((language): BranchCommand => ({ type: 'ResetMessage', kind, language })),
  ]);
}

function changesOf(part: CopiedPart, source: Branch, target: Branch): readonly CopiedChange[] {
  const [is, will] = [settingsOf(part, target), settingsOf(part, source)];
  // A branch that never decided on a fee has none to give.
  if (part === 'fees' && !source.feePolicy) return [];
  return [...new Set([...is.keys(), ...will.keys()])]
    .map((name) => ({ name, from: is.get(name), to: will.get(name) }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}

function settingsOf(part: CopiedPart, branch: Branch): ReadonlyMap<string, unknown> {
  switch (part) {
    case 'fees':
      return new Map(Object.entries(branch.feePolicy?.policy ?? {}));
    case 'reminders':
      return new Map(Object.entries(branch.reminders));
    case 'messages':
      return new Map(
        KINDS.flatMap((kind) =>
          [...branch.messages.worded[kind]].flatMap(([language, { email, sms }]): [string, unknown][] => [
            [`${kind}/${language}/subject`, email.subject],
            [`${kind}/${language}/email`, email.body],
            [`${kind}/${language}/text`, sms.body],
          ]),
        ),
      );
    case 'senders':
    case 'ways':
    case 'look':
      return new Map(DETAILS[part].map((field) => [field, branch.details[field]]));
    default:
      return assertNever(part);
  }
}
