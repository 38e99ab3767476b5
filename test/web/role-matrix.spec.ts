import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import request from 'supertest';
import { CreateApiKey } from '../../src/application/administration/create-api-key.js';
import { RegisterBranch } from '../../src/application/branch/register-branch.js';
import type { CommandContext } from '../../src/application/command-context.js';
import { RequestBulkLinks } from '../../src/application/bulk/request-bulk-links.js';
import { EventCodec } from '../../src/application/event-codec.js';
import { RecordPayment } from '../../src/application/invoice/record-payment.js';
import { RegisterInvoice } from '../../src/application/invoice/register-invoice.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import { BrowserSessions } from '../../src/application/staff/browser-sessions.js';
import { InviteUser } from '../../src/application/staff/invite-user.js';
import { SetPassword } from '../../src/application/staff/set-password.js';
import { StaffLinkTokens } from '../../src/application/staff/staff-links.js';
import { AddWebhookEndpoint } from '../../src/application/webhooks/add-webhook-endpoint.js';
import { TestWebhookEndpoint } from '../../src/application/webhooks/test-webhook-endpoint.js';
import { ROLES, type Role } from '../../src/web/auth/rights.js';
import { startStaffWorld, type StaffWorld } from '../support/staff-world.js';
import { RULES } from './role-matrix-table.js';

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What proves who asks: a key of the API, and a session with its token. */
interface Proof {
  readonly key: string;
  readonly secret: string;
  readonly csrf: string;
}

/** Users and API keys, fees, and what copies fees from branch to branch. */
const FRESH = / \/staff\/(administration\/(api-keys|users)\b|branches\/:branchId\/(fees|copy)$)/;
const ABSENT = '11111111-1111-4111-8111-111111111111';
let world: StaffWorld;
let url: string;
let made = 0;
const proofs = new Map<Role, Proof>();

function context(): CommandContext {
  made += 1;
  return { actor: 'system:tests', cause: `matrix-${made}`, correlationId: 'tests' };
}

async function prove(role: Role, branchIds?: readonly string[]): Promise<Proof> {
  const bus = world.app.get(CommandBus);
  const email = `matrix-${made}@example.com`;
  const grant = { role, ...(branchIds ? { branchIds } : {}) };
  const { key } = await bus.execute(new CreateApiKey({ name: 'Matrix', ...grant }, context()));
  const { userId } = await bus.execute(new InviteUser({ email, name: 'Ada Byron', ...grant }, context()));
  const { rows } = await world.pool.query<{ link_id: string }>('SELECT link_id FROM staff_links WHERE user_id = $1', [
    userId,
  ]);
  const token = world.app.get(StaffLinkTokens).make(rows[0]!.link_id);
  const { secret } = await bus.execute(new SetPassword({ token, password: 'trombone lampshade' }, context()));
  const { csrf } = (await world.app.get(BrowserSessions).find(secret))!;
  return { key, secret, csrf };
}

