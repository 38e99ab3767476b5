/** How the service starts, ends, is killed, and lives through the outages of what it stands on: with real processes. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import { READ_MODELS } from '../../src/projections/read-models.js';
import { isInUse, postmasterPid, sandboxPid } from '../sandbox/sandbox-place.js';
import type { StandIns } from '../support/program.js';
import { invoiceNumbers, readiness, RECOVERY_LIMIT_MS, registerInvoice } from '../support/service-probes.js';
import { eventually, prepareService, startService, type Service } from '../support/service.js';

const LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 25_000;

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a service on a folder of its own', () => {
  let service: Service;
  const demo = ['INV-1001', 'INV-1002', 'INV-1003'];

  beforeAll(async () => {
    service = await startService();
  }, LIMIT_MS);
  afterAll(async () => {
    await service?.dispose();
  }, LIMIT_MS);

  it('is ready from an empty folder only when its lists show the demo invoices, and prints where it is', async () => {
    expect(await invoiceNumbers(service)).toEqual(demo);
    expect(service.output()).toContain(`Paylink Ledger is ready at ${service.origin}`);
    expect(await readiness(service)).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('leaves it to proxies and clients to close an idle connection, lest they lose what they are sending', async () => {
    const { headers } = await fetch(`${service.origin}/livez`);
    const seconds = Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1]);
    expect(seconds).toBeGreaterThan(60);
  });

  it(
    'says so where its port is taken, ends with 1 and leaves nothing behind',
    async () => {
      const other = await prepareService({ PORT: String(service.port) });
      try {
        const { code, output } = await other.run([]);
        expect(code).toBe(1);
        expect(output.trim()).toBe(
          `Port ${service.port} (PORT) is taken by another process: stop that one, or set PORT to a free port.`,
        );
        expect(await isInUse(other.dataDir)).toBe(false);
      } finally {
        await other.dispose();
      }
      expect(await invoiceNumbers(service)).toEqual(demo);
    },
    LIMIT_MS,
  );

  it(
    'refuses a rebuild while it runs, in plain words',
    async () => {
      const { code, output } = await service.run(['rebuild']);
      expect(code).toBe(1);
      expect(output.trim()).toBe(
        `DATA_DIR is in use by a service that is still running (process id ${service.pid}): stop it, or set another DATA_DIR.`,
      );
    },
    LIMIT_MS,
  );

  it(
    'goes on at once after it was killed',
    async () => {
      expect(await registerInvoice(service, 'BEFORE-THE-KILL')).toMatchObject({ status: 201 });
      await service.kill();
      await service.start();
      expect(await invoiceNumbers(service)).toEqual(['BEFORE-THE-KILL', ...demo]);
      expect(await registerInvoice(service, 'AFTER-THE-KILL')).toMatchObject({ status: 201 });
    },
    LIMIT_MS,
  );

  it(
    'says 503 while PostgreSQL is away, and recovers by itself when it is back',
    async () => {
      const former = await postmasterPid(service.dataDir);
      const sandbox = await sandboxPid(service.dataDir);
      // Whoever would start PostgreSQL again is held, so that it is away for as long as somebody looks.
      process.kill(sandbox!, 'SIGSTOP');
      try {
        process.kill(former!, 'SIGINT');
        await eventually(
          async () => (await readiness(service)).status === 503 || undefined,
          'PostgreSQL to be away',
          RECOVERY_LIMIT_MS,
        );
      } finally {
        process.kill(sandbox!, 'SIGCONT');
      }
      await eventually(
        async () => {
          const { status } = await readiness(service);
          return (status === 200 && (await postmasterPid(service.dataDir)) !== former) || undefined;
        },
        'PostgreSQL to be back',
        RECOVERY_LIMIT_MS,
      );
      await eventually(
        async () => (await registerInvoice(service, 'AFTER-POSTGRES')).status === 201 || undefined,
        'a write',
      );
      expect(await invoiceNumbers(service)).toContain('AFTER-POSTGRES');
    },
    LIMIT_MS,
  );

  it(
    'ends with 0 on SIGTERM in the middle of requests, and leaves no process behind',
    async () => {
      const pids = [service.pid, await sandboxPid(service.dataDir), await postmasterPid(service.dataDir)];
      expect(pids.map(isAlive)).toEqual([true, true, true]);
      const busy = Array.from({ length: 20 }, (_, index) =>
        registerInvoice(service, `WHILE-STOPPING-${index}`).catch(() => undefined),
      );
      // As a browser opens them ahead of their use; nobody waits for what it may ask one day.
      const idle = connect(Number(new URL(service.origin).port), '127.0.0.1');
      idle.on('error', () => undefined);
      await once(idle, 'connect');
      const startedAt = Date.now();
      expect(await service.stop()).toBe(0);
      expect(Date.now() - startedAt).toBeLessThan(STOP_LIMIT_MS);
      await Promise.all(busy);
      expect(pids.map(isAlive)).toEqual([false, false, false]);
    },
    LIMIT_MS,
  );

  it(
    'rebuilds its read models while it is stopped, and finds all data at the next start',
    async () => {
      const { code, output } = await service.run(['rebuild']);
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(output).toMatch(new RegExp(`^${READ_MODELS.length} read models rebuilt in \\S+ s$`, 'm'));
      expect(await isInUse(service.dataDir)).toBe(false);
      await service.start();
      expect(await invoiceNumbers(service)).toEqual(
        expect.arrayContaining(['BEFORE-THE-KILL', 'AFTER-THE-KILL', 'AFTER-POSTGRES', ...demo]),
      );
    },
    LIMIT_MS,
  );

  it(
    'refuses an event store that was restored to an earlier point, and names the command that mends it',
    async () => {
      await registerInvoice(service, 'NOT-IN-THE-BACKUP');
      expect(await service.stop()).toBe(0);
      const standIns = await service.standIns();
      const lost = await forgetLastEvents(standIns);
      await standIns.stop();
      const { code, output } = await service.run([]);
      expect(code).toBe(1);
      expect(output).toContain('which is not in the event store');
      expect(output).toContain('npm run rebuild');
      expect(output).not.toMatch(/^\s+at /m);
      expect(await isInUse(service.dataDir)).toBe(false);

      expect(await service.run(['rebuild'])).toMatchObject({ code: 0 });
      await service.start();
      expect(lost).toBeGreaterThan(0);
      expect(await invoiceNumbers(service)).not.toContain('NOT-IN-THE-BACKUP');
      expect(await registerInvoice(service, 'AFTER-THE-BACKUP')).toMatchObject({ status: 201 });
    },
    LIMIT_MS,
  );
});

/** What restoring an older backup does to a log: its last events are gone. */
async function forgetLastEvents({ environment }: StandIns): Promise<number> {
  // The stand-in keeps its log in a database of its own beside the service's.
  const url = new URL(environment['DATABASE_URL']!);
  url.pathname = '/sandbox';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `DELETE FROM event_store.events WHERE position >=
        (SELECT max(position) FROM event_store.events WHERE type = 'InvoiceRegistered')`,
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
