import { mkdir } from 'node:fs/promises';
import pg from 'pg';
import { keepCredentials } from './credentials.js';
import { startHttp } from './http.js';
import { keepPorts, refuseTakenPort } from './ports.js';
import type { Ports } from './ports.js';
import { startPostgres } from './postgres.js';
import type { SandboxSettings, Service } from './settings.js';

/** What PostgreSQL, of 200 connections in all, leaves to the stand-ins of Stripe, Twilio and the mailbox. */
const POOL_SIZE = 16;

export interface Sandbox {
  /** The variables by which a service finds the stand-ins. */
  readonly environment: Readonly<Record<string, string>>;
  /** Number of the PostgreSQL process, on which everything stands. */
  readonly postgresPid: number;
  stop(): Promise<void>;
}

/**
 * Starts the stand-ins that are asked for, and PostgreSQL beneath them.
 *
 * @throws Error in plain words, naming the port where one is taken; then nothing is left running
 */
export async function startSandbox(settings: SandboxSettings): Promise<Sandbox> {
  /** Run in reverse, so that what others stand on goes last. */
  const atEnd: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of atEnd.splice(0).reverse()) await end().catch(reportStopFailure);
  };
  try {
    await mkdir(settings.dataDir, { recursive: true, mode: 0o711 });
    const needsHttp = (['smtp', 'stripe', 'twilio'] as const).some((service) => settings.services.includes(service));
    const [credentials, ports, http] = await Promise.all([
      keepCredentials(settings.dataDir),
      keepPorts(settings.dataDir, settings.reservedPorts),
      needsHttp ? startHttp(settings.httpPort) : undefined,
    ]);
    // A client that is not answered yet gets a 503, so this port can be taken first and freed last but PostgreSQL's.
    if (http) atEnd.push(() => http.stop());
    await refuseTakenPorts(settings.services, ports);
    // The stand-ins are loaded while PostgreSQL, which takes longer, starts.
    const [postgres, { startStandIns }] = await Promise.all([
      startPostgres({ dataDir: settings.dataDir, port: ports.postgres }),
      import('./stand-ins.js'),
    ]);
    atEnd.unshift(() => postgres.stop());
    const pool = new pg.Pool({ connectionString: postgres.url('sandbox'), max: POOL_SIZE });
    // An idle connection that breaks is replaced; the next query says so if PostgreSQL is gone.
    pool.on('error', () => undefined);
    atEnd.splice(1, 0, () => pool.end());
    const databaseUrl = (name: string): string => postgres.url(name);
    const environment = await startStandIns({ settings, credentials, ports, databaseUrl, pool, atEnd }, http);
    return { environment, postgresPid: postgres.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What cannot be stopped in order must not keep the rest, PostgreSQL above all, from being stopped. */
function reportStopFailure(error: unknown): void {
  process.stderr.write(`Sandbox, while stopping: ${error instanceof Error ? error.message : String(error)}\n`);
}

async function refuseTakenPorts(services: readonly Service[], ports: Ports): Promise<void> {
  const mend = 'Stop that process, or remove ports.json from DATA_DIR to have other ports chosen.';
  if (services.includes('eventstore')) {
    await refuseTakenPort(ports.eventStore, 'the stand-in of the event store', mend);
  }
  if (services.includes('smtp')) await refuseTakenPort(ports.smtp, 'the stand-in of the mail server', mend);
}
