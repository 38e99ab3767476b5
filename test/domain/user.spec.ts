import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/domain/errors.js';
import { userDecider, type UserCommand } from '../../src/domain/user/decider.js';
import type { UserEvent, UserFacts } from '../../src/domain/user/events.js';
import { assertPassword } from '../../src/domain/user/password.js';
import { given, nothing, refused } from '../support/given.js';
import { BRANCH_ID } from '../support/given-invoice.js';

const EMAIL = 'ada@example.com';
const facts = { userId: 'user-1', email: EMAIL, name: 'Ada Byron', role: 'staff', branchIds: [BRANCH_ID] } as const;
const changed = (data: Partial<UserFacts>): UserEvent => ({
  type: 'UserChanged',
  data: { ...facts, status: 'invited', ...data },
});
const invited = changed({});
const active = changed({ status: 'active' });
const disabled = changed({ status: 'disabled' });
const invite: UserCommand = { type: 'InviteUser', facts };
const user = (...events: readonly UserEvent[]) => given(userDecider, events);

describe('a user', () => {
  it('is invited, and invited again without another event', () => {
    user().when(invite).then([invited]);
    user(invited).when(invite).then(nothing);
  });

  it('who is invited again with other rights has those', () => {
    user(invited)
      .when({ type: 'InviteUser', facts: { ...facts, role: 'finance' } })
      .then([changed({ role: 'finance' })]);
  });

  it('who has been in is changed, not invited', () => {
    user(invited, active)
      .when(invite)
      .then(refused('user_exists', { userId: 'user-1' }));
    user(disabled)
      .when(invite)
      .then(refused('user_exists', { userId: 'user-1' }));
  });

  it('takes the invitation up once, and not when disabled', () => {
    user(invited).when({ type: 'ActivateUser' }).then([active]);
    user(invited, active).when({ type: 'ActivateUser' }).then(nothing);
    user(invited, disabled).when({ type: 'ActivateUser' }).then(refused('user_disabled'));
  });

  it('gets another role and other branches; the order of branches is no change', () => {
    user(active)
      .when({ type: 'ChangeUser', role: 'staff', branchIds: [BRANCH_ID, BRANCH_ID] })
      .then(nothing);
    const { branchIds: _some, ...everywhere } = facts;
    user(active)
      .when({ type: 'ChangeUser', role: 'admin' })
      .then([{ type: 'UserChanged', data: { ...everywhere, role: 'admin', status: 'active' } }]);
  });

  it('is shut out and let in again as who they were', () => {
    user(invited, active).when({ type: 'DisableUser' }).then([disabled]);
    user(disabled).when({ type: 'DisableUser' }).then(nothing);
    user(invited, active, disabled).when({ type: 'EnableUser' }).then([active]);
    user(invited, disabled).when({ type: 'EnableUser' }).then([invited]);
    user(active).when({ type: 'EnableUser' }).then(nothing);
  });

  it('who is nobody cannot be changed', () => {
    for (const type of ['ActivateUser', 'DisableUser', 'EnableUser'] as const) {
      user().when({ type }).then(refused('user_not_found'));
    }
  });
});

describe('a password', () => {
  const reason = (password: string): string | undefined => {
    try {
      assertPassword(password, EMAIL);
      return undefined;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      expect(error.code).toBe('password_refused');
      expect(JSON.stringify(error.details)).not.toContain(password);
      return String(error.details['reason']);
    }
  };

  it.each([
    'correct horse battery',
    'trombone-lampshade',
    'Vjy_EyhMfwPH2Fpi9_tH',
    'ÄpfelundBirnen',
    'заходсолнцанадморем',
  ])('is taken: %s', (password) => {
    expect(reason(password)).toBeUndefined();
  });

  it.each(['short', 'elevenchars', '           '])('is too short: "%s"', (password) => {
    expect(reason(password)).toMatch('12 characters or more');
  });

  it.each([
    'password1234',
    'Password123!',
    'passwordpassword',
    'qwertyuiop12',
    '123456789012',
    'aaaaaaaaaaaaaaaa',
    'iloveyou12345',
    'adminadmin123',
    'abcdefghijklmno',
    'Welcome2026!!',
    'P@ssw0rd2026',
  ])('is guessed first: %s', (password) => {
    expect(reason(password)).toMatch('guessed first');
  });

  it('is not the address', () => {
    expect(reason('ada@example.com')).toMatch('email address');
    expect(reason('my ada@example.com!')).toMatch('email address');
  });

  it('is not endless', () => {
    expect(reason('x'.repeat(257))).toMatch('256 characters or fewer');
  });
});
