import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invite, lastLink, member, PASSWORD, signIn } from '../support/staff-members.js';
import { hidden, startStaffWorld, type StaffWorld } from '../support/staff-world.js';

const DAY_MS = 24 * 60 * 60_000;
let nexts = 0;
let world: StaffWorld;

beforeAll(async () => {
  world = await startStaffWorld();
}, 60_000);
afterAll(() => world.dispose());

describe('an invitation', () => {
  it('lets choose a password once, signs in, and is not used up by a look', async () => {
    const path = await invite(world, 'once@example.com');
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
    const path = await invite(world, 'late@example.com');
    world.clock.advance(7 * DAY_MS);
    await world.browser().get(path).expect(404);
  });

  it('that was sent again makes the former link void', async () => {
    const former = await invite(world, 'twice@example.com');
    const next = await invite(world, 'twice@example.com');
    await world.browser().get(former).expect(404);
    await world.browser().get(next).expect(200);
  });

  it('keeps no password and no link in the tables, the events or the log', async () => {
    const path = await invite(world, 'quiet@example.com');
    await world.browser().post(path, { password: PASSWORD, again: PASSWORD }).expect(303);
    const token = path.split('/').at(-1)!;
    const { rows } = await world.pool.query('SELECT * FROM staff_links, staff_passwords, staff_sessions, staff_tries');
    const kept = JSON.stringify([rows, world.store.all(), world.logs], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const secret of [token, PASSWORD, 'quiet@example.com']) expect(kept).not.toContain(secret);
  });

  it('says what is wrong with a password beside the form', async () => {
    const path = await invite(world, 'weak@example.com');
    const short = await world.browser().post(path, { password: 'short', again: 'short' }).expect(422);
    expect(short.text).toContain('12 characters or more');
    const differ = await world.browser().post(path, { password: PASSWORD, again: 'another one entirely' }).expect(422);
    expect(differ.text).toContain('not the same');
    await world.browser().get(path).expect(200);
  });
});

describe('signing in', () => {
  it('gives a cookie that only this host and no script reads', async () => {
    await member(world, 'cookie@example.com');
    const answer = await signIn(world.browser(), 'Cookie@Example.com').expect(303);
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(
      /^__Host-staff=[\w-]{43}; Max-Age=604800; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('says the same of a wrong password, of nobody and of who is invited only', async () => {
    await member(world, 'known@example.com');
    await invite(world, 'invited@example.com');
    const answers = [];
    for (const email of ['known@example.com', 'nobody@example.com', 'invited@example.com', 'no address at all']) {
      const { status, text } = await signIn(world.browser(), email, 'not the password');
      answers.push(`${status} ${text.replaceAll(email, '').replaceAll(/nonce="[^"]*"/g, '')}`);
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^422 /);
  });

  it('is paused after ten tries from one address, for the right password too, and again open after a quarter of an hour', async () => {
    await member(world, 'locked@example.com');
    await member(world, 'other@example.com');
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
    await member(world, 'fixed@example.com');
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
    const email = `next-${(nexts += 1)}@example.com`;
    await member(world, email);
    const answer = await signIn(world.browser(), email, PASSWORD, { next }).expect(303);
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
    const browser = await member(world, email);
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
    const browser = await member(world, 'csrf@example.com');
    const other = await member(world, 'csrf-other@example.com');
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
    const browser = await member(world, email);
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
    const browser = await member(world, email);
    const there = await world.browser().post('/staff/forgotten-password', { email }).expect(200);
    const nobody = await world.browser().post('/staff/forgotten-password', { email: 'nobody@example.com' }).expect(200);
    const plain = (html: string) => html.replaceAll(/nonce="[^"]*"/g, '');
    expect(plain(there.text)).toBe(plain(nobody.text));
    const path = await lastLink(world, email);
    expect(world.mails.some(({ to }) => to === 'nobody@example.com')).toBe(false);
    const next = 'umbrella concrete violin';
    await world.browser().post(path, { password: next, again: next }).expect(303);
    await browser.get('/staff/account').expect(303);
    await signIn(world.browser(), email, next).expect(303);
  });

  it('has a link for one hour', async () => {
    const email = 'hour@example.com';
    await member(world, email);
    await world.browser().post('/staff/forgotten-password', { email }).expect(200);
    const path = await lastLink(world, email);
    world.clock.advance(60 * 60_000);
    await world.browser().get(path).expect(404);
  });

  it('of an address that is none says why', async () => {
    const answer = await world.browser().post('/staff/forgotten-password', { email: 'two@example.com, x@example.com' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('one bare address');
  });
});
