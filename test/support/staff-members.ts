/** People who sign in, as a test of the portal needs them. */
import { CommandBus } from '@nestjs/cqrs';
import { Secret, TOTP } from 'otpauth';
import type { Test } from 'supertest';
import { InviteUser } from '../../src/application/staff/invite-user.js';
import type { Role } from '../../src/web/auth/rights.js';
import { hidden, type Browser, type StaffWorld } from './staff-world.js';

export const PASSWORD = 'trombone lampshade kettle';

let invited = 0;

/** Invites somebody and answers the path of the link that was mailed to them. */
export async function invite(
  world: StaffWorld,
  email: string,
  role: Role = 'staff',
  branchIds?: readonly string[],
): Promise<string> {
  const context = { actor: 'system:tests', cause: `invite-${(invited += 1)}`, correlationId: 'tests' };
  await world.app.get(CommandBus).execute(new InviteUser({ email, name: 'Ada Byron', role, branchIds }, context));
  return lastLink(world, email);
}

export async function lastLink(world: StaffWorld, email: string): Promise<string> {
  await world.mailAll();
  const mail = world.mails.filter(({ to }) => to === email).at(-1);
  const path = /http:\/\/localhost:3000(\/staff\/password\/\S+)/.exec(mail?.text ?? '')?.[1];
  if (path === undefined) throw new Error('No link was mailed');
  return path;
}

/** Somebody who has chosen a password and is signed in. */
export async function member(world: StaffWorld, email: string, role: Role = 'staff'): Promise<Browser> {
  const browser = world.browser();
  await browser.post(await invite(world, email, role), { password: PASSWORD, again: PASSWORD }).expect(303);
  return browser;
}

/** What an authenticator app with this secret shows now. */
export function codeOf(world: StaffWorld, secret: string): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.clock.now().getTime() });
}

/** Begins to set up a second factor. Answers its secret. */
export async function beginFactor(browser: Browser): Promise<{ readonly secret: string; readonly _csrf: string }> {
  const start = await browser.get('/staff/account/second-factor').expect(200);
  const _csrf = hidden(start.text, '_csrf');
  const page = await browser.post('/staff/account/second-factor/begin', { _csrf, present: PASSWORD }).expect(200);
  const secret = /class="secret">([A-Z2-7 ]+)</.exec(page.text)![1]!.replaceAll(' ', '');
  return { secret, _csrf };
}

/** Sets up a second factor, given just now. Answers its secret. */
export async function enrol(world: StaffWorld, browser: Browser): Promise<string> {
  const { secret, _csrf } = await beginFactor(browser);
  await browser.post('/staff/account/second-factor', { _csrf, code: codeOf(world, secret) }).expect(200);
  return secret;
}

export function signIn(browser: Browser, email: string, password = PASSWORD, more: object = {}): Test {
  return browser.post('/staff/sign-in', { email, password, ...more });
}
