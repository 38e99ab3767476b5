/**
 * The sandbox as a process of its own. Alone (`npm run -s sandbox`) it prints what a service needs to use it, one
 * `NAME=value` a line, and serves until it is stopped. Started by a service it tells the same over the channel between them,
 * outlives the service's draining, and ends by itself when the service is gone.
 */
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockDataDir } from './instance-lock.js';
import { startSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';
import { readSettings } from './settings.js';
import type { SandboxSettings } from './settings.js';

const WATCH_MS = 500;
const STOP_LIMIT_MS = 25_000;

/** True when a service started this process and is there to be told. */
const hasService = process.send !== undefined;

/** Resolves when it is time to go, and stays so. */
function untilTold(): { told: Promise<void>; isTold: () => boolean } {
  let isTold = false;
  const told = new Promise<void>((tell) => {
    const go = (): void => {
      isTold = true;
      tell();
    };
    if (hasService) {
      // Signals reach whole groups of processes: the service stops first, and says when it needs nothing any more.
      process.on('SIGINT', () => undefined);
      process.on('SIGTERM', () => undefined);
      process.on('message', (message) => {
        if (message === 'stop') go();
      });
      process.on('disconnect', go);
      if (!process.connected) go();
    } else {
      process.once('SIGINT', go);
      process.once('SIGTERM', go);
    }
  });
  return { told, isTold: () => isTold };
}

function report(message: { environment: Sandbox['environment'] } | { failure: string }): void {
  if (hasService) {
    if (process.connected) process.send?.(message);
  } else if ('environment' in message) {
    const lines = Object.entries(message.environment).map(([name, value]) => `${name}=${value}\n`);
    process.stdout.write(lines.join(''));
  } else process.stderr.write(`${message.failure}\n`);
}

/** Everything stands on PostgreSQL: when it was killed, all of it is started again, under the same addresses. */
async function keepRunning(
  settings: SandboxSettings,
  first: Sandbox,
  told: Promise<void>,
  isTold: () => boolean,
): Promise<void> {
  let sandbox = first;
  while (!isTold()) {
    await Promise.race([told, sleep(WATCH_MS, undefined, { ref: false })]);
    if (isTold() || isAlive(sandbox.postgresPid)) continue;
    process.stderr.write('Sandbox: PostgreSQL has ended; starting again.\n');
    await sandbox.stop();
    sandbox = await startSandbox(settings);
  }
  await sandbox.stop();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function run(): Promise<void> {
  const { told, isTold } = untilTold();
  const settings = readSettings(process.env);
  await mkdir(settings.dataDir, { recursive: true, mode: 0o711 });
  const unlock = await lockDataDir(settings.dataDir, hasService ? process.ppid : undefined);
  try {
    const sandbox = await startSandbox(settings);
    report({ environment: sandbox.environment });
    void told.then(() => setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref());
    await keepRunning(settings, sandbox, told, isTold);
  } finally {
    await unlock();
  }
}

run().then(
  () => process.exit(0),
  (error: unknown) => {
    report({ failure: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    if (process.connected) process.disconnect();
    setTimeout(() => process.exit(1), 1000).unref();
  },
);
