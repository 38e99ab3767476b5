/** What a browser is shown at addresses that people type or mistype. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { startStaffWorld, type StaffWorld } from '../support/staff-world.js';

const BROWSER = { Accept: 'text/html,application/xhtml+xml', 'Sec-Fetch-Mode': 'navigate' };
let world: StaffWorld;

beforeAll(async () => {
  world = await startStaffWorld();
}, 60_000);
afterAll(() => world.dispose());

function open(path: string, headers: Readonly<Record<string, string>> = BROWSER): request.Test {
  return request(world.app.getHttpServer()).get(path).set(headers);
}

describe('an address that somebody typed', () => {
  it('tells customers where their invoice is, and staff where they sign in, at the bare address', async () => {
    const { status, text } = await open('/');
    expect(status).toBe(200);
    expect(text).toContain('Open the link in your email or text message.');
    expect(text).toContain('href="/staff"');
  });

  it('says so in the language of the last invoice', async () => {
    const { text } = await open('/', { ...BROWSER, Cookie: '__Host-pay-language=es' });
    expect(text).toContain('Cada factura se abre con su propio enlace');
  });

  it.each(['/staff/nowhere', '/staff/invoices/1/2/3', '/staff/branches/x/nothing?branchId=1'])(
    'leads back to the start of the portal from %s',
    async (path) => {
      const { status, text, headers } = await open(path);
      expect({ status, type: headers['content-type'] }).toEqual({ status: 404, type: 'text/html; charset=utf-8' });
      expect(text).toContain('There is nothing here');
      expect(text).toContain('href="/staff"');
    },
  );

  it('stays a problem for a script', async () => {
    const { status, headers, body } = await open('/staff/nowhere', { Accept: 'application/json' });
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'route_not_found' });
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  });
});
