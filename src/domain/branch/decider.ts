/** Decides what a branch may be set up as. */
import { assertNever, type Decider } from '../decider.js';
import { DomainError } from '../errors.js';
import { checkFeePolicy, type FeePolicy } from '../fees.js';
import { checkDetails } from './details.js';
import { isSameProcessing } from './card-processing.js';
import type { BranchDetails, BranchEvent, BranchUpdated, CardProcessing } from './events.js';
import {
  decideMessage,
  evolveMessages,
  isMessageCommand,
  isMessageEvent,
  NO_MESSAGES,
  type MessageCommand,
  type Messages,
} from './messages.js';
import { checkReminderPolicy, NO_REMINDERS, type ReminderPolicy } from './reminders.js';

export interface Branch {
  readonly status: 'registered';
  readonly branchId: string;
  readonly revision: bigint;
  readonly details: BranchDetails;
  readonly cardProcessing: CardProcessing | undefined;
  /** The version is the revision of the event that set it. */
  readonly feePolicy: { readonly policy: FeePolicy; readonly version: string } | undefined;
  readonly messages: Messages;
  readonly reminders: ReminderPolicy;
}

export type BranchState = { readonly status: 'absent' } | Branch;

export type BranchCommand =
  | { readonly type: 'RegisterBranch'; readonly branchId: string; readonly details: BranchDetails }
  | { readonly type: 'UpdateBranch'; readonly changes: BranchUpdated['data']['changes'] }
  | { readonly type: 'SetUpCardProcessing'; readonly processing: CardProcessing }
  | { readonly type: 'SetFeePolicy'; readonly policy: FeePolicy; readonly live: boolean }
  | { readonly type: 'SetReminders'; readonly policy: ReminderPolicy }
  | MessageCommand;

export const branchDecider: Decider<BranchState, BranchCommand, BranchEvent> = {
  initialState: { status: 'absent' },
  decide,
  evolve,
};

function decide(command: BranchCommand, state: BranchState): readonly BranchEvent[] {
  if (command.type === 'RegisterBranch') {
    if (state.status !== 'absent') return [];
    checkDetails(command.details);
    return [{ type: 'BranchRegistered', data: { branchId: command.branchId, ...command.details } }];
  }
  if (state.status === 'absent') throw new DomainError('branch_not_found');
  if (isMessageCommand(command)) return decideMessage(command, state.messages);
  switch (command.type) {
    case 'UpdateBranch': {
      const changes = Object.fromEntries(
        Object.entries(command.changes).filter(
          ([field, value]) =>
            JSON.stringify(value ?? null) !== JSON.stringify(state.details[field as keyof BranchDetails] ?? null),
        ),
      );
      if (Object.keys(changes).length === 0) return [];
      const details = withChanges(state.details, changes);
      checkDetails(details);
      if (details.currency !== state.details.currency)
        throw new DomainError('currency_differs', { currency: details.currency });
      if (state.feePolicy) checkFeePolicy(state.feePolicy.policy, details, false);
      return [{ type: 'BranchUpdated', data: { changes } }];
    }
    case 'SetUpCardProcessing':
      return isSameProcessing(state.cardProcessing, command.processing)
        ? []
        : [{ type: 'CardProcessingSetUp', data: command.processing }];
    case 'SetFeePolicy':
      checkFeePolicy(command.policy, state.details, command.live);
      return same(state.feePolicy?.policy, command.policy)
        ? []
        : [{ type: 'FeePolicySet', data: { policy: command.policy } }];
    case 'SetReminders':
      checkReminderPolicy(command.policy);
      return same(state.reminders, command.policy) ? [] : [{ type: 'RemindersSet', data: { policy: command.policy } }];
    default:
      return assertNever(command);
  }
}

function evolve(state: BranchState, event: BranchEvent, revision: bigint): BranchState {
  if (event.type === 'BranchRegistered') {
    const { branchId, ...details } = event.data;
    return {
      status: 'registered',
      branchId,
      revision,
      details,
      cardProcessing: undefined,
      feePolicy: undefined,
      messages: NO_MESSAGES,
      reminders: NO_REMINDERS,
    };
  }
  if (state.status === 'absent') throw new Error(`${event.type} before BranchRegistered`);
  if (isMessageEvent(event)) return { ...state, revision, messages: evolveMessages(state.messages, event) };
  switch (event.type) {
    case 'BranchUpdated':
      return { ...state, revision, details: withChanges(state.details, event.data.changes) };
    case 'CardProcessingSetUp':
      return { ...state, revision, cardProcessing: event.data };
    case 'FeePolicySet':
      return { ...state, revision, feePolicy: { policy: event.data.policy, version: String(revision) } };
    case 'RemindersSet':
      return { ...state, revision, reminders: event.data.policy };
    default:
      return assertNever(event);
  }
}

function withChanges(details: BranchDetails, changes: BranchUpdated['data']['changes']): BranchDetails {
  const merged: Record<string, unknown> = { ...details };
  for (const [field, value] of Object.entries(changes)) {
    if (value === null) delete merged[field];
    else merged[field] = value;
  }
  return merged as unknown as BranchDetails;
}

function same(a: object | undefined, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
