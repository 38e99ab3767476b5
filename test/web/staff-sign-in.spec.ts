import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { TOTP, Secret } from 'otpauth';
import { InviteUser } from '../../src/application/staff/invite-user.js';
import type { Role } from '../../src/web/auth/rights.js';
import { hidden, startStaffWorld, type Browser, type StaffWorld } from '../support/staff-world.js';

const PASSWORD = 'trombone lampshade kettle';
const DAY_MS = 24 * 60 * 60_000;
let world: StaffWorld;
let invited = 0;

beforeAll(async () => {
  world = await startStaffWorld();
}, 60_000);
afterAll(() => world.dispose());

async function invite(email: string, role: Role = 'staff'): Promise<string> {
  const context = { actor: 'system:tests', cause: `invite-${(invited += 1)}`, correlationId: 'tests' };
  await world.app.get(CommandBus).execute(new InviteUser({ email, name: 'Ada Byron', role }, context));
  return lastLink(email);
}

async function lastLink(email: string): Promise<string> {
  await world.mailAll();
  const mail = world.mails.filter(({ to }) => to === email).at(-1);
  const path = /http:\/\/localhost:3000(\/staff\/password\/\S+)/.exec(mail?.text ?? '')?.[1];
  if (path === undefined) throw new Error('No link was mailed');
  return path;
}

/** Somebody who has chosen a password and is signed in. */
async function member(email: string, role: Role = 'staff'): Promise<Browser> {
  const browser = world.browser();
  await browser.post(await invite(email, role), { password: PASSWORD, again: PASSWORD }).expect(303);
  return browser;
}

const signIn = (browser: Browser, email: string, password = PASSWORD, more = {}) =>
  browser.post('/staff/sign-in', { email, password, ...more });

describe('an invitation', () => {
  it('lets choose a password once, signs in, and is not used up by a look', async () => {
    const path = await invite('once@example.com');
    const browser = world.browser();
    await browser.get(path).expect(200);
    const page = await browser.get(path).expect(200);
    expect(page.text).toContain('once@example.com');
    const set = await browser.post(path, { password: PASSWORD, again: PASSWORD }).expect(303);
    expect(set.headers['location']).toBe('/staff');
    await browser.get('/staff/account').expect(200);
    await world.browser().get(path).expect(404);
    await world.browser().post(path, { password: PASSWORD, again: PASSWORD }).expect(404);
  });

  it('runs out after seven days', async () => {
    const path = await invite('late@example.com');
    world.clock.advance(7 * DAY_MS);
    await world.browser().get(path).expect(404);
  });

  it('that was sent again makes the former link void', async () => {
    const former = await invite('twice@example.com');
    const next = await invite('twice@example.com');
    await world.browser().get(former).expect(404);
    await world.browser().get(next).expect(200);
  });

  it('keeps no password and no link in the tables, the events or the log', async () => {
    const path = await invite('quiet@example.com');
    await world.browser().post(path, { password: PASSWORD, again: PASSWORD }).expect(303);
    const token = path.split('/').at(-1)!;
    const { rows } = await world.pool.query('SELECT * FROM staff_links, staff_passwords, staff_sessions, staff_tries');
    const kept = JSON.stringify([rows, world.store.all(), world.logs], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const secret of [token, PASSWORD, 'quiet@example.com']) expect(kept).not.toContain(secret);
  });

  it('says what is wrong with a password beside the form', async () => {
    const path = await invite('weak@example.com');
    const short = await world.browser().post(path, { password: 'short', again: 'short' }).expect(422);
    expect(short.text).toContain('12 characters or more');
    const differ = await world.browser().post(path, { password: PASSWORD, again: 'another one entirely' }).expect(422);
    expect(differ.text).toContain('not the same');
    await world.browser().get(path).expect(200);
  });
});

