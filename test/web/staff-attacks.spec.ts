import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { RegisterBranch } from '../../src/application/branch/register-branch.js';
import { Execute } from '../../src/application/execute.js';
import { userStream } from '../../src/application/ids.js';
import { ChangeUser } from '../../src/application/staff/change-user.js';
import { Passwords } from '../../src/application/staff/passwords.js';
import { SignInTries, TriesUsedUp } from '../../src/application/staff/sign-in-tries.js';
import { Users } from '../../src/application/staff/user-view.js';
import { userDecider } from '../../src/domain/user/decider.js';
import { networkAddress } from '../../src/web/pay/pay-requests.js';
import { enrol, invite, lastLink, member, PASSWORD, signIn } from '../support/staff-members.js';
import { hidden, startStaffWorld, type StaffWorld } from '../support/staff-world.js';

let world: StaffWorld;

beforeAll(async () => {
  world = await startStaffWorld();
}, 60_000);
afterAll(() => world.dispose());

describe('somebody who guesses', () => {
  /** How many tries of this kind are let through. */
  async function letThrough(kind: string, account: string, addresses: readonly string[]): Promise<number> {
    const tries = world.app.get(SignInTries);
    let count = 0;
    for (const address of addresses) {
      try {
        await tries.count(kind, account, address);
        count += 1;
      } catch (error) {
        if (!(error instanceof TriesUsedUp)) throw error;
      }
    }
    return count;
  }

  const distinct = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `192.0.2.${n}`);

  it('locks nobody else out from one address, however often it asks', async () => {
    await member(world, 'besieged@example.com');
    const besieged = 'besieged@example.com';
    expect(
      await letThrough(
        'password',
        besieged,
        Array.from({ length: 150 }, () => '203.0.113.9'),
      ),
    ).toBe(10);
    await signIn(world.browser(), besieged).expect(303);
  });

  it('has a hundred passwords of one account from everywhere, and ten codes', async () => {
    expect(await letThrough('password', 'everywhere@example.com', distinct(120))).toBe(100);
    expect(await letThrough('code', 'somebody-with-the-password', distinct(50))).toBe(10);
  });

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
    ['forged', 'unknown'],
  ])('is counted by %s as %s: a network of IPv6 is one', (ip, counted) => {
    expect(networkAddress({ ip } as Request)).toBe(counted);
  });
});

describe('an administrator of one branch', () => {
  it('changes no user of others by inviting them again', async () => {
    const bus = world.app.get(CommandBus);
    const details = { name: 'North', timeZone: 'America/Chicago', currency: 'USD', locale: 'en-US', country: 'US' };
    const context = (cause: string) => ({ actor: 'system:tests', cause, correlationId: 'tests' });
    const { branch } = await bus.execute(new RegisterBranch({ details }, context('north')));
    const { branchId } = branch;
    await member(world, 'of-every-branch@example.com', 'admin');
    await invite(world, 'whole-service@example.com', 'admin');
    const admin = await member(world, 'of-north@example.com', 'admin');
    const userId = world.app.get(Users).idOf('of-north@example.com');
    const change = { type: 'ChangeUser', role: 'admin', branchIds: [branchId] } as const;
    await bus.execute(new ChangeUser({ userId, change }, context('limit')));
    await enrol(world, admin);
    const form = await admin.get('/staff/administration/users/invite').expect(200);
    const fields = { _csrf: hidden(form.text, '_csrf'), name: 'Ada Byron', role: 'staff', scope: 'some', branchId };
    const path = '/staff/administration/users/invite';
    const refused = await admin.post(path, { ...fields, email: 'whole-service@example.com' }).expect(422);
    expect(refused.text).toContain('already');
    const kept = await world.app.get(Users).byEmail('whole-service@example.com');
    expect(kept).toMatchObject({ role: 'admin' });
    expect(kept).not.toHaveProperty('branchIds');
    await admin.post(path, { ...fields, email: 'of-north-too@example.com' }).expect(303);
    await admin.post(path, { ...fields, email: 'of-north-too@example.com', role: 'finance' }).expect(303);
  });

  it('makes and changes users with a second factor only: such a user could make keys', async () => {
    const admin = await member(world, 'without-factor@example.com', 'admin');
    const path = '/staff/administration/users/invite';
    const list = await admin.get('/staff/administration/users?note=constructor').expect(200);
    expect(list.text).not.toContain('[object');
    const answer = await admin.get(path).expect(303);
    expect(answer.headers['location']).toBe(`/staff/account/second-factor?next=${encodeURIComponent(path)}`);
  });
});

