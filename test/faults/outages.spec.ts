/** What the service stands on is wrong, or goes away and comes back: with real processes. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isInUse } from '../sandbox/sandbox-place.js';
import type { StandIns } from '../support/program.js';
import { invoiceNumbers, readiness, RECOVERY_LIMIT_MS, registerInvoice } from '../support/service-probes.js';
import { eventually, prepareService, startService, type Service } from '../support/service.js';

const LIMIT_MS = 120_000;

describe('a wrong setting', () => {
  it.each([
    ['SMTP_URL', 'smpt://mailer:hunter2@mail.example.com'],
    ['EVENTSTORE_URL', 'http://admin:hunter2@events.example.com'],
    ['PORT', 'hunter2'],
    ['ADMIN_API_KEY', 'hunter2'],
  ])(
    '%s ends the start with its name and without its value',
    async (name, value) => {
      const place = await prepareService({ [name]: value });
      try {
        const { code, output } = await place.run([]);
        expect(code).toBe(1);
        expect(output).toContain(name);
        expect(output).not.toContain('hunter2');
        expect(output).not.toMatch(/^\s+at /m);
        expect(await isInUse(place.dataDir)).toBe(false);
      } finally {
        await place.dispose();
      }
    },
    LIMIT_MS,
  );
});

describe('an event store elsewhere', () => {
  let elsewhere: Service;
  let store: StandIns;
  let service: Service;
  const only = { SANDBOX_SERVICES: 'eventstore' };

  beforeAll(async () => {
    elsewhere = await prepareService();
    store = await elsewhere.standIns(only);
    service = await startService({ EVENTSTORE_URL: store.environment['EVENTSTORE_URL']! });
  }, LIMIT_MS);
  afterAll(async () => {
    await service?.dispose();
    await store?.stop();
    await elsewhere?.dispose();
  }, LIMIT_MS);

  it(
    'may go away: writes wait with 503, lists go on, and the probe stays ready and says why',
    async () => {
      await store.stop();
      const { body: health } = await eventually(async () => {
        const answer = await readiness(service);
        return answer.body.status === 'degraded' ? answer : undefined;
      }, 'the probe to notice');
      expect(health.checks['event-store']).toMatchObject({
        state: 'degraded',
        reason: expect.stringContaining('lists go on'),
      });
      expect(await readiness(service)).toMatchObject({ status: 200 });
      const refused = await registerInvoice(service, 'WHILE-AWAY');
      expect(refused.status).toBe(503);
      expect(Number(refused.retryAfter)).toBeGreaterThan(0);
      expect(await invoiceNumbers(service)).toEqual(['INV-1001', 'INV-1002', 'INV-1003']);
    },
    LIMIT_MS,
  );

  it(
    'and comes back: writes are taken again, and the lists show them',
    async () => {
      store = await elsewhere.standIns(only);
      await eventually(
        async () => (await registerInvoice(service, 'AFTER-IT-CAME-BACK')).status === 201 || undefined,
        'a write',
        RECOVERY_LIMIT_MS,
      );
      expect(await invoiceNumbers(service)).toContain('AFTER-IT-CAME-BACK');
      await eventually(
        async () => (await readiness(service)).body.status === 'ready' || undefined,
        'the probe',
        RECOVERY_LIMIT_MS,
      );
    },
    LIMIT_MS,
  );
});