describe('signing in', () => {
  it('gives a cookie that only this host and no script reads', async () => {
    await member('cookie@example.com');
    const answer = await signIn(world.browser(), 'Cookie@Example.com').expect(303);
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(
      /^__Host-staff=[\w-]{43}; Max-Age=604800; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('says the same of a wrong password, of nobody and of who is invited only', async () => {
    await member('known@example.com');
    await invite('invited@example.com');
    const answers = [];
    for (const email of ['known@example.com', 'nobody@example.com', 'invited@example.com', 'no address at all']) {
      const { status, text } = await signIn(world.browser(), email, 'not the password');
      answers.push(`${status} ${text.replaceAll(email, '').replaceAll(/nonce="[^"]*"/g, '')}`);
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^422 /);
  });

  it('is paused after ten tries from one address, for the right password too, and again open after a quarter of an hour', async () => {
    await member('locked@example.com');
    await member('other@example.com');
    const browser = world.browser();
    for (let tries = 0; tries < 10; tries += 1) await signIn(browser, 'locked@example.com', 'wrong').expect(422);
    const paused = await signIn(browser, 'locked@example.com').expect(429);
    expect(Number(paused.headers['retry-after'])).toBeGreaterThan(0);
    expect(paused.text).toContain('Wait');
    await signIn(world.browser(), 'other@example.com').expect(303);
    world.clock.advance(15 * 60_000);
    await signIn(browser, 'locked@example.com').expect(303);
  }, 30_000);

  it('changes the secret: one that was planted opens nothing', async () => {
    await member('fixed@example.com');
    const browser = world.browser();
    const planted = `__Host-staff=${'A'.repeat(43)}`;
    browser.cookie = planted;
    await signIn(browser, 'fixed@example.com').expect(303);
    const first = browser.cookie;
    expect(first).not.toBe(planted);
    await signIn(browser, 'fixed@example.com').expect(303);
    expect(browser.cookie).not.toBe(first);
    const old = world.browser();
    old.cookie = first;
    await old.get('/staff/account').expect(303);
  });

  it.each([
    ['/staff/account', '/staff/account'],
    ['/staff/invoices?q=1', '/staff/invoices?q=1'],
    ['https://evil.example/staff', '/staff'],
    ['//evil.example/staff', '/staff'],
    ['/staff//evil.example', '/staff'],
    ['/staff\\evil.example', '/staff'],
    ['/staffevil', '/staff'],
    ['/pay/i/x', '/staff'],
    ['/staff/sign-out', '/staff'],
    ['javascript:alert(1)', '/staff'],
    ['/staff/\nLocation: x', '/staff'],
  ])('goes on to pages of the portal only: %j', async (next, location) => {
    await member(`next-${invited}@example.com`);
    const answer = await signIn(world.browser(), `next-${invited - 1}@example.com`, PASSWORD, { next }).expect(303);
    expect(answer.headers['location']).toBe(location);
  });

  it('is asked for with the way back, of a script with 401', async () => {
    const page = await world.browser().get('/staff/account?x=1').expect(303);
    expect(page.headers['location']).toBe('/staff/sign-in?next=%2Fstaff%2Faccount%3Fx%3D1');
    await world
      .browser()
      .get('/staff/account')
      .set({ Accept: 'application/json', 'Sec-Fetch-Mode': 'cors' })
      .expect(401);
  });

  it('from another site is refused', async () => {
    for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }]) {
      await signIn(world.browser(), 'known@example.com').set(headers).expect(403);
    }
    await signIn(world.browser(), 'known@example.com').unset('Sec-Fetch-Site').set('Origin', 'null').expect(403);
    await signIn(world.browser(), 'known@example.com').unset('Sec-Fetch-Site').expect(403);
  });
});

