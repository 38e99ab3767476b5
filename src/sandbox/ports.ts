import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { keepJson } from './kept-file.js';

/** Below the span from which systems take ports for outgoing connections, which come and go. */
const LOWEST = 20_000;
const HIGHEST = 31_999;
const TRIES = 200;

/** The ports of what does not speak HTTP. */
export interface Ports {
  readonly postgres: number;
  readonly eventStore: number;
  readonly smtp: number;
}

/** Free ports, chosen at the first start and the same ever after, so that the addresses of a `DATA_DIR` stay. */
export async function keepPorts(dataDir: string, reserved: readonly number[]): Promise<Ports> {
  return keepJson(join(dataDir, 'ports.json'), async () => {
    const taken = new Set(reserved);
    const choose = async (): Promise<number> => {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const port = randomInt(LOWEST, HIGHEST + 1);
        if (taken.has(port) || !(await isPortFree(port))) continue;
        taken.add(port);
        return port;
      }
      throw new Error(`No free port was found between ${LOWEST} and ${HIGHEST}.`);
    };
    return { postgres: await choose(), eventStore: await choose(), smtp: await choose() };
  });
}

/** @throws Error naming the port and what it is for, when somebody listens there */
export async function refuseTakenPort(port: number, purpose: string, mend: string): Promise<void> {
  if (await isPortFree(port)) return;
  throw new Error(`Port ${port}, which ${purpose} is to listen on, is taken by another process. ${mend}`);
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
}