describe('somebody who was shut out, or whose password was changed', () => {
  let changes = 0;
  const context = () => ({ actor: 'system:tests', cause: `shut-out-${(changes += 1)}`, correlationId: 'tests' });
  const change = (userId: string, type: 'DisableUser' | 'EnableUser') =>
    world.app.get(CommandBus).execute(new ChangeUser({ userId, change: { type } }, context()));
  const sessionsOf = async (userId: string): Promise<number> => {
    const { rows } = await world.pool.query('SELECT 1 FROM staff_sessions WHERE user_id = $1', [userId]);
    return rows.length;
  };

  /** Lets something happen between the hashing of the next password and its answer. */
  function whileHashing(step: 'matches' | 'hash', meanwhile: () => Promise<unknown>): void {
    const passwords = world.app.get(Passwords);
    const hashed = passwords[step].bind(passwords) as (...given: unknown[]) => Promise<never>;
    passwords[step] = async (...given: unknown[]) => {
      delete (passwords as Partial<Passwords>)[step];
      const answer = await hashed(...given);
      await meanwhile();
      return answer;
    };
  }

  it('gets no session by a sign-in that was under way', async () => {
    const email = 'under-way@example.com';
    const browser = await member(world, email);
    const userId = world.app.get(Users).idOf(email);
    const page = await browser.get('/staff/account').expect(200);
    const next = 'another lampshade kettle';
    const fields = { _csrf: hidden(page.text, '_csrf'), present: PASSWORD, password: next, again: next };
    whileHashing('matches', () => browser.post('/staff/account/password', fields).expect(200));
    const thief = world.browser();
    await signIn(thief, email).expect(422);
    expect(thief.cookie).toBeUndefined();
    await browser.get('/staff/account').expect(200);
    whileHashing('matches', () => change(userId, 'DisableUser'));
    await signIn(thief, email, next).expect(422);
    whileHashing('matches', async () => {
      await change(userId, 'EnableUser');
      await change(userId, 'DisableUser');
      await change(userId, 'EnableUser');
    });
    await signIn(thief, email, next).expect(422);
    expect(await sessionsOf(userId)).toBe(0);
    await signIn(thief, email, next).expect(303);
  });

  it('gets none by a link that was being used', async () => {
    const email = 'being-used@example.com';
    const path = await invite(world, email);
    const userId = world.app.get(Users).idOf(email);
    whileHashing('hash', () => change(userId, 'DisableUser'));
    await world.browser().post(path, { password: PASSWORD, again: PASSWORD }).expect(404);
    expect(await sessionsOf(userId)).toBe(0);
  });

  it('comes back to no session and no link of before', async () => {
    const email = 'back@example.com';
    const browser = await member(world, email);
    const userId = world.app.get(Users).idOf(email);
    await world.browser().post('/staff/forgotten-password', { email }).expect(200);
    const former = await lastLink(world, email);
    await world.browser().get(former).expect(200);
    // Killed between the event and what follows it.
    const command = { type: 'DisableUser' } as const;
    const disabled = { decider: userDecider, stream: userStream(userId), command, context: context() };
    await world.app.get(Execute).run(disabled);
    await world.browser().post('/staff/forgotten-password', { email }).expect(200);
    await change(userId, 'EnableUser');
    await browser.get('/staff/account').expect(303);
    const mails = world.mails.length;
    await world.mailAll();
    expect(world.mails).toHaveLength(mails);
    await world.browser().get(former).expect(404);
    expect(await sessionsOf(userId)).toBe(0);
    await signIn(world.browser(), email).expect(303);
    // Letting in who is in already takes nothing from them.
    await change(userId, 'EnableUser');
    expect(await sessionsOf(userId)).toBe(1);
  });
});