describe('a session', () => {
  it('ends after twelve idle hours, after seven days, and at sign-out', async () => {
    const email = 'ends@example.com';
    const browser = await member(email);
    world.clock.advance(DAY_MS / 2);
    await browser.get('/staff/account').expect(303);
    await signIn(browser, email).expect(303);
    for (let halfDays = 0; halfDays < 15; halfDays += 1) {
      await browser.get('/staff/account').expect(200);
      world.clock.advance(DAY_MS / 2 - 60_000);
    }
    await browser.get('/staff/account').expect(303);
    await signIn(browser, email).expect(303);
    const { cookie } = browser;
    const page = await browser.get('/staff/account').expect(200);
    await browser.post('/staff/sign-out', { _csrf: hidden(page.text, '_csrf') }).expect(303);
    expect(browser.cookie).toBeUndefined();
    browser.cookie = cookie;
    await browser.get('/staff/account').expect(303);
  });

  it('takes state changes with its own token and from its own pages only', async () => {
    const browser = await member('csrf@example.com');
    const other = await member('csrf-other@example.com');
    const foreign = hidden((await other.get('/staff/account')).text, '_csrf');
    const own = hidden((await browser.get('/staff/account')).text, '_csrf');
    const fields = { present: 'x', password: PASSWORD, again: PASSWORD };
    await browser.post('/staff/account/password', fields).expect(403);
    await browser.post('/staff/account/password', { ...fields, _csrf: foreign }).expect(403);
    await browser
      .post('/staff/account/password', { ...fields, _csrf: own })
      .set('Sec-Fetch-Site', 'cross-site')
      .expect(403);
    await browser.post('/staff/account/password', { ...fields, _csrf: own }).expect(422);
    await browser.post('/staff/account/password', fields).set('X-CSRF-Token', own).expect(422);
    await browser.post('/staff/sign-out', { _csrf: foreign }).expect(403);
  });

  it('of others ends when the password changes', async () => {
    const email = 'changes@example.com';
    const browser = await member(email);
    const second = world.browser();
    await signIn(second, email).expect(303);
    const _csrf = hidden((await browser.get('/staff/account')).text, '_csrf');
    const next = 'another lampshade entirely';
    await browser
      .post('/staff/account/password', { _csrf, present: PASSWORD, password: next, again: next })
      .expect(200);
    await second.get('/staff/account').expect(303);
    await browser.get('/staff/account').expect(200);
    await signIn(world.browser(), email).expect(422);
    await signIn(world.browser(), email, next).expect(303);
  });
});

