/** Decides about somebody who signs in to the portal. */
import type { Role } from '../administration/events.js';
import { assertNever, type Decider } from '../decider.js';
import { DomainError } from '../errors.js';
import type { UserEvent, UserFacts } from './events.js';

export type UserState =
  | { readonly known: false }
  /** `wasActive`: has had a password once, so that letting them in again needs no new invitation. */
  | { readonly known: true; readonly facts: UserFacts; readonly wasActive: boolean };

export type UserCommand =
  | { readonly type: 'InviteUser'; readonly facts: Omit<UserFacts, 'status'> }
  /** Takes the invitation up: the address is proved. */
  | { readonly type: 'ActivateUser' }
  | {
      readonly type: 'ChangeUser';
      readonly role: Role;
      /** Absent: every branch. */
      readonly branchIds?: readonly string[];
    }
  | { readonly type: 'DisableUser' }
  | { readonly type: 'EnableUser' };

export const userDecider: Decider<UserState, UserCommand, UserEvent> = {
  initialState: { known: false },
  decide(command, state) {
    if (command.type === 'InviteUser') return invite(command.facts, state);
    if (!state.known) throw new DomainError('user_not_found');
    const { facts } = state;
    switch (command.type) {
      case 'ActivateUser':
        if (facts.status === 'disabled') throw new DomainError('user_disabled');
        return facts.status === 'active' ? [] : [changed({ ...facts, status: 'active' })];
      case 'ChangeUser': {
        const { branchIds: _former, ...rest } = facts;
        const { role, branchIds } = command;
        const next = { ...rest, role, ...(branchIds === undefined ? {} : { branchIds }) };
        return sameRights(facts, next) ? [] : [changed(next)];
      }
      case 'DisableUser':
        return facts.status === 'disabled' ? [] : [changed({ ...facts, status: 'disabled' })];
      case 'EnableUser':
        if (facts.status !== 'disabled') return [];
        return [changed({ ...facts, status: state.wasActive ? 'active' : 'invited' })];
      default:
        return assertNever(command);
    }
  },
  evolve(state, { data }) {
    const wasActive = data.status === 'active' || (state.known && state.wasActive);
    return { known: true, facts: data, wasActive };
  },
};

/** Inviting an invited one again says anew what they may do; somebody who has been in is changed, not invited. */
function invite(facts: Omit<UserFacts, 'status'>, state: UserState): readonly UserEvent[] {
  if (!state.known) return [changed({ ...facts, status: 'invited' })];
  if (state.facts.status !== 'invited') throw new DomainError('user_exists', { userId: facts.userId });
  const isSame = sameRights(state.facts, facts) && state.facts.name === facts.name;
  return isSame ? [] : [changed({ ...facts, status: 'invited' })];
}

function changed(facts: UserFacts): UserEvent {
  return { type: 'UserChanged', data: facts };
}

type Rights = Pick<UserFacts, 'role' | 'branchIds'>;

function sameRights(one: Rights, other: Rights): boolean {
  return one.role === other.role && branchList(one) === branchList(other);
}

function branchList({ branchIds }: Rights): string {
  return branchIds === undefined ? 'every' : [...new Set(branchIds)].sort().join(' ');
}
