import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { BranchView, Wording } from '../../../application/branch/branch-view.js';
import { GetMessageHistory, type MessageChange } from '../../../application/branch/get-message-history.js';
import { standardWording } from '../../../application/branch/wording.js';
import { MessageTemplates } from '../../../application/documents.js';
import { Clock } from '../../../application/ports.js';
import { moment } from '../portal-formats.js';
import { StaffNames } from '../staff-names.js';
import { lineDiff, type DiffLine } from './line-diff.js';
import type { MessageChoice } from './wording-form.js';

/** More than anybody reads through. */
const MOST = 50;

const WHAT: Readonly<Record<MessageChange['what'], string>> = {
  customized: 'worded it',
  reset: 'went back to the default words',
  test_requested: 'sent a test',
};

const OUTCOMES = { sent: 'It was taken.', failed: 'It was refused.', none: 'It is under way.' } as const;

const PARTS = [
  { label: 'Subject', of: (words: Wording) => words.email.subject },
  { label: 'Email', of: (words: Wording) => words.email.body },
  { label: 'Text', of: (words: Wording) => words.sms.body },
] as const;

/** Who changed a message, when, and what: newest first. */
@Injectable()
export class MessageChanges {
  constructor(
    private readonly queries: QueryBus,
    private readonly templates: MessageTemplates,
    private readonly names: StaffNames,
    private readonly clock: Clock,
  ) {}

  async views(branch: BranchView, choice: MessageChoice): Promise<readonly object[]> {
    const { branchId, details } = branch;
    const changes = await this.queries.execute(new GetMessageHistory({ branchId, ...choice }));
    const standard = standardWording(branch, choice, this.templates);
    const nameOf = await this.names.of(changes.map(({ actor }) => actor));
    const inUse = wordsAfter(changes, standard);
    const isSame = (a: Wording, b: Wording): boolean => PARTS.every(({ of }) => of(a) === of(b));
    return changes.slice(0, MOST).map((change, index) => {
      const isTest = change.what === 'test_requested';
      const now = inUse[index]!;
      return {
        who: nameOf(change.actor),
        what: WHAT[change.what],
        outcome: isTest ? OUTCOMES[change.outcome ?? 'none'] : undefined,
        when: moment(change.at, details.timeZone, this.clock.now()),
        parts: isTest ? [] : partViews(inUse[index + 1] ?? standard, now),
        restore: change.what === 'customized' && !isSame(now, inUse[0]!) ? String(change.revision) : undefined,
      };
    });
  }
}

/** The words that were in use after each change, newest first. */
function wordsAfter(changes: readonly MessageChange[], standard: Wording): readonly Wording[] {
  let words = standard;
  const after: Wording[] = [];
  for (const { what, message } of changes.toReversed()) {
    if (what !== 'test_requested') words = message ?? standard;
    after.unshift(words);
  }
  return after;
}

function partViews(
  before: Wording,
  after: Wording,
): readonly { readonly label: string; readonly lines: readonly DiffLine[] }[] {
  return PARTS.filter(({ of }) => of(before) !== of(after)).map(({ label, of }) => ({
    label,
    lines: lineDiff(of(before), of(after)),
  }));
}