function send(route: string, proof: Proof | undefined, ids: Readonly<Record<string, string>> = {}, body: object = {}) {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replaceAll(/[:*]([A-Za-z]+)/g, (_, name: string) => ids[name] ?? ABSENT);
  const asked = request(url)[method.toLowerCase() as Verb](path).redirects(0);
  if (path.startsWith('/api/')) {
    if (proof) void asked.set('Authorization', `Bearer ${proof.key}`);
    return method === 'GET' || method === 'DELETE' ? asked : asked.send(body);
  }
  void asked.set({ Host: 'localhost:3000', Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' });
  if (method !== 'GET') void asked.set('Sec-Fetch-Site', 'same-origin').type('form');
  if (proof) void asked.set({ Cookie: `__Host-staff=${proof.secret}`, 'X-CSRF-Token': proof.csrf });
  return method === 'GET' ? asked : asked.send({ cause: ABSENT, ...body });
}

beforeAll(async () => {
  world = await startStaffWorld();
  await world.app.listen(0, '127.0.0.1');
  url = await world.app.getUrl();
  for (const role of ROLES) proofs.set(role, await prove(role));
}, 60_000);
afterAll(() => world.dispose());

describe('every role on every route', () => {
  it('stands in the table, and nothing else does', () => {
    const router = (world.app.getHttpAdapter().getInstance() as unknown as { router: { stack: readonly Layer[] } })
      .router;
    const routes = router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
    );
    expect([...new Set(routes)].sort()).toEqual(RULES.flatMap((rule) => rule.routes).sort());
  });

  const guarded = RULES.filter(({ roles }) => roles !== 'open').flatMap(({ roles, routes }) =>
    routes.map((route) => [route, roles as readonly Role[]] as const),
  );

  it.each(guarded)('%s is for %j', async (route, roles) => {
    const outcomes: Record<string, string> = {};
    for (const role of ROLES) {
      const { status } = await send(route, proofs.get(role));
      outcomes[role] = status === 401 || status === 403 ? String(status) : 'allowed';
      // A request that is empty or about nothing is refused in words, never by an accident.
      expect(status).toBeLessThan(500);
    }
    expect(outcomes).toEqual(Object.fromEntries(ROLES.map((role) => [role, roles.includes(role) ? 'allowed' : '403'])));
  });

  it.each(guarded)('%s is not for the signed-out', async (route) => {
    const { status, headers } = await send(route, undefined);
    const isApi = route.includes(' /api/');
    expect(status).toBe(isApi ? 401 : 303);
    if (!isApi) expect(headers['location']).toMatch(/^\/staff\/sign-in\?next=/);
  });

  it.each(guarded.filter(([route]) => /^POST \/staff/.test(route)))('%s takes no foreign token', async (route) => {
    const [one, other] = [proofs.get('admin')!, proofs.get('staff')!];
    const { status } = await send(route, { ...one, csrf: other.csrf });
    // Where the token is in a body of files, a branch that is not there is said first.
    expect([400, 403, 404, 415, 422]).toContain(status);
  });
});

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

describe('ids of another branch', () => {
  const kind = 'invoice-link';
  const ids: Record<string, string> = { kind };
  const own: Record<string, string> = { kind };
  let scoped: Proof;
  let fresh: Proof;

  beforeAll(async () => {
    const bus = world.app.get(CommandBus);
    const details = { timeZone: 'America/Chicago', currency: 'USD', locale: 'en-US', country: 'US', region: 'TX' };
    const mine = await bus.execute(new RegisterBranch({ details: { name: 'North', ...details } }, context()));
    const other = await bus.execute(new RegisterBranch({ details: { name: 'South', ...details } }, context()));
    Object.assign(ids, await thingsOf(other.branch.branchId, 'S-1'));
    Object.assign(own, await thingsOf(mine.branch.branchId, 'N-1'));
    scoped = await prove('admin', [mine.branch.branchId]);
    fresh = await confirmed(scoped);
  }, 60_000);

  /** Something of everything that belongs to a branch. */
  async function thingsOf(branchId: string, number: string): Promise<Readonly<Record<string, string>>> {
    const bus = world.app.get(CommandBus);
    const { invoice } = await bus.execute(
      new RegisterInvoice(
        {
          branchId,
          number,
          currency: 'USD',
          issuedOn: '2026-11-20',
          dueOn: '2026-12-20',
          customer: { name: 'Grove Catering', email: 'grove@example.com' },
          lines: [{ description: 'Storage', quantity: '1', unitPrice: 1000 }],
          tax: 0,
        },
        context(),
      ),
    );
    const { invoiceId, customerId } = invoice;
    const link = await bus.execute(new SendLink({ invoiceId, channel: 'none' }, context()));
    const cash = { method: 'cash', amountMinor: 100, receivedOn: '2026-11-21' } as const;
    const { payment } = await bus.execute(new RecordPayment({ invoiceId, ...cash }, context()));
    const grant = { role: 'staff', branchIds: [branchId] } as const;
    const email = `${number}@example.com`;
    const user = await bus.execute(new InviteUser({ email, name: 'Ada Byron', ...grant }, context()));
    const key = await bus.execute(new CreateApiKey({ name: number, ...grant }, context()));
    const asked = { url: 'https://books.example.com/hooks', branchIds: [branchId], enabled: true };
    const { endpointId } = await bus.execute(new AddWebhookEndpoint(asked, context()));
    const { deliveryId } = await bus.execute(new TestWebhookEndpoint({ endpointId }, context()));
    await world.catchUp();
    const bulk = { selection: { invoiceIds: [invoiceId] }, channel: 'email', branchIds: [branchId] } as const;
    const { jobId } = await bus.execute(new RequestBulkLinks(bulk, context()));
    const { paymentId } = payment;
    const { userId } = user;
    const { keyId } = key;
    const { linkId } = link.link;
    return { branchId, invoiceId, customerId, linkId, paymentId, userId, keyId, endpointId, deliveryId, jobId };
  }

  /** The same person, whose second factor was given just now. */
  async function confirmed({ key, secret }: Proof): Promise<Proof> {
    const sessions = world.app.get(BrowserSessions);
    const { userId, credentials } = (await sessions.find(secret))!;
    const given = (await sessions.open(userId, { credentials, waitsForCode: false, isConfirmed: true }))!;
    return { key, secret: given, csrf: (await sessions.find(given))!.csrf };
  }

  const wording = { email: { subject: 'Invoice', body: '{{link}}' }, sms: { body: '{{branchName}} {{link}}' } };
  const revision = {
    issuedOn: '2026-11-20',
    dueOn: '2026-12-20',
    customer: { name: 'Grove Catering' },
    lines: [{ description: 'Storage', quantity: '1', unitPrice: 1000 }],
    tax: 0,
  };
  /** What a route needs to be asked at all. */
  const bodies: Readonly<Record<string, object>> = {
    'PATCH /api/v1/branches/:branchId': { name: 'Mine' },
    'PUT /api/v1/branches/:branchId/card-processing': { mode: 'platform' },
    'PUT /api/v1/branches/:branchId/fee-policy': { enabled: false },
    'PUT /api/v1/branches/:branchId/reminders': { enabled: false, beforeDays: [], afterDays: [], at: '09:00' },
    'PUT /api/v1/branches/:branchId/messages/:kind': wording,
    'POST /api/v1/branches/:branchId/messages/:kind/preview': { language: 'en' },
    'POST /api/v1/branches/:branchId/messages/:kind/test-send': { channel: 'email', to: 'a@example.com' },
    'PATCH /api/v1/customers/:customerId': { locale: 'en' },
    'PUT /api/v1/invoices/:invoiceId': revision,
    'POST /api/v1/invoices/:invoiceId/links': { channel: 'none' },
    'POST /api/v1/invoices/:invoiceId/recorded-payments': {
      method: 'cash',
      amount: 100,
      receivedOn: '2026-11-21',
    },
    'POST /api/v1/invoices/:invoiceId/recorded-payments/:paymentId/reverse': { reason: 'Typed twice' },
    'POST /api/v1/webhook-endpoints/:endpointId/redeliver': { since: '2026-11-20T00:00:00Z' },
    'POST /api/v1/invoices/:invoiceId/void': { reason: 'Typed twice' },
  };
  const ofOthers = /:(branchId|invoiceId|linkId|customerId|userId|keyId|paymentId|endpointId|deliveryId|jobId)\b/;
  /** Jobs that failed concern every branch: who has some branches only is refused them by role, whatever the id. */
  const ofAll = /\/(dead|failed)-jobs\//;
  const routes = RULES.filter(({ roles }) => roles !== 'open')
    .flatMap(({ routes: some }) => some)
    .filter((route) => ofOthers.test(route) && !ofAll.test(route));

  async function refused(route: string, proof: Proof, given: Readonly<Record<string, string>>): Promise<number> {
    const before = world.store.all().length;
    const { status } = await send(route, proof, given, bodies[route]);
    expect(world.store.all()).toHaveLength(before);
    return status;
  }

  it.each(routes)('%s: 404, and nothing happens', async (route) => {
    expect(await refused(route, fresh, ids)).toBe(404);
  });

  // Or the ids above would be nobody's. Followed pages do not end, and no branch here has a logo.
  it.each(routes.filter((route) => /^GET (?!.*(jobs.*\/events|invoices.:invoiceId\/events|\/logo)$)/.test(route)))(
    '%s: there for who has the branch',
    async (route) => {
      expect((await send(route, fresh, own)).status).toBe(200);
    },
  );

  it.each(routes.filter((route) => FRESH.test(route)))('%s: a second factor comes first', async (route) => {
    expect(await refused(route, scoped, ids)).toBe(303);
  });

  it.each([
    ['GET /api/v1/invoices/:invoiceId/links/:linkId', 'linkId'],
    ['POST /api/v1/invoices/:invoiceId/links/:linkId/revoke', 'linkId'],
    ['POST /staff/invoices/:invoiceId/links/:linkId/revoke', 'linkId'],
    ['POST /staff/invoices/:invoiceId/links/:linkId/save-to-customer', 'linkId'],
    ['POST /api/v1/invoices/:invoiceId/recorded-payments/:paymentId/reverse', 'paymentId'],
    ['GET /staff/invoices/:invoiceId/recorded-payments/:paymentId/reverse', 'paymentId'],
    ['POST /staff/invoices/:invoiceId/recorded-payments/:paymentId/reverse', 'paymentId'],
    ['POST /staff/administration/webhook-endpoints/:endpointId/deliveries/:deliveryId/redeliver', 'deliveryId'],
  ])('%s: the foreign %s below something of one’s own is 404 too', async (route, name) => {
    expect(await refused(route, fresh, { ...own, [name]: ids[name]! })).toBe(404);
  });

  it('POST /api/v1/webhook-endpoints/:endpointId/redeliver: nor is a foreign delivery sent again', async () => {
    const route = 'POST /api/v1/webhook-endpoints/:endpointId/redeliver';
    const { deliveryId } = ids;
    expect((await send(route, fresh, own, { deliveryId: deliveryId! })).status).toBe(404);
    expect((await send(route, fresh, own, { deliveryId: own['deliveryId']! })).status).toBe(202);
  });

  it('GET /api/v1/payments/:paymentId: a foreign payment by card is 404', async () => {
    const { invoiceId, branchId, linkId } = ids;
    const paymentId = '22222222-2222-5222-8222-222222222222';
    const shared = { attemptId: paymentId, linkId, branchId, processor: 'stripe', paymentIntentId: 'pi_1' };
    const money = { amountMinor: 500, feeMinor: 0, totalMinor: 500, currency: 'USD' };
    const card = { brand: 'visa', last4: '4242', funding: 'credit', country: 'US' };
    const captured = { paymentId, ...shared, ...money, card, chargeId: 'ch_1', capturedAt: '2026-11-22T03:30:00.000Z' };
    const codec = world.app.get(EventCodec);
    const stream = `invoice-${invoiceId}`;
    const { revision, metadata } = (await codec.decodeStream(await world.store.readStream(stream))).at(-1)!;
    const [event] = await codec.encode({ stream, revision, hash: metadata.hash }, [
      { id: paymentId, event: { type: 'PaymentCaptured', data: captured }, metadata },
    ]);
    await world.store.append(stream, revision, [event!]);
    await world.catchUp();
    const route = 'GET /api/v1/payments/:paymentId';
    expect((await send(route, proofs.get('admin'), { paymentId })).status).toBe(200);
    expect((await send(route, fresh, { paymentId })).status).toBe(404);
  });
});