describe('a lost password', () => {
  it('is asked for in the same words whoever it is, and mailed to who is there', async () => {
    const email = 'lost@example.com';
    const browser = await member(email);
    const there = await world.browser().post('/staff/forgotten-password', { email }).expect(200);
    const nobody = await world.browser().post('/staff/forgotten-password', { email: 'nobody@example.com' }).expect(200);
    const plain = (html: string) => html.replaceAll(/nonce="[^"]*"/g, '');
    expect(plain(there.text)).toBe(plain(nobody.text));
    const path = await lastLink(email);
    expect(world.mails.some(({ to }) => to === 'nobody@example.com')).toBe(false);
    const next = 'umbrella concrete violin';
    await world.browser().post(path, { password: next, again: next }).expect(303);
    await browser.get('/staff/account').expect(303);
    await signIn(world.browser(), email, next).expect(303);
  });

  it('has a link for one hour', async () => {
    const email = 'hour@example.com';
    await member(email);
    await world.browser().post('/staff/forgotten-password', { email }).expect(200);
    const path = await lastLink(email);
    world.clock.advance(60 * 60_000);
    await world.browser().get(path).expect(404);
  });

  it('of an address that is none says why', async () => {
    const answer = await world.browser().post('/staff/forgotten-password', { email: 'two@example.com, x@example.com' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('one bare address');
  });
});

describe('a second factor', () => {
  const codeOf = (secret: string): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.clock.now().getTime() });

  async function enrolled(email: string, role: Role = 'staff') {
    const browser = await member(email, role);
    const page = await browser.get('/staff/account/second-factor').expect(200);
    const secret = /class="secret">([A-Z2-7 ]+)</.exec(page.text)![1]!.replaceAll(' ', '');
    const _csrf = hidden(page.text, '_csrf');
    await browser.post('/staff/account/second-factor', { _csrf, code: '000000' }).expect(422);
    const done = await browser.post('/staff/account/second-factor', { _csrf, code: codeOf(secret) }).expect(200);
    const codes = [...done.text.matchAll(/class="secret">([0-9a-z-]{19})</g)].map(([, code]) => code!);
    expect(codes).toHaveLength(10);
    return { browser, secret, codes };
  }

  it('is asked for at sign-in; each code counts once', async () => {
    const email = 'factor@example.com';
    const { secret } = await enrolled(email);
    const browser = world.browser();
    const asked = await signIn(browser, email, PASSWORD, { next: '/staff/account' }).expect(303);
    expect(asked.headers['location']).toBe('/staff/sign-in/code?next=%2Fstaff%2Faccount');
    await browser.get('/staff/account').expect(303);
    const page = await browser.get('/staff/sign-in/code?next=/staff/account').expect(200);
    const fields = { _csrf: hidden(page.text, '_csrf'), next: '/staff/account' };
    await browser.post('/staff/sign-in/code', { ...fields, code: codeOf(secret) }).expect(422);
    world.clock.advance(30_000);
    const before = browser.cookie;
    const given = await browser.post('/staff/sign-in/code', { ...fields, code: codeOf(secret) }).expect(303);
    expect(given.headers['location']).toBe('/staff/account');
    expect(browser.cookie).not.toBe(before);
    await browser.get('/staff/account').expect(200);
  });

  it('is replaced by a recovery code, once', async () => {
    const email = 'recovery@example.com';
    const { codes } = await enrolled(email);
    for (const status of [303, 422]) {
      const browser = world.browser();
      await signIn(browser, email).expect(303);
      const _csrf = hidden((await browser.get('/staff/sign-in/code')).text, '_csrf');
      await browser.post('/staff/sign-in/code', { _csrf, code: codes[0]!.toUpperCase() }).expect(status);
    }
  });

  it('is needed for keys, and freshly', async () => {
    const keys = '/staff/administration/api-keys';
    const without = await member('keys@example.com', 'admin');
    const enrol = await without.get(keys).expect(303);
    expect(enrol.headers['location']).toBe(`/staff/account/second-factor?next=${encodeURIComponent(keys)}`);
    const { browser, secret } = await enrolled('keys-2@example.com', 'admin');
    await browser.get(keys).expect(200);
    world.clock.advance(15 * 60_000);
    const step = await browser.get(keys).expect(303);
    expect(step.headers['location']).toBe(`/staff/confirm?next=${encodeURIComponent(keys)}`);
    const page = await browser.get(step.headers['location']!).expect(200);
    const fields = { _csrf: hidden(page.text, '_csrf'), next: keys };
    const given = await browser.post('/staff/confirm', { ...fields, code: codeOf(secret) }).expect(303);
    expect(given.headers['location']).toBe(keys);
    await browser.get(keys).expect(200);
  });

  it('cannot be guessed: ten tries, then a pause', async () => {
    const email = 'guessed@example.com';
    await enrolled(email);
    const browser = world.browser();
    await signIn(browser, email).expect(303);
    const _csrf = hidden((await browser.get('/staff/sign-in/code')).text, '_csrf');
    for (let tries = 0; tries < 8; tries += 1)
      await browser.post('/staff/sign-in/code', { _csrf, code: '123456' }).expect(422);
    const answers = [];
    for (let tries = 0; tries < 3; tries += 1)
      answers.push((await browser.post('/staff/sign-in/code', { _csrf, code: '123456' })).status);
    expect(answers.at(-1)).toBe(429);
  });
});

describe('administration', () => {
  it('invites, changes and disables users, and ends their sessions', async () => {
    const admin = await member('boss@example.com', 'admin');
    const form = await admin.get('/staff/administration/users/invite').expect(200);
    const _csrf = hidden(form.text, '_csrf');
    const fields = { _csrf, name: 'Grove Catering', email: 'grove@example.com', role: 'finance', scope: 'all' };
    await admin.post('/staff/administration/users/invite', fields).expect(303);
    const browser = world.browser();
    await browser.post(await lastLink('grove@example.com'), { password: PASSWORD, again: PASSWORD }).expect(303);
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
    const admin = await member('boss-2@example.com', 'admin');
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
