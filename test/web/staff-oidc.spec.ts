import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { ChangeUser } from '../../src/application/staff/change-user.js';
import { InviteUser } from '../../src/application/staff/invite-user.js';
import { StaffIdentities } from '../../src/application/staff/staff-identities.js';
import { StaffSessions } from '../../src/application/staff/staff-sessions.js';
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
    ['nobody has invited', { sub: 'stranger', email: 'nobody@example.com', email_verified: true }],
    ['nobody proved', { sub: 'stranger', email: 'ada@example.com', email_verified: false }],
    ['nobody says is proved', { sub: 'stranger', email: 'ada@example.com' }],
    ['is missing', { sub: 'stranger' }],
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

  it('just now is what a second factor is set up with, where the provider was made to ask', async () => {
    const path = '/staff/account/second-factor';
    const anew = `?anew=1&next=${encodeURIComponent(path)}`;
    const former = await untilBack();
    await finish(former).expect(303);
    const once = await former.browser.get(path).expect(200);
    expect(once.text).toContain(
      `<a class="button" href="/staff/sign-in/provider${anew.replaceAll('=', '&#x3D;').replaceAll('&n', '&amp;n')}">`,
    );
    expect(once.text).not.toContain(`${path}/begin`);
    const sent = await former.browser.post(`${path}/begin`, { _csrf: hidden(once.text, '_csrf') }).expect(303);
    expect(sent.headers['location']).toBe(path);
    const jar = await untilBack(anew);
    await finish(jar).expect(303);
    const { browser } = jar;
    const start = await browser.get(path).expect(200);
    expect(start.text).not.toContain('type="password"');
    const _csrf = hidden(start.text, '_csrf');
    const shown = await browser.post(`${path}/begin`, { _csrf }).expect(200);
    expect(shown.text).toContain('class="secret"');
    world.clock.advance(15 * 60_000);
    const again = await browser.post(`${path}/begin`, { _csrf }).expect(303);
    expect(again.headers['location']).toBe(path);
    const later = await browser.get(path).expect(200);
    expect(later.text).toContain('/staff/sign-in/provider?anew');
  });

  it.each([
    ['is older than the flow', { auth_time: Math.floor(Date.now() / 1000) - 3_600 }],
    ['is not told', { auth_time: undefined }],
  ])('anew is refused where the time at which the provider asked %s', async (_, spoil) => {
    provider.spoil = spoil as OidcProvider['spoil'];
    await finish(await untilBack('?anew=1')).expect(403);
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

describe('who a user is at the provider', () => {
  let invited = 0;
  /** A user who has not come yet. */
  const newUser = async () => {
    const email = `user${(invited += 1)}@example.com`;
    const input = { email, name: 'Harbor Bakery', role: 'staff' } as const;
    const { userId } = await world.app.get(CommandBus).execute(new InviteUser(input, { ...context, cause: email }));
    return { userId, email };
  };
  const signIn = async (identity: OidcProvider['identity']) => {
    provider.identity = identity;
    return finish(await untilBack());
  };
  const proved = (sub: string, email: string) => ({ sub, email, email_verified: true });
  const change = (userId: string, type: 'DisableUser' | 'EnableUser') =>
    world.app.get(CommandBus).execute(new ChangeUser({ userId, change: { type } }, { ...context, cause: `${type} 2` }));
  const bound = async (userId: string) => {
    const { rows } = await world.pool.query('SELECT issuer, subject FROM staff_identities WHERE user_id = $1', [
      userId,
    ]);
    return rows as unknown[];
  };

  it('is the subject that signs in first, whatever its address is called later', async () => {
    const { userId, email } = await newUser();
    expect((await signIn(proved('first', email))).status).toBe(303);
    expect(await bound(userId)).toEqual([{ issuer: provider.issuer, subject: 'first' }]);
    const later = [proved('first', 'married@example.com'), { sub: 'first', email }, { sub: 'first' }];
    for (const identity of later) {
      provider.identity = identity;
      const jar = await untilBack('?next=/staff/account');
      await finish(jar).expect(303);
      const account = await jar.browser.get('/staff/account').expect(200);
      expect(account.text).toContain(email);
    }
    // An address of somebody else makes no other user of who is known.
    const other = await newUser();
    expect((await signIn(proved('first', other.email))).status).toBe(303);
    expect(await bound(other.userId)).toEqual([]);
  });

  it('is nobody who got the address later: that is said, and opens no session', async () => {
    const { userId, email } = await newUser();
    expect((await signIn(proved('before', email))).status).toBe(303);
    const events = world.store.all().length;
    const refused = await signIn(proved('after', email));
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('belongs to somebody else than who has signed in with it before');
    expect(refused.text).toContain('Ask an administrator');
    expect(JSON.stringify(refused.headers['set-cookie'])).not.toContain('__Host-staff=');
    expect(world.store.all()).toHaveLength(events);
    expect(await bound(userId)).toEqual([{ issuer: provider.issuer, subject: 'before' }]);
    expect((await signIn(proved('before', email))).status).toBe(303);
  });

  it('is open again for who was disabled and let in again', async () => {
    const { userId, email } = await newUser();
    expect((await signIn(proved('former', email))).status).toBe(303);
    await change(userId, 'DisableUser');
    expect((await signIn(proved('latter', email))).status).toBe(403);
    await change(userId, 'EnableUser');
    expect(await bound(userId)).toEqual([]);
    expect((await signIn(proved('former', 'elsewhere@example.com'))).status).toBe(403);
    expect((await signIn(proved('latter', email))).status).toBe(303);
    expect((await signIn(proved('former', email))).status).toBe(403);
  });

  it('is one of two that come at once for the first time', async () => {
    const { userId, email } = await newUser();
    const jars: Jar[] = [];
    for (const sub of ['left', 'right']) {
      const jar = await untilBack();
      jars.push(jar);
      provider.identities.set(new URL(jar.back, provider.issuer).searchParams.get('code')!, proved(sub, email));
    }
    const answers = await Promise.all(jars.map((jar) => finish(jar)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 403]);
    const subject = answers[0]!.status === 303 ? 'left' : 'right';
    expect(await bound(userId)).toEqual([{ issuer: provider.issuer, subject }]);
  });

  it('is not decided by a sign-in that began before the user was shut out', async () => {
    const { userId } = await newUser();
    const identities = world.app.get(StaffIdentities);
    const sessions = world.app.get(StaffSessions);
    const credentials = await sessions.credentialsOf(userId);
    const subject = { issuer: provider.issuer, subject: 'late' };
    await sessions.endAll(userId);
    expect(await identities.bind(userId, subject, credentials, world.clock.now())).toBe('outdated');
    const fresh = await sessions.credentialsOf(userId);
    expect(await identities.bind(userId, subject, fresh, world.clock.now())).toBe('bound');
    expect(await identities.bind(userId, subject, fresh, world.clock.now())).toBe('bound');
    const { userId: another } = await newUser();
    expect(await identities.bind(another, subject, 0n, world.clock.now())).toBe('bound_otherwise');
  });

  it.each([
    ['is empty', ''],
    ['no database keeps', 'a\u0000b'],
    ['is too long', 'x'.repeat(256)],
  ])('is no subject that %s', async (_, sub) => {
    const { email } = await newUser();
    expect((await signIn(proved(sub, email))).status).toBe(403);
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
