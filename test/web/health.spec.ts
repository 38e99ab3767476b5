import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { HealthReport } from '../../src/web/health/health-sources.js';
import { startWorld, type World } from './api-world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.dispose());
beforeEach(() => {
  world.health.length = 0;
});

const get = (path: string) => request(world.app.getHttpServer()).get(path);
const reports = (...states: HealthReport[]) =>
  states.forEach((report, index) => world.health.push({ name: `part-${index}`, check: async () => report }));

describe('probes', () => {
  it('say that the process lives, whatever is away', async () => {
    reports({ state: 'down' });
    await get('/livez').expect(200, { status: 'ok' });
  });

  it('are ready when every part is', async () => {
    reports({ state: 'ok' }, { state: 'ok' });
    await get('/readyz').expect(200, {
      status: 'ready',
      checks: { 'part-0': { state: 'ok' }, 'part-1': { state: 'ok' } },
    });
  });

  it('stay ready and say why while a part is only degraded', async () => {
    reports({ state: 'ok' }, { state: 'degraded', reason: 'The event store is away: lists go on.' });
    const { body } = await get('/readyz').expect(200);
    expect(body).toMatchObject({
      status: 'degraded',
      checks: { 'part-1': { reason: 'The event store is away: lists go on.' } },
    });
  });

  it.each(['starting', 'down'] as const)('are not ready while a part is %s', async (state) => {
    reports({ state: 'ok' }, { state });
    const answer = await get('/readyz').expect(503);
    expect(answer.body.status).toBe('not_ready');
    expect(answer.headers['retry-after']).toBe('2');
  });

  it('show no address and no password of a part that throws, and wait for none that hangs', async () => {
    world.health.push({ name: 'db', check: () => Promise.reject(new Error('postgres://user:password@host')) });
    world.health.push({ name: 'slow', check: () => new Promise(() => undefined) });
    const answer = await get('/readyz').expect(503);
    expect(answer.body.checks).toEqual({
      db: { state: 'down', reason: 'It cannot be reached.' },
      slow: { state: 'down', reason: 'It does not answer.' },
    });
  });
});

describe('metrics', () => {
  it('tell of requests by pattern, of consumers and of jobs', async () => {
    await world.call('get', '/api/v1/invoices/00000000-0000-4000-8000-000000000000').expect(404);
    const { text, headers } = await get('/metrics').expect(200);
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain('consumer_lag_seconds{consumer="read-models",member="invoices"} 3');
    expect(text).toContain('parked_events{consumer="read-models",member="invoices"} 1');
    expect(text).toContain('dead_jobs 2');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/invoices\/:invoiceId",status="404"\} 1/,
    );
    expect(text).not.toContain('00000000');
  });
});
