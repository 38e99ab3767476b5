import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.js';
import { findPostgresBinaries, makeReachable, postgresAccount } from './postgres-account.js';
import type { PostgresAccount, PostgresBinaries } from './postgres-account.js';
import { findRunning, isAlive, launch, serverEnvironment, stopProcess } from './postgres-process.js';
import type { Postmaster } from './postgres-process.js';

const START_LIMIT_MS = 30_000;
const LAUNCH_ATTEMPTS = 4;
const DATABASES = ['paylink', 'sandbox'];

/** What {@link startPostgres} is asked for. */
export interface PostgresOptions {
  /** Folder that keeps the cluster, its password and its log; made when missing. */
  readonly dataDir: string;
  /** Loopback port, or 0 for any free one. */
  readonly port: number;
  /** False only for tests: a power cut may then lose what was committed. */
  readonly durable?: boolean;
}

/** A running server, started or adopted. */
export interface RunningPostgres {
  readonly pid: number;
  readonly port: number;
  /** The address of one of its databases, with the user and the password in it. */
  url(database: string): string;
  /** Ends open connections, writes everything down and waits until the server is gone. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on 127.0.0.1 with the databases `paylink` and `sandbox`, or adopts the server that an owner killed
 * without warning left running on the same folder. A cluster that was interrupted while it was being made is made
 * again; one that exists is never touched.
 *
 * @throws Error naming the port when somebody else listens there
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const cluster = join(dataDir, 'postgres');
  const binaries = findPostgresBinaries();
  const account = await postgresAccount();
  if (account) await makeReachable(dataDir, account, binaries.postgres);
  const password = await keptPassword(join(dataDir, 'postgres.password'));

  const left = await findRunning(cluster);
  if (left && (options.port === 0 || left.port === options.port)) {
    const adopted = running(left, password);
    await untilReady(adopted);
    await createMissingDatabases(adopted);
    return adopted;
  }
  if (left) await stopProcess(left.pid);
  const port = await freePort(options.port, 'PostgreSQL');
  if (!(await exists(cluster))) await makeCluster(binaries, account, dataDir, cluster, password);
  return launchUntilReady(
    async () => running(await launch(binaries, account, cluster, port, options.durable ?? true), password),
    `${cluster}.log`,
  );
}

/**
 * After a kill of the server itself its workers hold the shared memory for a moment longer, and a new server gives up
 * at once when it sees that: so it is started a few times.
 */
async function launchUntilReady(start: () => Promise<RunningPostgres>, log: string): Promise<RunningPostgres> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await start();
    try {
      await untilReady(started);
      await createMissingDatabases(started);
      return started;
    } catch (error) {
      const gone = !isAlive(started.pid);
      await stopProcess(started.pid);
      if (!gone || attempt === LAUNCH_ATTEMPTS)
        throw new Error(`PostgreSQL did not start; its log is ${log}`, { cause: error });
      await sleep(500);
    }
  }
}

function running({ pid, port }: Postmaster, password: string): RunningPostgres {
  return {
    pid,
    port,
    url: (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    stop: () => stopProcess(pid),
  };
}

/** One random password a folder, readable by its owner only; loopback is open to every account of the machine. */
async function keptPassword(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const made = randomBytes(24).toString('hex');
  await writeFile(`${file}.new`, `${made}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}

/** The cluster gets its name only when it is whole, so a kill in between leaves nothing that looks like one. */
async function makeCluster(
  binaries: PostgresBinaries,
  account: PostgresAccount | undefined,
  dataDir: string,
  cluster: string,
  password: string,
): Promise<void> {
  const staging = `${cluster}.new`;
  const passwordFile = join(dataDir, 'postgres.initial-password');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) {
    await chown(staging, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  try {
    await runToEnd(binaries.initdb, account, dataDir, [
      `--pgdata=${staging}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-instructions',
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(staging, cluster);
}

function runToEnd(command: string, account: PostgresAccount | undefined, cwd: string, args: string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, {
      cwd,
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      ...account,
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-4000);
    });
    child.on('error', failed);
    child.on('close', (code, signal) => {
      if (code === 0) done();
      else failed(new Error(`${command} ended with ${code ?? signal}: ${complaint.trim()}`));
    });
  });
}

async function untilReady(server: RunningPostgres): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: server.url('postgres'), connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      const wrongPassword = (error as { code?: string }).code === '28P01';
      if (wrongPassword || !isAlive(server.pid) || Date.now() > deadline) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(25);
  }
}

async function createMissingDatabases(server: RunningPostgres): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const present = new Set(rows.map((row) => row.datname));
    for (const name of DATABASES) if (!present.has(name)) await client.query(`CREATE DATABASE "${name}"`);
  } finally {
    await client.end();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
