/** When messages go out that nobody sends just now: the reminders of a branch, and links for later. It is noon of 22 November in UTC. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeBranch, makeInvoice, makeKey } from './api-examples.js';
import { startWorld, type World } from './api-world.js';

const OFF = { enabled: false, beforeDays: [3], afterDays: [1, 7], at: '09:00' };
const ON = { enabled: true, beforeDays: [7, 0], afterDays: [3], at: '10:30' };

let world: World;
let branchId: string;
beforeAll(async () => {
  world = await startWorld();
  branchId = await makeBranch(world);
});
afterAll(() => world.dispose());

describe('reminders of a branch', () => {
  const path = () => `/api/v1/branches/${branchId}`;
  const put = (body: object, key?: string) => world.call('put', `${path()}/reminders`, key).send(body);

  it('are off at first, and stand in the branch as they were set', async () => {
    expect((await world.call('get', path()).expect(200)).body.reminders).toEqual(OFF);
    const { body, headers } = await put(ON).expect(200);
    expect(body.reminders).toEqual(ON);
    expect((await world.call('get', path()).expect(200)).body.reminders).toEqual(ON);
    const again = await put(ON).expect(200);
    expect(again.headers['etag']).toBe(headers['etag']);
    await put(OFF).expect(200);
  });

  it.each<[object, string, string]>([
    [{ ...ON, beforeDays: [91] }, 'beforeDays', 'whole numbers from 0 to 90'],
    [{ ...ON, afterDays: [0] }, 'afterDays', 'whole numbers from 1 to 90'],
    [{ ...ON, afterDays: [3, 3] }, 'afterDays', 'twice'],
    [{ ...ON, at: '07:59' }, 'at', 'between 08:00 and 20:30'],
    [{ ...ON, at: '21:00' }, 'at', 'between 08:00 and 20:30'],
    [{ ...ON, beforeDays: [], afterDays: [] }, 'enabled', 'no day'],
  ])('are a 422 that names the field: %j', async (policy, field, reason) => {
    const { body } = await put(policy).expect(422);
    expect(body).toMatchObject({ code: 'reminders_invalid', field });
    expect(JSON.stringify(body)).toContain(reason);
  });

  it.each([
    [{ ...ON, beforeDays: [1.5] }, 'beforeDays.0'],
    [{ ...ON, afterDays: [1, 2, 3, 4, 5, 6] }, 'afterDays'],
    [{ ...ON, at: 9 }, 'at'],
    [{ ...ON, at: '9 o’clock' }, 'at'],
    [{ ...ON, colour: 'red' }, 'colour'],
    [{}, 'enabled'],
  ])('are a 400 where they cannot be read: %j', async (policy, path) => {
    const { body } = await put(policy).expect(400);
    expect((body.errors as { path: string }[]).map((error) => error.path)).toContain(path);
  });

  it('are set by administrators of that branch alone, on the branch as it was read', async () => {
    const staff = await makeKey(world, 'staff');
    await put(ON, staff.key).expect(403);
    const elsewhere = await makeKey(world, 'admin', [await makeBranch(world, { name: 'Second Street' })]);
    await put(ON, elsewhere.key).expect(404);
    await put(ON).set('If-Match', '"99"').expect(412);
  });
});

describe('a link for later', () => {
  let numbers = 0;
  const send = async (body: object) => {
    numbers += 1;
    const id = await makeInvoice(world, branchId, { number: `LATER-${numbers}` });
    return { id, answer: await world.call('post', `/api/v1/invoices/${id}/links`).send(body) };
  };

  it.each([
    ['on the clocks of the branch', '2026-12-01T09:00', '2026-12-01T14:00:00.000Z'],
    ['at an instant', '2026-12-01T09:00:00+01:00', '2026-12-01T08:00:00.000Z'],
  ])('is scheduled %s, and its month is counted from then', async (_how, sendAt, instant) => {
    const { id, answer } = await send({ channel: 'email', sendAt });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ status: 'scheduled', sendAt: instant });
    const { body } = await world.call('get', `/api/v1/invoices/${id}/links`).expect(200);
    expect(body.items).toMatchObject([{ status: 'scheduled', sendAt: instant, sentAt: null }]);
    const linkId = body.items[0].id as string;
    await world.call('post', `/api/v1/invoices/${id}/links/${linkId}/revoke`).expect(200);
    const revoked = await world.call('get', `/api/v1/invoices/${id}/links/${linkId}`).expect(200);
    expect(revoked.body.status).toBe('revoked');
  });

  it.each([
    ['2026-11-22T06:59', 'has passed'],
    ['2026-11-22T12:00:00Z', 'has passed'],
    ['2027-03-22T09:00', '90 days'],
    ['2026-12-32T09:00', 'neither'],
  ])('is a 422 for %s, and nothing is kept', async (sendAt, reason) => {
    const { id, answer } = await send({ channel: 'email', sendAt });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'send_at_invalid', field: 'sendAt' });
    expect(JSON.stringify(answer.body)).toContain(reason);
    expect((await world.call('get', `/api/v1/invoices/${id}/links`).expect(200)).body.items).toEqual([]);
  });

  it('is a 422 where nothing is sent, and a 400 where it is no text', async () => {
    expect((await send({ channel: 'none', sendAt: '2026-12-01T09:00' })).answer.body).toMatchObject({
      status: 422,
      code: 'send_at_invalid',
    });
    for (const sendAt of [5, 'tomorrow', '2026-12-01', '2026-12-01T09:00:00']) {
      expect((await send({ channel: 'email', sendAt })).answer.status).toBe(400);
    }
    expect((await send({ channel: 'email', sendAt: '9'.repeat(41) })).answer.status).toBe(400);
  });
});
