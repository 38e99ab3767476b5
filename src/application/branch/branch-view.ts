/** A branch as its stream says now. */
import type { Branch } from '../../domain/branch/decider.js';
import { branchDecider } from '../../domain/branch/decider.js';
import type { BranchDetails, CardProcessing, MessageKind, MessageWording } from '../../domain/branch/events.js';
import { fold } from '../../domain/decider.js';
import { DomainError } from '../../domain/errors.js';
import type { ReminderPolicy } from '../../domain/branch/reminders.js';
import type { FeePolicy } from '../../domain/fees.js';
import type { Execute } from '../execute.js';
import { branchStream } from '../ids.js';

/** The words of a message, and which message they are of: what pages and routes show and take. */
export type Wording = MessageWording;
export type WordedKind = MessageKind;

export interface BranchView {
  readonly branchId: string;
  readonly revision: bigint;
  readonly details: BranchDetails;
  readonly cardProcessing: CardProcessing | undefined;
  readonly feePolicy: (FeePolicy & { readonly version: string }) | undefined;
  readonly reminders: ReminderPolicy;
  /** By language; a language that is absent uses the default wording. */
  readonly messages: Readonly<Record<MessageKind, Readonly<Record<string, MessageWording>>>>;
}

/** What a write on a branch answers. */
export interface BranchWritten {
  readonly branch: BranchView;
  /** For `Ledger-Position`. */
  readonly position: bigint;
}

export function branchView(branch: Branch): BranchView {
  const { branchId, revision, details, cardProcessing, feePolicy, reminders } = branch;
  const { worded } = branch.messages;
  return {
    branchId,
    revision,
    details,
    cardProcessing,
    feePolicy: feePolicy && { ...feePolicy.policy, version: feePolicy.version },
    reminders,
    messages: {
      'invoice-link': Object.fromEntries(worded['invoice-link']),
      receipt: Object.fromEntries(worded.receipt),
      reminder: Object.fromEntries(worded.reminder),
    },
  };
}

/**
 * A branch as it was when the log was at this position: what a document that was issued then must go on showing.
 * @throws DomainError `branch_not_found`.
 */
export async function branchAt(execute: Execute, branchId: string, position: bigint): Promise<Branch> {
  const { events } = await execute.load(branchDecider, branchStream(branchId));
  const state = fold(
    branchDecider,
    events.filter((event) => event.position <= position),
  );
  if (state.status === 'absent') throw new DomainError('branch_not_found', { branchId });
  return state;
}

/** @throws DomainError `branch_not_found`. */
export async function loadBranch(execute: Execute, branchId: string): Promise<Branch> {
  const { state } = await execute.load(branchDecider, branchStream(branchId));
  if (state.status === 'absent') throw new DomainError('branch_not_found', { branchId });
  return state;
}
