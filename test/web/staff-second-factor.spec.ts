import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../src/web/auth/rights.js';
import { beginFactor, codeOf as codeAt, member, PASSWORD, signIn } from '../support/staff-members.js';
import { hidden, startStaffWorld, type StaffWorld } from '../support/staff-world.js';

let world: StaffWorld;

beforeAll(async () => {
  world = await startStaffWorld();
}, 60_000);
afterAll(() => world.dispose());

describe('a second factor', () => {
  const codeOf = (secret: string): string => codeAt(world, secret);

  async function enrolled(email: string, role: Role = 'staff') {
    const browser = await member(world, email, role);
    const { secret, _csrf } = await beginFactor(browser);
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

  it('is begun with the present password, by which alone its secret is shown', async () => {
    const browser = await member(world, 'begun@example.com');
    const path = '/staff/account/second-factor';
    const start = await browser.get(path).expect(200);
    const _csrf = hidden(start.text, '_csrf');
    for (const present of ['', 'not the password']) {
      const refused = await browser.post(`${path}/begin`, { _csrf, present }).expect(422);
      expect(refused.text).not.toContain('class="secret"');
    }
    const { secret } = await beginFactor(browser);
    const wrong = await browser.post(path, { _csrf, code: '000000' }).expect(422);
    for (const { text } of [await browser.get(path).expect(200), wrong])
      expect(text).not.toMatch(/class="(secret|qr)"/);
    expect((await beginFactor(browser)).secret).toBe(secret);
    await browser.post(path, { _csrf, code: codeOf(secret) }).expect(200);
    await browser.get(path).expect(303);
    await browser.post(`${path}/begin`, { _csrf, present: PASSWORD }).expect(303);
  });

  it('that nobody confirmed within ten minutes is begun anew', async () => {
    const browser = await member(world, 'slow@example.com');
    const { secret, _csrf } = await beginFactor(browser);
    world.clock.advance(10 * 60_000);
    const late = await browser.post('/staff/account/second-factor', { _csrf, code: codeOf(secret) }).expect(422);
    expect(late.text).toContain('Begin again');
    const next = await beginFactor(browser);
    expect(next.secret).not.toBe(secret);
    await browser.post('/staff/account/second-factor', { _csrf, code: codeOf(secret) }).expect(422);
    await browser.post('/staff/account/second-factor', { _csrf, code: codeOf(next.secret) }).expect(200);
  });

  it('is needed for keys, and freshly', async () => {
    const keys = '/staff/administration/api-keys';
    const without = await member(world, 'keys@example.com', 'admin');
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

  it('is needed to look at the account on which a branch charges cards, and to choose another', async () => {
    const path = '/staff/branches/6f1d1c2e-6d0b-4f0e-9c39-5b1f7a0c4e11/card-processing';
    const browser = await member(world, 'cards@example.com', 'admin');
    const _csrf = hidden((await browser.get('/staff/account').expect(200)).text, '_csrf');
    const enrol = `/staff/account/second-factor?next=${encodeURIComponent(path)}`;
    expect((await browser.get(path).expect(303)).headers['location']).toBe(enrol);
    const answer = await browser.post(path, { _csrf, cause: randomUUID(), mode: 'platform' }).expect(303);
    expect(answer.headers['location']).toMatch(/^\/staff\/account\/second-factor/);
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
