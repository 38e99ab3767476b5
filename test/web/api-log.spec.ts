import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createLogger } from '../../src/infrastructure/telemetry/logger.js';
import { makeBranch, makeInvoice } from './api-examples.js';
import { ADMIN_KEY, startWorld, type World } from './api-world.js';

let world: World;
let invoiceId: string;
beforeAll(async () => {
  world = await startWorld();
  invoiceId = await makeInvoice(world, await makeBranch(world));
});
afterAll(() => world.dispose());

describe('the log', () => {
  it('holds method, pattern, status and time, and nothing of anybody', async () => {
    world.logs.length = 0;
    await request(world.app.getHttpServer())
      .get('/api/v1/invoices?q=ada%40example.com')
      .set('Authorization', `Bearer ${ADMIN_KEY}`)
      .set('Cookie', '__Host-pay-x=secretcookie')
      .set('X-Request-Id', 'bad id with spaces');
    await request(world.app.getHttpServer()).get('/pay/secret-token-of-a-link');
    await world.call('get', `/api/v1/invoices/${invoiceId}`).set('X-Request-Id', 'trace-7');
    const lines = world.logs.map((each) => JSON.parse(each) as Record<string, unknown>);
    expect(lines.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['GET', '/api/v1/invoices', 200],
      ['GET', 'unmatched', 404],
      ['GET', '/api/v1/invoices/:invoiceId', 200],
    ]);
    expect(lines[2]).toMatchObject({ correlationId: 'trace-7', durationMs: expect.any(Number), level: 'info' });
    expect(Object.keys(lines[0]!).sort()).toEqual(
      ['correlationId', 'durationMs', 'level', 'method', 'msg', 'route', 'status', 'time'].sort(),
    );
    expect(world.logs.join('')).not.toMatch(/ada|example|secret|Bearer|test-admin|with spaces/);
  });

  it('shares its id with the answer', async () => {
    const given = await world.call('get', '/livez').set('X-Request-Id', 'abc.DEF-1');
    expect(given.headers['x-request-id']).toBe('abc.DEF-1');
    const made = await world.call('get', '/livez').set('X-Request-Id', 'no good');
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const card = await world.call('get', '/livez').set('X-Request-Id', '4242-4242-4242-4242');
    expect(card.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a probe', () => {
  it('writes no line, well or unwell: machines read its status, every few seconds', async () => {
    world.logs.length = 0;
    for (const path of ['/livez', '/readyz', '/metrics']) await request(world.app.getHttpServer()).get(path);
    expect(world.logs).toEqual([]);
  });
});

describe('an error', () => {
  it('is logged with its type, code and places, and without whom it was about', () => {
    const lines: string[] = [];
    const logger = createLogger('info', { write: (line: string) => void lines.push(line) });
    const id = '3f0c2f0e-2f7c-5d3e-9d59-6f2f5f0a1b2c';
    const cause = new Error('postgres://user:password@host/db refused whsec_abcdefghij');
    const error = Object.assign(
      new Error(
        `550 <ada@example.com> +1 212 555 0100 card 4242 4242 4242 4242 of invoice-${id}: ` +
          'token Zx81kQpLmN0rStUvWxYz12 pi_3Abc_secret_Def Bearer plk_live_abcdefghijkl',
        { cause },
      ),
      { code: 'EENVELOPE', request: { headers: { authorization: 'Bearer plk_live_abcdefghijkl' } } },
    );
    logger.error({ err: error }, 'failed');
    const { err } = JSON.parse(lines[0]!) as { err: Record<string, unknown> };
    expect(Object.keys(err)).toEqual(['type', 'code', 'message', 'stack', 'cause']);
    expect(err['message']).toContain(id);
    expect(lines[0]).not.toMatch(/ada|example\.com|212|4242|Zx81|secret_Def|plk_live|password|whsec_abc/);
    expect(err['cause']).toMatchObject({ message: '[redacted]host/db refused [redacted]' });
  });
});
