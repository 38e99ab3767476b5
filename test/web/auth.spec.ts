import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { API_CONTROLLERS, ApiModule } from '../../src/web/api/api.module.js';
import { routesOf } from '../../src/web/api/openapi.js';
import { ApiKeyGuard } from '../../src/web/auth/api-key-guard.js';
import { BRANCH, capture, invoiceOf, makeBranch, makeInvoice, makeKey } from './api-examples.js';
import { startWorld, type World } from './api-world.js';
import { RULES } from './role-matrix-table.js';

const ROLES = ['staff', 'finance', 'auditor', 'admin'] as const;

/** The part of the table that is about the API, by the paths of its document. */
const MATRIX: Readonly<Record<string, string>> = Object.fromEntries(
  RULES.flatMap(({ roles, routes }) =>
    routes
      .filter((route) => route.includes(' /api/v1/'))
      .map((route) => [route.replaceAll(/:(\w+)/g, '{$1}'), roles === 'open' ? '' : roles.join(' ')]),
  ),
);

let world: World;
let branchId: string;
let invoiceId: string;
let paymentId: string;
let customerId: string;
let elsewhere: string;
let keys: Record<(typeof ROLES)[number], string>;

beforeAll(async () => {
  world = await startWorld();
  branchId = await makeBranch(world);
  elsewhere = await makeBranch(world);
  invoiceId = await makeInvoice(world, branchId);
  customerId = (await world.call('get', `/api/v1/invoices/${invoiceId}`).expect(200)).body.customer.id;
  paymentId = await capture(world, invoiceId, branchId);
  const made = await Promise.all(ROLES.map((role) => makeKey(world, role)));
  keys = Object.fromEntries(ROLES.map((role, index) => [role, made[index]!.key])) as typeof keys;
});
afterAll(() => world.dispose());

type Method = Parameters<World['call']>[0];

function filled(path: string): string {
  return path
    .replace('{branchId}', branchId)
    .replace('{invoiceId}', invoiceId)
    .replace('{paymentId}', paymentId)
    .replace('{customerId}', customerId)
    .replace('{keyId}', '00000000-0000-4000-8000-000000000000')
    .replace('{linkId}', 'AAAAAAAAAAAAAAAA')
    .replace('{kind}', 'receipt')
    .replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
}

