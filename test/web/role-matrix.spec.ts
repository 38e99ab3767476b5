import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import request from 'supertest';
import { CreateApiKey } from '../../src/application/administration/create-api-key.js';
import { RegisterBranch } from '../../src/application/branch/register-branch.js';
import type { CommandContext } from '../../src/application/command-context.js';
import { RegisterInvoice } from '../../src/application/invoice/register-invoice.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import { BrowserSessions } from '../../src/application/staff/browser-sessions.js';
import { InviteUser } from '../../src/application/staff/invite-user.js';
import { SetPassword } from '../../src/application/staff/set-password.js';
import { StaffLinkTokens } from '../../src/application/staff/staff-links.js';
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
  const ids: Record<string, string> = { kind: 'invoice-link', paymentId: ABSENT };
  let scoped: Proof;

  beforeAll(async () => {
    const bus = world.app.get(CommandBus);
    const details = { timeZone: 'America/Chicago', currency: 'USD', locale: 'en-US', country: 'US', region: 'TX' };
    const own = await bus.execute(new RegisterBranch({ details: { name: 'North', ...details } }, context()));
    const other = await bus.execute(new RegisterBranch({ details: { name: 'South', ...details } }, context()));
    const invoice = await bus.execute(
      new RegisterInvoice(
        {
          branchId: other.branch.branchId,
          number: 'S-1',
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
    const { invoiceId } = invoice.invoice;
    const link = await bus.execute(new SendLink({ invoiceId, channel: 'none' }, context()));
    const grant = { role: 'staff', branchIds: [other.branch.branchId] } as const;
    const user = await bus.execute(new InviteUser({ email: 'south@example.com', name: 'South', ...grant }, context()));
    const key = await bus.execute(new CreateApiKey({ name: 'South', ...grant }, context()));
    await world.catchUp();
    scoped = await prove('admin', [own.branch.branchId]);
    Object.assign(ids, {
      branchId: other.branch.branchId,
      invoiceId,
      linkId: link.link.linkId,
      customerId: invoice.invoice.customerId,
      userId: user.userId,
      keyId: key.keyId,
    });
  }, 60_000);

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
    'POST /api/v1/invoices/:invoiceId/void': { reason: 'Typed twice' },
  };
  const ofOthers = /:(branchId|invoiceId|linkId|customerId|userId|keyId)\b/;
  const routes = RULES.filter(({ roles }) => roles !== 'open')
    .flatMap(({ routes: some }) => some)
    .filter((route) => ofOthers.test(route));

  it.each(routes)('%s: 404, and nothing happens', async (route) => {
    const before = world.store.all().length;
    const answer = await send(route, scoped, ids, bodies[route]);
    // Where a second factor comes first it is asked for before anything is looked up.
    expect(answer.status).toBe(FRESH.test(route) ? 303 : 404);
    expect(world.store.all()).toHaveLength(before);
  });
});
