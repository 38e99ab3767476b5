import { resolve } from 'node:path';

/** The systems outside that the sandbox can stand in for. */
export const SERVICES = ['eventstore', 'database', 'queue', 'smtp', 'stripe', 'twilio'] as const;

export type Service = (typeof SERVICES)[number];

export interface SandboxSettings {
  readonly dataDir: string;
  /** Where browsers and HTTP clients reach the stand-ins of Stripe and Twilio and the inbox. */
  readonly httpPort: number;
  /** The service, which webhooks are sent to. */
  readonly serviceUrl: string;
  /** Ports that are not ours to choose. */
  readonly reservedPorts: readonly number[];
  readonly services: readonly Service[];
}

/**
 * Reads the settings of a sandbox from its environment: `DATA_DIR`, `PORT`, `SANDBOX_PORT`, `PUBLIC_URL` and, set by a
 * service that needs only some of them, `SANDBOX_SERVICES`.
 *
 * @throws Error naming the variable that is wrong
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): SandboxSettings {
  const port = portOf(environment, 'PORT') ?? 3000;
  const httpPort = portOf(environment, 'SANDBOX_PORT') ?? port + 1;
  if (httpPort > 65_535) throw new Error('SANDBOX_PORT must be set where PORT is 65535.');
  if (httpPort === port) throw new Error('SANDBOX_PORT must differ from PORT.');
  const serviceUrl = environment['PUBLIC_URL'] || `http://localhost:${port}`;
  if (!/^https?:\/\/[^/]/.test(serviceUrl)) throw new Error('PUBLIC_URL must be an http or https address.');
  const asked = environment['SANDBOX_SERVICES']?.split(',') ?? SERVICES;
  const services = SERVICES.filter((service) => asked.includes(service));
  if (services.length !== asked.length) {
    throw new Error(`SANDBOX_SERVICES must be a list out of ${SERVICES.join(', ')}.`);
  }
  return {
    dataDir: resolve(environment['DATA_DIR'] || './data'),
    httpPort,
    serviceUrl: serviceUrl.replace(/\/+$/, ''),
    reservedPorts: [port, httpPort],
    services,
  };
}

function portOf(environment: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = environment[name];
  if (!text) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Error(`${name} must be a port number from 1 to 65535.`);
  return port;
}
