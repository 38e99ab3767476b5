import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { ChangeUser } from '../../src/application/staff/change-user.js';
import { InviteUser } from '../../src/application/staff/invite-user.js';
import { startOidcProvider, type OidcProvider } from '../support/oidc-provider.js';
import { hidden, startStaffWorld, type Browser, type StaffWorld } from '../support/staff-world.js';

let provider: OidcProvider;
let world: StaffWorld;
let userId: string;
const context = { actor: 'system:tests', cause: 'oidc', correlationId: 'tests' };

beforeAll(async () => {
  provider = await startOidcProvider();
  world = await startStaffWorld({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
  });
  const input = { email: 'ada@example.com', name: 'Ada Byron', role: 'staff' } as const;
  ({ userId } = await world.app.get(CommandBus).execute(new InviteUser(input, context)));
}, 60_000);
afterAll(async () => {
  await world.dispose();
  await provider.stop();
});
beforeEach(() => {
  provider.identity = { email: 'Ada@example.com', email_verified: true };
  provider.spoil = {};
});

interface Jar {
  readonly browser: Browser;
  readonly flow: string;
  /** Where the provider sent the browser back to. */
  readonly back: string;
}

async function untilBack(next = ''): Promise<Jar> {
  const browser = world.browser();
  const begun = await browser.get(`/staff/sign-in/provider${next}`).expect(303);
  const [flow] = begun.headers['set-cookie'] as unknown as string[];
  expect(flow).toMatch(/^__Host-staff-flow=.*HttpOnly; Secure; SameSite=Lax$/);
  const there = await fetch(begun.headers['location']!, { redirect: 'manual' });
  const back = new URL(there.headers.get('location')!);
  return { browser, flow: flow!.split(';')[0]!, back: back.pathname + back.search };
}

const finish = ({ browser, flow, back }: Jar) => browser.get(back).set('Cookie', flow);

describe('the sign-in at another provider', () => {
  it('takes up an invitation, and leads to the page that was asked for', async () => {
    const jar = await untilBack('?next=/staff/account');
    const done = await finish(jar).expect(303);
    expect(done.headers['location']).toBe('/staff/account');
    await jar.browser.get('/staff/account').expect(200);
  });

  it('counts once, and for the browser that began it', async () => {
    const jar = await untilBack();
    const other = world.browser();
    await other.get(jar.back).expect(403);
    await other.get(jar.back).set('Cookie', '__Host-staff-flow=made-up').expect(403);
    await finish(jar).expect(303);
    await finish(jar).expect(403);
  });

  it('takes ten minutes at most', async () => {
    const jar = await untilBack();
    world.clock.advance(10 * 60_000);
    await finish(jar).expect(403);
  });

  it.each([
    ['nobody has invited', { email: 'nobody@example.com', email_verified: true }],
    ['nobody proved', { email: 'ada@example.com', email_verified: false }],
    ['nobody says is proved', { email: 'ada@example.com' }],
    ['is missing', {}],
  ])('is refused for an address that %s, and makes no user', async (_, identity) => {
    provider.identity = identity;
    const before = world.store.all().length;
    const refused = await finish(await untilBack()).expect(403);
    expect(refused.text).toContain('You were not signed in');
    expect(world.store.all()).toHaveLength(before);
  });

  it.each([
    ['another nonce', { nonce: 'other' }],
    ['another audience', { aud: 'other' }],
    ['another issuer', { iss: 'https://other.example' }],
    ['its time over', { exp: 1 }],
  ])('is refused for a token with %s', async (_, spoil) => {
    provider.spoil = spoil;
    await finish(await untilBack()).expect(403);
  });

  it('just now is what a second factor is set up with', async () => {
    const jar = await untilBack();
    await finish(jar).expect(303);
    const { browser } = jar;
    const path = '/staff/account/second-factor';
    const start = await browser.get(path).expect(200);
    expect(start.text).not.toContain('type="password"');
    const _csrf = hidden(start.text, '_csrf');
    const shown = await browser.post(`${path}/begin`, { _csrf }).expect(200);
    expect(shown.text).toContain('class="secret"');
    world.clock.advance(15 * 60_000);
    const again = await browser.post(`${path}/begin`, { _csrf }).expect(303);
    expect(again.headers['location']).toBe(`/staff/sign-in/provider?next=${encodeURIComponent(path)}`);
  });

  it('is refused with another state or a made-up code', async () => {
    const jar = await untilBack();
    await finish({ ...jar, back: jar.back.replace(/state=[^&]*/, 'state=other') }).expect(403);
    const next = await untilBack();
    await finish({ ...next, back: next.back.replace(/code=[^&]*/, 'code=other') }).expect(403);
    const denied = await untilBack();
    await finish({ ...denied, back: denied.back.replace(/code=[^&]*/, 'error=access_denied') }).expect(403);
  });

  it('is refused for who is disabled', async () => {
    const bus = world.app.get(CommandBus);
    await bus.execute(new ChangeUser({ userId, change: { type: 'DisableUser' } }, { ...context, cause: 'off' }));
    await finish(await untilBack()).expect(403);
    await bus.execute(new ChangeUser({ userId, change: { type: 'EnableUser' } }, { ...context, cause: 'on' }));
    await finish(await untilBack()).expect(303);
  });

  it('leaves no way in by password', async () => {
    const page = await world.browser().get('/staff/sign-in').expect(200);
    expect(page.text).not.toContain('name="password"');
    const posted = await world
      .browser()
      .post('/staff/sign-in', { email: 'ada@example.com', password: 'x' })
      .expect(303);
    expect(posted.headers['set-cookie']).toBeUndefined();
    await world.browser().get('/staff/forgotten-password').expect(303);
    await world.browser().get('/staff/password/some-token').expect(303);
    const invited = { email: 'next@example.com', name: 'Grove Catering', role: 'staff' } as const;
    await world.app.get(CommandBus).execute(new InviteUser(invited, { ...context, cause: 'next' }));
    await world.mailAll();
    expect(world.mails.at(-1)?.text).toContain('http://localhost:3000/staff/sign-in');
  });
});

describe('a provider that is away', () => {
  it('is said to be, with 503', async () => {
    const away = await startStaffWorld({
      OIDC_ISSUER: 'http://127.0.0.1:9',
      OIDC_CLIENT_ID: 'paylink',
      OIDC_CLIENT_SECRET: 'secret',
    });
    try {
      const answer = await away.browser().get('/staff/sign-in/provider').expect(503);
      expect(answer.text).toContain('does not answer');
    } finally {
      await away.dispose();
    }
  }, 60_000);
});
