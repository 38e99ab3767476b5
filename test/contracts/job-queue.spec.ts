import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import * as jobNames from '../../src/application/jobs/job-names.js';
import { JobRunner } from '../../src/infrastructure/queue/job-runner.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { freePort } from '../../src/sandbox/free-port.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { jobQueueContract } from './job-queue.contract.js';

describe('BullJobQueue on PostgreSQL', () => {
  const databases: TestDatabase[] = [];
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });

  // The queue's own schema lives beside the tables of the product, as in the embedded default.
  jobQueueContract(async () => {
    const database = await createTestDatabase();
    databases.push(database);
    await migrate(database.url);
    return database.url;
  });
});

const redisUrl = process.env['TEST_REDIS_URL'];
const redisInstalled = spawnSync('redis-server', ['--version']).status === 0;

if (redisUrl !== undefined || redisInstalled) {
  describe('BullJobQueue on Redis', () => {
    let server: ChildProcess | undefined;
    let folder: string | undefined;
    let url = redisUrl ?? '';
    let database = 0;

    beforeAll(async () => {
      if (redisUrl !== undefined) return;
      folder = await mkdtemp(join(tmpdir(), 'paylink-test-redis-'));
      const port = await freePort(0, 'Redis');
      const settings = [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--maxmemory-policy',
        'noeviction',
        // Nothing is worth saving; and a Redis that cannot save, its folder being gone, does not end when it is told to.
        '--save',
        '',
      ];
      server = spawn('redis-server', settings, { stdio: 'ignore' });
      url = `redis://127.0.0.1:${port}`;
    });
    afterAll(async () => {
      if (server?.kill()) await once(server, 'exit');
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    jobQueueContract(async () => {
      // Each test has one of the sixteen numbered databases, emptied, to itself.
      database = (database % 15) + 1;
      const own = new URL(url);
      own.pathname = `/${database}`;
      const client = new Redis(own.href);
      await client.flushdb();
      await client.quit();
      return own.href;
    });
  });
} else {
  describe('BullJobQueue on Redis', () => {
    it('is tested wherever there is a Redis: not on this machine', () => {
      const missing = 'NOT RUN on Redis: neither is redis-server on the PATH nor TEST_REDIS_URL set.';
      process.stderr.write(`\n*** The contract of the job queue was ${missing}\n\n`);
      expect(process.env['CI'] ? missing : undefined).toBeUndefined();
    });
  });
}

describe('JobRunner', () => {
  const handler = (name: string) => ({ name, run: () => Promise.resolve() });
  const runner = (names: readonly string[]) =>
    new JobRunner('postgres://127.0.0.1:1/none', names.map(handler), () => undefined);
  const ALL = Object.values(jobNames);

  it('is not made where a job has no handler, or two, or is not known', () => {
    expect(() => runner(ALL)).not.toThrow();
    expect(() => runner(ALL.filter((name) => name !== 'send-link'))).toThrow('The job send-link has no handler.');
    expect(() => runner([...ALL, 'send-link'])).toThrow('The job send-link has 2 handlers.');
    expect(() => runner([...ALL, 'frob'])).toThrow('The job frob is not among the names of jobs.');
  });
});
