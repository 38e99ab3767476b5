import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enrol, lastLink, member, PASSWORD, signIn } from '../support/staff-members.js';
import { hidden, startStaffWorld, type StaffWorld } from '../support/staff-world.js';

let world: StaffWorld;

beforeAll(async () => {
  world = await startStaffWorld();
}, 60_000);
afterAll(() => world.dispose());

describe('administration', () => {
  it('invites, changes and disables users, and ends their sessions', async () => {
    const admin = await member(world, 'boss@example.com', 'admin');
    await enrol(world, admin);
    const form = await admin.get('/staff/administration/users/invite').expect(200);
    const _csrf = hidden(form.text, '_csrf');
    const fields = { _csrf, name: 'Grove Catering', email: 'grove@example.com', role: 'finance', scope: 'all' };
    await admin.post('/staff/administration/users/invite', fields).expect(303);
    const browser = world.browser();
    await browser.post(await lastLink(world, 'grove@example.com'), { password: PASSWORD, again: PASSWORD }).expect(303);
    await browser.get('/staff/account').expect(200);
    const list = await admin.get('/staff/administration/users').expect(200);
    expect(list.text).toContain('grove@example.com');
    const id = new RegExp(`users/([0-9a-f-]{36})">Grove Catering`).exec(list.text)![1]!;
    await browser.get('/staff/administration/users').expect(403);
    await admin.post(`/staff/administration/users/${id}`, { _csrf, role: 'admin', scope: 'all' }).expect(303);
    await browser.get('/staff/administration/users').expect(200);
    await admin.post(`/staff/administration/users/${id}/disable`, { _csrf }).expect(303);
    await browser.get('/staff/account').expect(303);
    await signIn(world.browser(), 'grove@example.com').expect(422);
    await admin.post(`/staff/administration/users/${id}/enable`, { _csrf }).expect(303);
    await signIn(world.browser(), 'grove@example.com').expect(303);
  });

  it('says beside the form what is wrong with an invitation', async () => {
    const admin = await member(world, 'boss-2@example.com', 'admin');
    await enrol(world, admin);
    const _csrf = hidden((await admin.get('/staff/administration/users/invite')).text, '_csrf');
    const send = (fields: object) =>
      admin.post('/staff/administration/users/invite', {
        _csrf,
        name: 'Ada Byron',
        email: 'a@example.com',
        role: 'staff',
        scope: 'all',
        ...fields,
      });
    for (const [fields, words] of [
      [{ email: 'a@example.com\r\nBcc: b@example.com' }, 'line break'],
      [{ email: 'a@example.com,b@example.com' }, 'one bare address'],
      [{ name: ' ' }, 'Give a name'],
      [{ role: 'owner' }, 'Choose a role'],
      [{ scope: 'some' }, 'Choose one branch or more'],
      [{ scope: 'some', branchId: '11111111-1111-4111-8111-111111111111' }, 'Choose one branch or more'],
      [{ email: 'boss-2@example.com' }, 'already'],
    ] as const) {
      const answer = await send(fields);
      expect([answer.status, words, answer.text.includes(words)]).toEqual([422, words, true]);
    }
  });
});
