/** Decides what a branch may be set up as. */
import { assertNever, type Decider } from '../decider.js';
import { DomainError } from '../errors.js';
import { checkFeePolicy, type FeePolicy } from '../fees.js';
import { isCurrency } from '../money.js';
import { isTimeZone } from '../zoned-time.js';
import type { BranchDetails, BranchEvent, BranchUpdated, InvoiceLinkMessage } from './events.js';

export interface Branch {
  readonly status: 'registered';
  readonly branchId: string;
  readonly revision: bigint;
  readonly details: BranchDetails;
  readonly cardProcessing: { readonly mode: 'platform' } | undefined;
  /** The version is the revision of the event that set it. */
  readonly feePolicy: { readonly policy: FeePolicy; readonly version: string } | undefined;
  readonly invoiceLinkMessages: ReadonlyMap<string, InvoiceLinkMessage>;
}

export type BranchState = { readonly status: 'absent' } | Branch;

export type BranchCommand =
  | { readonly type: 'RegisterBranch'; readonly branchId: string; readonly details: BranchDetails }
  | { readonly type: 'UpdateBranch'; readonly changes: BranchUpdated['data']['changes'] }
  | { readonly type: 'SetUpCardProcessing'; readonly mode: 'platform' }
  | { readonly type: 'SetFeePolicy'; readonly policy: FeePolicy; readonly live: boolean }
  | { readonly type: 'CustomizeInvoiceLinkMessage'; readonly language: string; readonly message: InvoiceLinkMessage };

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
      return state.cardProcessing?.mode === command.mode
        ? []
        : [{ type: 'CardProcessingSetUp', data: { mode: command.mode } }];
    case 'SetFeePolicy':
      checkFeePolicy(command.policy, state.details, command.live);
      return same(state.feePolicy?.policy, command.policy)
        ? []
        : [{ type: 'FeePolicySet', data: { policy: command.policy } }];
    case 'CustomizeInvoiceLinkMessage': {
      const { language, message } = command;
      if (same(state.invoiceLinkMessages.get(language), message)) return [];
      return [{ type: 'InvoiceLinkMessageCustomized', data: { language, message } }];
    }
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
      invoiceLinkMessages: new Map(),
    };
  }
  if (state.status === 'absent') throw new Error(`${event.type} before BranchRegistered`);
  switch (event.type) {
    case 'BranchUpdated':
      return { ...state, revision, details: withChanges(state.details, event.data.changes) };
    case 'CardProcessingSetUp':
      return { ...state, revision, cardProcessing: { mode: event.data.mode } };
    case 'FeePolicySet':
      return { ...state, revision, feePolicy: { policy: event.data.policy, version: String(revision) } };
    case 'InvoiceLinkMessageCustomized':
      return {
        ...state,
        revision,
        invoiceLinkMessages: new Map(state.invoiceLinkMessages).set(event.data.language, event.data.message),
      };
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

function checkDetails(details: BranchDetails): void {
  if (!isTimeZone(details.timeZone)) throw new DomainError('unknown_time_zone', { timeZone: details.timeZone });
  if (!isCurrency(details.currency)) throw new DomainError('unknown_currency', { currency: details.currency });
}

function same(a: object | undefined, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
