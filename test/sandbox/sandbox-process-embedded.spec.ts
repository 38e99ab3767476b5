import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnvironment } from '../../src/infrastructure/config.js';
import { startConfiguration } from '../../src/start-up/configuration.js';
import { missingServices, startEmbedded } from '../../src/start-up/embedded.js';
import { until } from '../support/until.js';
import {
  BUILT,
  NAMES,
  SANDBOX,
  TIME_LIMIT_MS,
  clearPlace,
  isInUse,
  makePlace,
  recipients,
  sendEmail,
  variablesOf,
} from './sandbox-place.js';
import type { Place } from './sandbox-place.js';

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});

afterEach(async () => {
  await clearPlace(place);
}, TIME_LIMIT_MS);

const settings = (extra: Record<string, string> = {}) => parseEnvironment({ ...variablesOf(place), ...extra });

describe('the embedded default', () => {
  it('needs a stand-in for each system whose address is not set', () => {
    expect(missingServices(settings())).toEqual(['eventstore', 'database', 'queue', 'smtp', 'stripe', 'twilio']);
    const database = { DATABASE_URL: 'postgres://u:p@db.internal/d', SMTP_URL: 'smtp://mail.internal' };
    expect(missingServices(settings(database))).toEqual(['eventstore', 'stripe', 'twilio']);
  });

  it('starts nothing where everything is set, and lets the database keep the queue', async () => {
    const embedded = await startEmbedded(
      settings({
        EVENTSTORE_URL: 'esdb://store.internal',
        DATABASE_URL: 'postgres://u:p@db.internal/d',
        SMTP_URL: 'smtp://mail.internal',
        STRIPE_SECRET_KEY: 'sk_test_1',
        STRIPE_PUBLISHABLE_KEY: 'pk_test_1',
        STRIPE_WEBHOOK_SECRET: 'whsec_1',
        TWILIO_ACCOUNT_SID: `AC${'0a'.repeat(16)}`,
        TWILIO_AUTH_TOKEN: 'f0'.repeat(16),
        TWILIO_FROM: '+12125550123',
      }),
      '/no/such/script.js',
    );
    expect(embedded.pid).toBeUndefined();
    expect(embedded.environment).toEqual({ QUEUE_URL: 'postgres://u:p@db.internal/d' });
    await embedded.stop();
  });

  it(
    'completes the configuration, starts a sandbox that was killed again, and stops it',
    async () => {
      const source = { ...variablesOf(place), SMTP_URL: '' };
      const { config, embedded } = await startConfiguration(source, { servesHttp: true, sandboxScript: SANDBOX });
      try {
        expect(config).toMatchObject({
          stripeEmbedded: true,
          testMode: true,
          publicUrl: `http://localhost:${place.port}`,
        });
        await sendEmail(config.smtpUrl, 'ada@example.com');
        const exits: unknown[] = [];
        embedded.onExit((exit) => exits.push(exit));
        const former = embedded.pid;
        process.kill(former ?? 0, 'SIGKILL');
        await until(() => embedded.pid !== undefined && embedded.pid !== former, 'a new sandbox');
        expect(exits).toEqual([{ code: null, signal: 'SIGKILL', failure: undefined }]);
        await sendEmail(config.smtpUrl, 'grace@example.com');
        expect(await recipients(place)).toEqual(['grace@example.com', 'ada@example.com']);
      } finally {
        await embedded.stop();
      }
      expect(await isInUse(place.dataDir)).toBe(false);
    },
    TIME_LIMIT_MS,
  );

  it(
    'starts only what is missing',
    async () => {
      const embedded = await startEmbedded(settings({ SMTP_URL: 'smtp://mail.internal' }), SANDBOX);
      try {
        expect(Object.keys(embedded.environment)).toEqual(NAMES.filter((name) => name !== 'SMTP_URL'));
        expect((await fetch(`http://127.0.0.1:${place.sandboxPort}/sandbox/smtp/faults`)).status).toBe(404);
      } finally {
        await embedded.stop();
      }
    },
    TIME_LIMIT_MS,
  );

  it('refuses a taken PORT before anything is started', async () => {
    const stranger = createServer().listen(place.port, '127.0.0.1');
    try {
      const source = variablesOf(place);
      await expect(startConfiguration(source, { servesHttp: true, sandboxScript: SANDBOX })).rejects.toThrow(
        `Port ${place.port} (PORT) is taken`,
      );
    } finally {
      stranger.close();
    }
  });

  it(
    'ends by itself when its service is killed, and the next start waits for that',
    async () => {
      const url = pathToFileURL(join(BUILT, 'start-up', 'configuration.js')).href;
      const source = JSON.stringify(variablesOf(place));
      const script = `const { startConfiguration } = await import('${url}');
        const { config } = await startConfiguration(${source}, { servesHttp: true });
        console.log(config.smtpUrl); setInterval(() => {}, 1000);`;
      const startService = async () => {
        const service = spawn(process.execPath, ['--input-type=module', '-e', script], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        place.started.push(service);
        const [smtpUrl] = (await once(service.stdout, 'data')) as [Buffer];
        return { service, smtpUrl: smtpUrl.toString().trim() };
      };
      const first = await startService();
      await sendEmail(first.smtpUrl, 'ada@example.com');
      first.service.kill('SIGKILL');
      const second = await startService();
      expect(second.smtpUrl).toBe(first.smtpUrl);
      expect(await recipients(place)).toEqual(['ada@example.com']);

      second.service.kill('SIGKILL');
      await until(async () => !(await isInUse(place.dataDir)), 'everything to end');
    },
    TIME_LIMIT_MS,
  );
});
