import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeOnce } from './kept-file.js';

const POLL_MS = 50;

/** A process, told apart from a later one that was given the same number. */
interface ProcessMark {
  readonly pid: number;
  readonly startedAt: string;
}

interface LockContent {
  readonly sandbox: ProcessMark;
  /** The service that started it; `null` where it runs alone. */
  readonly service: ProcessMark | null;
}

/**
 * Makes this process the one sandbox of a `DATA_DIR`. A former one that is about to end is waited for. One whose service was
 * killed ends by itself; should it hang, it is killed at the end of the wait, since all that it has answered is on the disk.
 *
 * @returns what to call at the end
 * @throws Error where a sandbox goes on running that belongs to somebody
 */
export async function lockDataDir(
  dataDir: string,
  servicePid: number | undefined,
  waitMs = 10_000,
): Promise<() => Promise<void>> {
  const file = join(dataDir, 'sandbox.pid');
  const content: LockContent = {
    sandbox: await markOf(process.pid),
    service: servicePid === undefined ? null : await markOf(servicePid),
  };
  const deadline = Date.now() + waitMs;
  while (!(await writeOnce(file, `${JSON.stringify(content)}\n`))) {
    const holder = await readHolder(file);
    if (!holder || !(await isRunning(holder.sandbox))) {
      await rm(file, { force: true });
    } else if (Date.now() > deadline) {
      const orphaned = holder.service !== null && !(await isRunning(holder.service));
      if (!orphaned) {
        // Whoever stops only the sandbox of a service sees it start again.
        const user = holder.service
          ? `a service that is still running (process id ${holder.service.pid})`
          : `the sandbox with process id ${holder.sandbox.pid}`;
        throw new Error(`DATA_DIR is in use by ${user}: stop it, or set another DATA_DIR.`);
      }
      kill(holder.sandbox.pid);
      await sleep(POLL_MS);
    } else await sleep(POLL_MS);
  }
  return async () => {
    const holder = await readHolder(file);
    if (holder?.sandbox.pid === process.pid) await rm(file, { force: true });
  };
}

async function readHolder(file: string): Promise<LockContent | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockContent;
  } catch {
    return undefined;
  }
}

async function markOf(pid: number): Promise<ProcessMark> {
  return { pid, startedAt: (await startTimeOf(pid)) ?? '' };
}

async function isRunning(mark: ProcessMark): Promise<boolean> {
  return (await startTimeOf(mark.pid)) === mark.startedAt && mark.startedAt !== '';
}

/** In whatever unit the system counts; `undefined` where there is no such process, or only the remains of one. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // The name in brackets may hold spaces and brackets; after it come the state and, in the 20th place, the start.
    const fields = status?.slice(status.lastIndexOf(')') + 2).split(' ');
    return fields && fields[0] !== 'Z' && fields[0] !== 'X' ? fields[19] : undefined;
  }
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.trim() || undefined;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in this very moment.
  }
}
