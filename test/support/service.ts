/** The whole service as its user starts it: `node dist/main.js` on an empty folder, with everything embedded. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/sandbox/free-port.js';
import { MAIN, runProgram, startStandIns, untilEnded, type Ended, type StandIns } from './program.js';

const START_LIMIT_MS = 60_000;

/** `ready` when its lists show everything; `listening` at the first answer, however much it still has to catch up with. */
export type StartedWhen = 'listening' | 'ready';

export interface Service {
  readonly port: number;
  readonly dataDir: string;
  /** `http://localhost:PORT` */
  readonly origin: string;
  /** With `/api/v1`. */
  readonly api: string;
  readonly key: string;
  /** The sandbox's inbox. */
  readonly inbox: string;
  /** What the service printed since it was started last. */
  output(): string;
  readonly pid: number;
  /** Kills the service (not its sandbox) as a crash would. */
  kill(): Promise<void>;
  /** SIGTERM, as an operator would; answers the exit code. */
  stop(): Promise<number | null>;
  /** Starts again on the same folder and ports. */
  start(until?: StartedWhen): Promise<void>;
  /** Runs the program beside it, `rebuild` say, until it ends. */
  run(words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended>;
  /** While the service is stopped: its stand-ins alone, with what is in them. */
  standIns(environment?: Readonly<Record<string, string>>): Promise<StandIns>;
  /** Stops what runs and removes the folder. */
  dispose(): Promise<void>;
}

/** The first of two neighbouring free ports: the service's, and after it the sandbox's. */
async function freePorts(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = await freePort(0, 'the service');
    const next = await freePort(port + 1, 'the sandbox').catch(() => undefined);
    if (next !== undefined) return port;
  }
  throw new Error('No two neighbouring ports are free');
}

/** A place for a service: an empty folder and free ports. Nothing runs there yet. */
export async function prepareService(environment: Readonly<Record<string, string>> = {}): Promise<Service> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paylink-'));
  return new RunningService(dataDir, await freePorts(), environment);
}

export async function startService(environment: Readonly<Record<string, string>> = {}): Promise<Service> {
  const service = await prepareService(environment);
  await service.start();
  return service;
}

class RunningService implements Service {
  private child: ChildProcess | undefined;
  private printed = '';
  private ended: Promise<number | null> = Promise.resolve(null);

  constructor(
    readonly dataDir: string,
    readonly port: number,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  get api(): string {
    return `${this.origin}/api/v1`;
  }

  get key(): string {
    return this.value('KEY');
  }

  get inbox(): string {
    return this.value('INBOX');
  }

  get pid(): number {
    return this.child!.pid!;
  }

  output(): string {
    return this.printed;
  }

  async start(until: StartedWhen = 'ready'): Promise<void> {
    this.printed = '';
    const child = runProgram(MAIN, [], this.variables());
    this.child = child;
    this.ended = new Promise((end) => child.once('exit', (code) => end(code)));
    child.stdout!.on('data', (text: Buffer) => (this.printed += text.toString()));
    child.stderr!.on('data', (text: Buffer) => (this.printed += text.toString()));
    const deadline = Date.now() + START_LIMIT_MS;
    for (;;) {
      const answer = await this.probe(until === 'ready' ? '/readyz' : '/livez');
      if (answer === 'well' && (until === 'listening' || this.printed.includes('export INBOX='))) return;
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`The service did not start (${answer}):\n${this.printed}`);
      await sleep(100);
    }
  }

  run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return untilEnded(runProgram(MAIN, words, { ...this.variables(), ...environment }));
  }

  standIns(environment: Readonly<Record<string, string>> = {}): Promise<StandIns> {
    return startStandIns({ ...this.variables(), ...environment });
  }

  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  async stop(): Promise<number | null> {
    this.child?.kill('SIGTERM');
    return this.ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  private variables(): Readonly<Record<string, string>> {
    return { LOG_LEVEL: 'warn', DATA_DIR: this.dataDir, PORT: String(this.port), ...this.environment };
  }

  private async probe(path: string): Promise<string> {
    try {
      const response = await fetch(`${this.origin}${path}`, { signal: AbortSignal.timeout(5_000) });
      return response.status === 200 ? 'well' : await response.text();
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private value(name: string): string {
    const found = new RegExp(`export ${name}=(\\S+)`).exec(this.printed)?.[1];
    if (found === undefined) throw new Error(`The service did not print ${name}:\n${this.printed}`);
    return found;
  }
}

/** A call to the API with the administrator's key. */
export async function call<Body>(
  service: Service,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Headers; body: Body }> {
  const response = await fetch(`${service.api}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${service.key}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as Body,
  };
}

/** Polls until the answer is there; the limit is for a machine that is busy. */
export async function eventually<T>(find: () => Promise<T | undefined>, what: string, limitMs = 20_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs} ms for ${what}`);
    await sleep(100);
  }
}
