/**
 * Somebody who signs in to the portal. Stored in `user-<uuid>`, a stream each: an invitation for one never waits for another's,
 * and the id is made of the address, so that one address is one user.
 */
import type { Role } from '../administration/events.js';
import { ERASED, type EventSchemas } from '../event-schema.js';

/** Invited: has no password yet. Disabled: may not sign in, and can be let in again. */
export type UserStatus = 'invited' | 'active' | 'disabled';

export interface UserFacts {
  readonly userId: string;
  /** In lower case, as it is typed to sign in. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Absent: every branch. */
  readonly branchIds?: readonly string[];
  readonly status: UserStatus;
}

/** The user as they are from now on, whole. Passwords and second factors are no part of it: they stand in no event. */
export interface UserChanged {
  readonly type: 'UserChanged';
  readonly data: UserFacts;
}

export type UserEvent = UserChanged;

export const USER_EVENTS: EventSchemas<UserEvent> = {
  UserChanged: { version: 1, owner: 'userId', personal: { email: ERASED, name: ERASED } },
};
