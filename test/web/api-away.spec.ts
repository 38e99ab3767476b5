import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invoiceOf, makeBranch, makeInvoice } from './api-examples.js';
import { startWorld, type World } from './api-world.js';
import { refused } from './refused.js';

let world: World;
let branchId: string;
let invoiceId: string;

beforeAll(async () => {
  world = await startWorld();
  branchId = await makeBranch(world);
  invoiceId = await makeInvoice(world, branchId);
  await world.catchUp();
});
afterAll(() => world.dispose());

describe('systems that are away', () => {
  it('the event store: writes and single things are 503, lists go on', async () => {
    world.store.setAvailable(false);
    try {
      const read = await world.call('get', `/api/v1/invoices/${invoiceId}`);
      expect([read.status, read.body.code, read.headers['retry-after']]).toEqual([503, 'event_store_unavailable', '2']);
      await refused(world.call('post', '/api/v1/invoices').send(invoiceOf(branchId, { number: 'AWAY' })), 503);
      await world.call('get', '/api/v1/invoices').expect(200);
    } finally {
      world.store.setAvailable(true);
    }
  });

  it('read models that are behind: a list that was to show a write says so', async () => {
    world.projecting = false;
    try {
      const problem = await refused(world.call('get', '/api/v1/invoices?after=1'), 503);
      expect(problem.code).toBe('list_behind');
    } finally {
      world.projecting = true;
    }
  });

  it('what nobody foresaw: a 500 that shows nothing, and a log line that redacts', async () => {
    await world.pool.query('ALTER TABLE branches RENAME TO branches_gone');
    try {
      const problem = await refused(world.call('get', '/api/v1/branches').set('X-Request-Id', 'lost-1'), 500);
      expect(JSON.stringify(problem)).not.toMatch(/branches_gone|relation|select/i);
      const line = world.logs.map((each) => JSON.parse(each)).find((each) => each.correlationId === 'lost-1');
      expect(line).toMatchObject({ level: 'error', status: 500, route: '/api/v1/branches', err: { code: '42P01' } });
    } finally {
      await world.pool.query('ALTER TABLE branches_gone RENAME TO branches');
    }
  });
});
