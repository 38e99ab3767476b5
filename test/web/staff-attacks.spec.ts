import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { SignInTries, TriesUsedUp } from '../../src/application/staff/sign-in-tries.js';
import { networkAddress } from '../../src/web/pay/pay-requests.js';
import { member, signIn } from '../support/staff-members.js';
import { startStaffWorld, type StaffWorld } from '../support/staff-world.js';

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
