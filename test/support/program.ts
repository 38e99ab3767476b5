/** The built program as processes: the service, its other commands, and its stand-ins alone. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Another build of the same program, for who works beside others. */
const DIST = process.env['SERVICE_DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url));
export const MAIN = join(DIST, 'main.js');
const SANDBOX = join(DIST, 'sandbox', 'main.js');
const START_LIMIT_MS = 60_000;

type Environment = Readonly<Record<string, string>>;

/** How a program ended, and all that it said. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface StandIns {
  /** Their addresses and keys, by the names of the variables. */
  readonly environment: Environment;
  stop(): Promise<void>;
}

/** Starts it with this environment and none of the test's own settings. */
export function runProgram(script: string, words: readonly string[], environment: Environment): ChildProcess {
  return spawn(process.execPath, [script, ...words], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function untilEnded(child: ChildProcess): Promise<Ended> {
  let output = '';
  child.stdout!.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr!.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((end) => child.once('close', (given) => end(given)));
  return { code, output };
}

/** The stand-ins without a service; resolves when they serve. */
export async function startStandIns(environment: Environment): Promise<StandIns> {
  const child = runProgram(SANDBOX, [], environment);
  const ended = new Promise<void>((end) => child.once('exit', () => end()));
  let printed = '';
  let complaint = '';
  child.stdout!.on('data', (text: Buffer) => (printed += text.toString()));
  child.stderr!.on('data', (text: Buffer) => (complaint += text.toString()));
  const deadline = Date.now() + START_LIMIT_MS;
  // All lines are written at once, when all of them serve.
  while (!printed.endsWith('\n')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The stand-ins did not start:\n${printed}${complaint}`);
    }
    await sleep(50);
  }
  const lines = printed.trim().split('\n');
  return {
    environment: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
