import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createTransport } from 'nodemailer';
import { freePort } from '../../src/sandbox/free-port.js';
import { until } from '../support/until.js';

export const BUILT = resolve('dist');
export const SANDBOX = join(BUILT, 'sandbox', 'main.js');
export const TIME_LIMIT_MS = 90_000;

/** What a sandbox prints, in this order. */
export const NAMES = [
  ...['EVENTSTORE_URL', 'DATABASE_URL', 'QUEUE_URL', 'SMTP_URL', 'STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY'],
  ...['STRIPE_WEBHOOK_SECRET', 'STRIPE_API_URL', 'STRIPE_JS_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
  ...['TWILIO_FROM', 'TWILIO_API_URL'],
];

/** A DATA_DIR with free ports, and what was started on it. */
export interface Place {
  readonly dataDir: string;
  readonly port: number;
  readonly sandboxPort: number;
  /** Every process that a test started, whatever became of the test. */
  readonly started: ChildProcess[];
}

export async function makePlace(): Promise<Place> {
  await access(SANDBOX).catch(() => {
    throw new Error('These tests run the built sandbox: `npm run build` first.');
  });
  const dataDir = await mkdtemp(join(tmpdir(), 'paylink-sandbox-'));
  return {
    dataDir,
    port: await freePort(0, 'the service'),
    sandboxPort: await freePort(0, 'the sandbox'),
    started: [],
  };
}

export async function clearPlace({ started, dataDir }: Place): Promise<void> {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  await until(async () => !(await isInUse(dataDir)), 'the sandbox to end');
  await rm(dataDir, { recursive: true, force: true });
}

/** The settings of a process that runs at this place. */
export function variablesOf({ dataDir, port, sandboxPort }: Place): Record<string, string> {
  return { DATA_DIR: dataDir, PORT: String(port), SANDBOX_PORT: String(sandboxPort) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.split('\n')[0]);
}

export async function sandboxPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'sandbox.pid'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { sandbox: { pid: number } }).sandbox.pid;
}

/** Whether a sandbox or its PostgreSQL runs there. */
export async function isInUse(dataDir: string): Promise<boolean> {
  const pids = [await postmasterPid(dataDir), await sandboxPid(dataDir)];
  return pids.some((pid) => pid !== undefined && isAlive(pid));
}

/** Runs the sandbox alone and answers what it printed, when it is ready or has ended. */
export async function runAlone(place: Place, extra: Record<string, string> = {}) {
  const child = spawn(process.execPath, [SANDBOX], {
    env: { PATH: process.env['PATH'], ...variablesOf(place), ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  place.started.push(child);
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  await until(() => printed.stdout.includes('TWILIO_API_URL=') || child.exitCode !== null, 'the sandbox to be ready');
  return { child, printed };
}

export async function stop(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  return child.exitCode;
}

/** What the lines `NAME=value` say. */
export function readVariables(stdout: string): Record<string, string> {
  const lines = stdout.trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

export async function sendEmail(smtpUrl: string, to: string): Promise<void> {
  const transport = createTransport({ url: smtpUrl });
  await transport.sendMail({ from: 'invoices@paylink.test', to, subject: 'Hello', text: 'Hello' });
  transport.close();
}

/** To whom messages were sent, the last first. */
export async function recipients({ sandboxPort }: Place): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${sandboxPort}/messages`);
  return ((await answer.json()) as { to: string }[]).map(({ to }) => to);
}
