import { spawn } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresAccount, PostgresBinaries } from './postgres-account.js';

const STOP_LIMIT_MS = 20_000;
const LOG_LIMIT_BYTES = 10_000_000;

/** What the server itself notes in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** In a process group of its own: Ctrl-C reaches us, and we stop the server when everybody has finished with it. */
export async function launch(
  binaries: PostgresBinaries,
  account: PostgresAccount | undefined,
  cluster: string,
  port: number,
  durable: boolean,
): Promise<Postmaster> {
  const logFile = `${cluster}.log`;
  const logged = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  const log = await open(logFile, logged > LOG_LIMIT_BYTES ? 'w' : 'a', 0o600);
  try {
    const child = spawn(binaries.postgres, ['-D', cluster, '-p', String(port), ...serverSettings(durable)], {
      cwd: cluster,
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...account,
    });
    await new Promise<void>((spawned, failed) => {
      child.once('spawn', spawned);
      child.once('error', failed);
    });
    child.unref();
    if (child.pid === undefined) throw new Error('PostgreSQL was started without a process id.');
    return { pid: child.pid, port };
  } finally {
    await log.close();
  }
}

function serverSettings(durable: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    // One server without replicas: the shortest log that still survives a crash.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '1GB',
    checkpoint_timeout: '15min',
    io_method: 'sync',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The details of an error quote values of the row, which may be personal data.
    log_error_verbosity: 'terse',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Without the caller's PG* and locale variables, which would change what the server does. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

export async function findRunning(cluster: string): Promise<Postmaster | undefined> {
  const file = join(cluster, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  if (isAlive(pid) && (await isServerOf(pid, cluster))) return { pid, port: Number(lines[3]) };
  // The number belongs to nobody or to a stranger now, and the server would refuse to start beside a stranger's.
  await rm(file, { force: true });
  return undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  // Without /proc (macOS) the live number is believed; a stranger then fails the log-in with a message that says so.
  return command === undefined || command.split('\0').includes(cluster);
}

export async function stopProcess(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!isAlive(pid)) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + STOP_LIMIT_MS;
    while (isAlive(pid) && Date.now() < deadline) await sleep(20);
  }
}
