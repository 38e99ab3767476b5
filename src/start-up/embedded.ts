import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../infrastructure/config.js';
import type { Environment } from '../infrastructure/config.js';
import type { Settings } from '../infrastructure/config-schema.js';

const STOP_LIMIT_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** A sandbox that ran for so long has earned a quick restart. */
const STEADY_AFTER_MS = 30_000;

const SANDBOX = fileURLToPath(new URL('../sandbox/main.js', import.meta.url));
/** What the sandbox needs of this process' own environment. Settings, with their secrets, are not among it. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'SYSTEMROOT', 'LD_LIBRARY_PATH'];

/** How a sandbox ended that was not told to. */
export interface SandboxExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it says it could not start, where it says so. */
  readonly failure: string | undefined;
}

/** The stand-ins of this machine, in a process of their own that is started again whenever it dies. */
export interface Embedded {
  /** The variables that were not set, with the addresses and keys of their stand-ins. They stay the same over restarts. */
  readonly environment: Environment;
  /** Process id of the sandbox now, where there is one. */
  readonly pid: number | undefined;
  /** Tells of every end that nobody asked for. It is started again after a pause that grows. */
  onExit(listener: (exit: SandboxExit) => void): void;
  /** To be called when nothing in this process needs a stand-in any more. */
  stop(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly environment: Environment;
  readonly ended: Promise<SandboxExit>;
}

/** The systems outside whose address is not set, by the names that the sandbox knows. */
export function missingServices(settings: Settings): string[] {
  const missing = {
    eventstore: settings.EVENTSTORE_URL === undefined,
    database: settings.DATABASE_URL === undefined,
    queue: settings.QUEUE_URL === undefined && settings.DATABASE_URL === undefined,
    smtp: settings.SMTP_URL === undefined,
    stripe: settings.STRIPE_SECRET_KEY === undefined,
    twilio: settings.TWILIO_ACCOUNT_SID === undefined,
  };
  return Object.entries(missing)
    .filter(([, isMissing]) => isMissing)
    .map(([service]) => service);
}

/**
 * Starts stand-ins for what is not set; with everything set it starts nothing. A database without a queue keeps the queue
 * too.
 *
 * @param script the sandbox's entry, for tests that run from the sources
 * @throws ConfigurationError in plain words where the sandbox cannot start (a taken port, say)
 */
export async function startEmbedded(settings: Settings, script: string = SANDBOX): Promise<Embedded> {
  const queue: Environment =
    settings.QUEUE_URL === undefined && settings.DATABASE_URL !== undefined ? { QUEUE_URL: settings.DATABASE_URL } : {};
  const services = missingServices(settings);
  if (services.length === 0) {
    return { environment: queue, pid: undefined, onExit: () => undefined, stop: () => Promise.resolve() };
  }
  const start = (): Promise<Running> => launch(script, settings, services);
  const watched = new WatchedSandbox(start, await start());
  watched.watch();
  return {
    environment: { ...queue, ...watched.environment },
    get pid() {
      return watched.pid;
    },
    onExit: (listener) => watched.listeners.push(listener),
    stop: () => watched.stop(),
  };
}

async function launch(script: string, settings: Settings, services: readonly string[]): Promise<Running> {
  const passedOn = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
  const child = fork(script, [], {
    // A process group of its own: Ctrl-C is for the service, which drains first and tells the sandbox last.
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...passedOn,
      DATA_DIR: resolve(settings.DATA_DIR),
      PORT: String(settings.PORT),
      SANDBOX_PORT: String(settings.SANDBOX_PORT ?? settings.PORT + 1),
      PUBLIC_URL: settings.PUBLIC_URL ?? '',
      SANDBOX_SERVICES: services.join(','),
    },
  });
  let failure: string | undefined;
  const ended = new Promise<SandboxExit>((end) => {
    child.once('error', (error) => end({ code: null, signal: null, failure: error.message }));
    child.once('exit', (code, signal) => end({ code, signal, failure }));
  });
  const ready = new Promise<Environment>((tell) => {
    child.on('message', (message: { environment?: Environment; failure?: string }) => {
      failure = message.failure;
      if (message.environment) tell(message.environment);
    });
  });
  const first = await Promise.race([ready.then((environment) => ({ environment })), ended.then((exit) => ({ exit }))]);
  if ('environment' in first) return { child, environment: first.environment, ended };
  const { code, signal } = first.exit;
  throw new ConfigurationError(first.exit.failure ?? `The sandbox ended while it was starting (${signal ?? code}).`);
}

class WatchedSandbox {
  readonly listeners: ((exit: SandboxExit) => void)[] = [];
  private stopping = false;
  private readonly wake = new AbortController();
  private watching: Promise<void> = Promise.resolve();
  private running: Running | undefined;
  readonly environment: Environment;

  constructor(
    private readonly start: () => Promise<Running>,
    first: Running,
  ) {
    this.running = first;
    this.environment = first.environment;
  }

  get pid(): number | undefined {
    return this.running?.child.pid;
  }

  watch(): void {
    this.watching = this.keepRunning();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake.abort();
    const running = this.running;
    if (running?.child.connected) running.child.send('stop');
    const limit = setTimeout(() => this.running?.child.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.watching;
    clearTimeout(limit);
  }

  private async keepRunning(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (this.running) {
      const startedAt = performance.now();
      const exit = await this.running.ended;
      this.running = undefined;
      if (this.stopping) return;
      this.tell(exit);
      if (performance.now() - startedAt > STEADY_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
      while (!this.running) {
        await sleep(pauseMs, undefined, { signal: this.wake.signal }).catch(() => undefined);
        if (this.stopping) return;
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
        this.running = await this.start().catch((error: Error) => {
          this.tell({ code: null, signal: null, failure: error.message });
          return undefined;
        });
      }
      // Told to stop while it was starting: it could not hear it then.
      if (this.stopping && this.running.child.connected) this.running.child.send('stop');
    }
  }

  private tell(exit: SandboxExit): void {
    for (const listener of this.listeners) listener(exit);
  }
}
