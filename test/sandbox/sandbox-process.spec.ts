import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { parseEnvironment } from '../../src/infrastructure/config.js';
import { lockDataDir } from '../../src/sandbox/instance-lock.js';
import { until } from '../support/until.js';
import {
  NAMES,
  TIME_LIMIT_MS,
  clearPlace,
  isInUse,
  makePlace,
  postmasterPid,
  readVariables,
  recipients,
  runAlone,
  sendEmail,
  stop,
} from './sandbox-place.js';
import type { Place } from './sandbox-place.js';

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});

afterEach(async () => {
  await clearPlace(place);
}, TIME_LIMIT_MS);

describe('the sandbox alone', () => {
  it(
    'prints what a service needs and nothing else, and is the same with all its messages after a restart',
    async () => {
      const first = await runAlone(place);
      expect(Object.keys(readVariables(first.printed.stdout))).toEqual(NAMES);
      expect(first.printed.stdout).toMatch(/^([A-Z_]+=\S+\n)+$/);
      expect(first.printed.stderr).toBe('');
      const environment = readVariables(first.printed.stdout);
      expect(parseEnvironment(environment)).toMatchObject({ STRIPE_API_URL: `http://127.0.0.1:${place.sandboxPort}` });
      await sendEmail(environment['SMTP_URL'] ?? '', 'ada@example.com');
      expect((await stat(join(place.dataDir, 'secrets', 'sandbox.json'))).mode & 0o777).toBe(0o600);
      expect(await stop(first.child)).toBe(0);
      expect(await isInUse(place.dataDir)).toBe(false);

      const second = await runAlone(place);
      expect(second.printed.stdout).toBe(first.printed.stdout);
      expect(await recipients(place)).toEqual(['ada@example.com']);
    },
    TIME_LIMIT_MS,
  );

  it(
    'loses nothing that it answered when it is killed, and is there again at the next start',
    async () => {
      const first = await runAlone(place);
      await sendEmail(readVariables(first.printed.stdout)['SMTP_URL'] ?? '', 'ada@example.com');
      first.child.kill('SIGKILL');
      const second = await runAlone(place);
      expect(second.printed.stdout).toBe(first.printed.stdout);
      expect(await recipients(place)).toEqual(['ada@example.com']);
    },
    TIME_LIMIT_MS,
  );

  it(
    'names the port that is taken, and leaves nothing running',
    async () => {
      const stranger = createServer().listen(place.sandboxPort, '127.0.0.1');
      try {
        const { child, printed } = await runAlone(place);
        expect(child.exitCode).toBe(1);
        expect(printed.stdout).toBe('');
        expect(printed.stderr).toMatch(new RegExp(`^Port ${place.sandboxPort} \\(SANDBOX_PORT\\) is taken[^\\n]*\\n$`));
        expect(await isInUse(place.dataDir)).toBe(false);
      } finally {
        stranger.close();
      }
    },
    TIME_LIMIT_MS,
  );

  it.each([
    ['PORT', { PORT: 'eighty' }],
    ['SANDBOX_PORT', { SANDBOX_PORT: '0' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'pay.example.com' }],
    ['SANDBOX_SERVICES', { SANDBOX_SERVICES: 'smtp,fax' }],
  ])('refuses a wrong %s by its name', async (name, extra: Record<string, string>) => {
    const { child, printed } = await runAlone(place, extra);
    expect(child.exitCode).toBe(1);
    expect(printed.stderr).toMatch(new RegExp(`^${name} must be`));
  });

  it(
    'starts PostgreSQL again when it was killed, under the same address',
    async () => {
      const { printed } = await runAlone(place);
      const environment = readVariables(printed.stdout);
      const pid = await postmasterPid(place.dataDir);
      process.kill(pid ?? 0, 'SIGKILL');
      await until(async () => {
        const client = new pg.Client({ connectionString: environment['DATABASE_URL'] });
        client.on('error', () => undefined);
        const answered = await client.connect().then(
          () => true,
          () => false,
        );
        await client.end().catch(() => undefined);
        return answered && (await postmasterPid(place.dataDir)) !== pid;
      }, 'PostgreSQL to be there again');
      await until(
        () =>
          sendEmail(environment['SMTP_URL'] ?? '', 'again@example.com').then(
            () => true,
            () => false,
          ),
        'the mailbox to take messages again',
      );
      expect(await recipients(place)).toEqual(['again@example.com']);
    },
    TIME_LIMIT_MS,
  );
});

describe('the lock of a DATA_DIR', () => {
  it('waits for who is about to end, refuses beside who goes on, and passes what a dead one left', async () => {
    const unlock = await lockDataDir(place.dataDir, undefined, 0);
    await expect(lockDataDir(place.dataDir, undefined, 100)).rejects.toThrow(
      `DATA_DIR is in use by the sandbox with process id ${process.pid}`,
    );
    setTimeout(() => void unlock(), 200);
    await (
      await lockDataDir(place.dataDir, undefined, 5000)
    )();

    await writeFile(
      join(place.dataDir, 'sandbox.pid'),
      JSON.stringify({ sandbox: { pid: process.pid, startedAt: '1' } }),
    );
    await (
      await lockDataDir(place.dataDir, undefined, 0)
    )();
  });
});
