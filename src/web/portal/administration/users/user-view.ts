import type { UserRow } from '../../../../projections/users.js';
import type { PillView } from '../../pills.js';
import { moment, type MomentView } from '../../portal-formats.js';
import { roleLabel } from '../branch-choice.js';

/** What the list says about what was just done. */
export const NOTES: Readonly<Record<string, string>> = {
  invited: 'The invitation is on its way. Its link works once, for seven days.',
  resent: 'A new invitation is on its way. The link in the former one no longer works.',
  came: 'This user has been here already: no invitation was sent.',
  changed: 'The rights were changed. They hold from now on.',
  disabled: 'The user was disabled and signed out everywhere.',
  enabled: 'The user may sign in again.',
};

const PILLS: Readonly<Record<UserRow['status'], PillView>> = {
  invited: { word: 'Invited', tone: 'warn', shape: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4l3 2' },
  active: { word: 'Active', tone: 'good', shape: 'M5 12.5l4.5 4.5L19 7.5' },
  disabled: { word: 'Disabled', tone: 'calm', shape: 'M6 6l12 12M18 6L6 18' },
};

export interface UserView {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly branches: string;
  readonly pill: PillView;
  readonly changed: MomentView;
  readonly isInvited: boolean;
  readonly isDisabled: boolean;
  readonly isSelf: boolean;
}

export function userView(row: UserRow, names: ReadonlyMap<string, string>, ownId: string, now: Date): UserView {
  const { userId, name, email, role, branchIds, status } = row;
  return {
    userId,
    name,
    email,
    role: roleLabel(role),
    branches: branchIds === null ? 'Every branch' : branchIds.map((id) => names.get(id) ?? 'another branch').join(', '),
    pill: PILLS[status],
    changed: moment(row.changedAt, 'UTC', now),
    isInvited: status === 'invited',
    isDisabled: status === 'disabled',
    isSelf: userId === ownId,
  };
}
