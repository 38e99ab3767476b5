import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, stat, writeFile, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../src/sandbox/postgres.js';
import type { RunningPostgres } from '../../src/sandbox/postgres.js';

const cleanUp: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** As outside tests make it: a folder that nobody else may enter. */
async function closedFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paylink-postgres-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function start(dataDir: string, port = 0): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir, port });
  cleanUp.push(() => server.stop());
  return server;
}

async function ask(server: RunningPostgres, statement: string, database = 'paylink'): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('keeps what was committed over an orderly stop and over a kill', async () => {
    const dataDir = await closedFolder();
    const first = await start(dataDir);
    await ask(first, 'CREATE TABLE kept (n int)');
    await ask(first, 'INSERT INTO kept VALUES (1)');
    await first.stop();

    const second = await start(dataDir, first.port);
    await ask(second, 'INSERT INTO kept VALUES (2)');
    process.kill(second.pid, 'SIGKILL');

    const third = await start(dataDir, first.port);
    expect(third.pid).not.toBe(second.pid);
    expect(await ask(third, 'SELECT n FROM kept ORDER BY n')).toEqual([1, 2]);
  }, 60_000);

  it('makes both databases in UTF-8, waits for the disk and asks for the password', async () => {
    const server = await start(await closedFolder());
    expect(await ask(server, 'SHOW server_encoding', 'sandbox')).toEqual(['UTF8']);
    expect(await ask(server, 'SHOW fsync')).toEqual(['on']);
    expect(await ask(server, 'SHOW synchronous_commit')).toEqual(['on']);
    expect(await ask(server, 'SHOW listen_addresses')).toEqual(['127.0.0.1']);
    const guess = new pg.Client({ connectionString: `postgres://postgres:guess@127.0.0.1:${server.port}/paylink` });
    await expect(guess.connect()).rejects.toMatchObject({ code: '28P01' });
  }, 60_000);

  it('adopts the server that a killed owner left running', async () => {
    const dataDir = await closedFolder();
    const left = await start(dataDir);
    const adopted = await start(dataDir, left.port);
    expect(adopted.pid).toBe(left.pid);
    expect(adopted.url('paylink')).toBe(left.url('paylink'));
    await adopted.stop();
    expect(() => process.kill(left.pid, 0)).toThrow('ESRCH');
  }, 60_000);

  it('is not stopped by a pid file whose number belongs to another process now', async () => {
    const dataDir = await closedFolder();
    const first = await start(dataDir);
    await first.stop();
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${dataDir}\n0\n${first.port}\n`);
    const second = await start(dataDir, first.port);
    expect(await ask(second, 'SELECT 1 AS one')).toEqual([1]);
  }, 60_000);

  it('makes a cluster again that was interrupted while it was being made', async () => {
    const dataDir = await closedFolder();
    await mkdir(join(dataDir, 'postgres.new'));
    await writeFile(join(dataDir, 'postgres.new', 'PG_VERSION'), '18\n');
    const server = await start(dataDir);
    expect(await ask(server, 'SELECT 1 AS one')).toEqual([1]);
  }, 60_000);

  it('keeps its password readable by its owner only and outside of its log', async () => {
    const dataDir = await closedFolder();
    const server = await start(dataDir);
    const file = join(dataDir, 'postgres.password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const password = (await readFile(file, 'utf8')).trim();
    expect(server.url('paylink')).toContain(password);
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(password);
  }, 60_000);

  it('names the port that somebody else has, and leaves no cluster behind', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    cleanUp.push(() => new Promise((closed) => other.close(closed)));
    const { port } = other.address() as AddressInfo;
    const dataDir = await closedFolder();
    await expect(startPostgres({ dataDir, port })).rejects.toThrow(`Port ${port}`);
    await expect(stat(join(dataDir, 'postgres'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
