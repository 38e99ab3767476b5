/** What a branch still needs until its customers can pay: each step derived from what happened. */
import type { BranchView } from '../../../application/branch/branch-view.js';
import type { BranchSetup } from '../../../projections/branch-setups.js';
import type { PillView } from '../pills.js';
import { branchPath } from './branch-tabs.js';

const DONE: PillView = { word: 'Done', tone: 'good', shape: 'M5 12.5l4.5 4.5L19 7.5' };
const TO_DO: PillView = { word: 'To do', tone: 'warn', shape: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16' };

/** @param setup as the lists have it; what the branch itself says is newer */
export function checklistView(branch: BranchView, setup: BranchSetup | undefined): object {
  const path = branchPath(branch.branchId);
  const steps = [
    {
      isDone: branch.cardProcessing !== undefined,
      words: 'Card processing is set up',
      task: 'Set up card processing',
      href: `${path}/card-processing`,
    },
    {
      isDone: branch.feePolicy !== undefined,
      words: 'The processing fee is decided',
      task: 'Decide on a processing fee, or on none',
      href: `${path}/fees`,
    },
    {
      isDone: setup?.email ?? false,
      words: 'An email went out',
      task: 'Send a test email to yourself',
      href: `${path}/messages/invoice-link#test`,
    },
    {
      isDone: setup?.text ?? false,
      words: 'A text went out',
      task: 'Send a test text to yourself',
      href: `${path}/messages/invoice-link#test`,
    },
    {
      isDone: setup?.paid ?? false,
      words: 'A link was paid by card',
      task: 'Send a link to yourself and pay it',
      href: `/staff/invoices?branchId=${branch.branchId}`,
    },
  ];
  const done = steps.filter(({ isDone }) => isDone).length;
  return {
    done,
    all: steps.length,
    steps:
      done === steps.length
        ? []
        : steps.map(({ isDone, words, task, href }) => ({
            pill: isDone ? DONE : TO_DO,
            words: isDone ? words : task,
            href: isDone ? undefined : href,
          })),
  };
}