describe('rights', () => {
  const routes = routesOf(API_CONTROLLERS);
  const names = routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

  it('are declared by every route, and every route stands in the matrix', () => {
    expect(names.sort()).toEqual(Object.keys(MATRIX).sort());
    for (const { operationId, description } of routes)
      expect([operationId, description?.right]).not.toContain(undefined);
  });

  it('are asked for by the guard of every controller of the API', () => {
    const controllers = Reflect.getMetadata('controllers', ApiModule) as object[];
    expect(controllers).toEqual([...API_CONTROLLERS]);
    for (const controller of controllers) {
      expect(Reflect.getMetadata(GUARDS_METADATA, controller)).toEqual([ApiKeyGuard]);
    }
  });

  it.each(Object.entries(MATRIX))('%s is for %s', async (name, allowed) => {
    const [method, path] = name.split(' ') as [string, string];
    const call = (key?: string) => world.call(method.toLowerCase() as Method, filled(path), key);
    for (const role of ROLES) {
      // An empty body: whoever is let in is refused for something else, or served.
      const { status, body } = await call(keys[role]).send(method === 'GET' || method === 'DELETE' ? undefined : {});
      expect([role, status === 403]).toEqual([role, !allowed.split(' ').includes(role)]);
      if (status === 403) expect(body).toMatchObject({ code: 'forbidden', status: 403 });
    }
    const unknown = await call('plk_nobody');
    expect(unknown.status).toBe(401);
    expect(unknown.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('let staff read payments and not export them', async () => {
    const csv = (role: (typeof ROLES)[number]) =>
      world.call('get', '/api/v1/payments', keys[role]).set('Accept', 'text/csv');
    expect((await csv('staff')).status).toBe(403);
    expect((await csv('auditor')).status).toBe(200);
  });
});

describe('keys', () => {
  it('are needed', async () => {
    const none = await world.call('get', '/api/v1/invoices').unset('Authorization');
    expect(none.status).toBe(401);
    expect(none.headers['www-authenticate']).toBe('Bearer realm="paylink-ledger"');
    expect(none.body).toMatchObject({ code: 'unauthenticated', detail: expect.stringContaining('Bearer <key>') });
    const basic = await world.call('get', '/api/v1/invoices').set('Authorization', 'Basic YTpi');
    expect(basic.status).toBe(401);
  });

  it('work as soon as they are answered, until they are revoked', async () => {
    const { id, key } = await makeKey(world, 'staff');
    await world.call('get', '/api/v1/invoices', key).expect(200);
    const list = await world.call('get', '/api/v1/api-keys').expect(200);
    expect(list.body.items).toContainEqual(expect.objectContaining({ id, role: 'staff', branchIds: null }));
    expect(JSON.stringify(list.body)).not.toContain(key);
    await world.call('delete', `/api/v1/api-keys/${id}`).expect(204);
    await world.call('get', '/api/v1/invoices', key).expect(401);
    expect((await world.call('get', '/api/v1/api-keys')).body.items).not.toContainEqual(
      expect.objectContaining({ id }),
    );
  });

  it('end when they expire, and cannot be born expired', async () => {
    const create = (expiresAt: string) =>
      world.call('post', '/api/v1/api-keys').send({ name: 'short', role: 'staff', expiresAt });
    const past = await create('2026-11-22T11:59:59Z');
    expect([past.status, past.body.errors]).toEqual([400, [{ path: 'expiresAt', message: 'must lie in the future' }]]);
    const { body } = await create('2026-11-22T12:00:01Z').expect(201);
    await world.call('get', '/api/v1/invoices', body.key).expect(200);
    await world.pool.query("UPDATE api_keys SET expires_at = '2026-11-22T12:00:00Z' WHERE key_id = $1", [body.id]);
    await world.call('get', '/api/v1/invoices', body.key).expect(401);
  });
});

describe('a key of one branch', () => {
  it('sees nothing of another, on any route with an id', async () => {
    const roles = await Promise.all(ROLES.map((role) => makeKey(world, role, [elsewhere])));
    const before = world.store.all().length;
    for (const [name, allowed] of Object.entries(MATRIX)) {
      const [method, path] = name.split(' ') as [string, string];
      if (!path.includes('{') || path.includes('{keyId}')) continue;
      const role = ROLES.find((each) => allowed.split(' ').includes(each))!;
      const { key } = roles[ROLES.indexOf(role)]!;
      const body = BODIES[name];
      const answer = await world.call(method.toLowerCase() as Method, filled(path), key).send(body);
      // Failed jobs are the service's, of no branch: only who administers every branch sees them.
      expect([name, answer.status]).toEqual([name, path.startsWith('/api/v1/dead-jobs/') ? 403 : 404]);
    }
    expect(world.store.all()).toHaveLength(before);
  });

  it('finds only its own in lists, whatever it asks for', async () => {
    const { key } = await makeKey(world, 'finance', [elsewhere]);
    const own = await makeInvoice(world, elsewhere, { number: 'OWN-1' });
    await world.catchUp();
    const all = await world.call('get', '/api/v1/invoices', key).expect(200);
    expect(all.body.items.map((each: { id: string }) => each.id)).toEqual([own]);
    expect((await world.call('get', `/api/v1/invoices?branchId=${branchId}`, key)).body.items).toEqual([]);
    expect((await world.call('get', '/api/v1/payments', key)).body).toMatchObject({ items: [], totals: [] });
    const csv = await world.call('get', '/api/v1/payments', key).set('Accept', 'text/csv');
    expect(csv.text.trim().split('\n')).toHaveLength(1);
    const foreign = await world.call('post', '/api/v1/invoices', key).send(invoiceOf(branchId, { number: 'X' }));
    expect([foreign.status, foreign.body.code]).toEqual([404, 'branch_not_found']);
  });

  it('makes and ends only keys of that branch, and no branches', async () => {
    const { key } = await makeKey(world, 'admin', [elsewhere]);
    const create = (branchIds?: string[]) =>
      world
        .call('post', '/api/v1/api-keys', key)
        .send({ name: 'k', role: 'admin', ...(branchIds ? { branchIds } : {}) });
    expect((await create()).status).toBe(403);
    expect((await create([branchId])).status).toBe(404);
    expect((await create([elsewhere])).status).toBe(201);
    const { id } = await makeKey(world, 'staff');
    expect((await world.call('delete', `/api/v1/api-keys/${id}`, key)).status).toBe(404);
    const rows = (await world.call('get', '/api/v1/api-keys', key)).body.items as { branchIds: string[] }[];
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.branchIds).toEqual([elsewhere]);
    expect((await world.call('post', '/api/v1/branches', key).send(BRANCH)).status).toBe(403);
  });
});

/** A body that would be fine, so that nothing but the branch can refuse. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /api/v1/branches/{branchId}': { name: 'Mine now' },
  'PATCH /api/v1/customers/{customerId}': { name: 'Mine now' },
  'PUT /api/v1/branches/{branchId}/card-processing': { mode: 'platform' },
  'PUT /api/v1/branches/{branchId}/fee-policy': { enabled: false, rateBps: 0 },
  'PUT /api/v1/branches/{branchId}/reminders': { enabled: false, beforeDays: [3], afterDays: [], at: '09:00' },
  'PUT /api/v1/branches/{branchId}/messages/{kind}': {
    email: { subject: 'a', body: '{{link}}' },
    sms: { body: '{{branchName}} {{link}}' },
  },
  'POST /api/v1/branches/{branchId}/messages/{kind}/preview': {},
  'POST /api/v1/branches/{branchId}/messages/{kind}/test-send': { channel: 'email', to: 'ada@example.com' },
  'PATCH /api/v1/webhook-endpoints/{endpointId}': { enabled: false },
  'POST /api/v1/webhook-endpoints/{endpointId}/redeliver': { since: '2026-11-20T00:00:00Z' },
  'PUT /api/v1/invoices/{invoiceId}': {
    issuedOn: '2026-11-20',
    dueOn: '2026-12-20',
    lines: [{ description: 'x', unitPrice: 1 }],
  },
  'POST /api/v1/invoices/{invoiceId}/recorded-payments': { method: 'cash', amount: 1, receivedOn: '2026-11-20' },
  'POST /api/v1/invoices/{invoiceId}/void': { reason: 'none' },
  'POST /api/v1/invoices/{invoiceId}/links': { channel: 'none' },
};

describe('too many requests', () => {
  it('are refused by the key, with the time to wait', async () => {
    const narrow = await startWorld({ requestsPerSecond: 5 });
    try {
      const answers = await Promise.all(Array.from({ length: 8 }, () => narrow.call('get', '/api/v1/branches')));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(3);
      expect(refused[0]!.headers['retry-after']).toBe('1');
      expect(refused[0]!.body.code).toBe('rate_limited');
      // Another route counts on the same limit.
      expect((await narrow.call('get', '/api/v1/api-keys')).status).toBe(429);
    } finally {
      await narrow.dispose();
    }
  });
});
