import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * Makes sure that a loopback port can be listened on, or finds one for 0.
 *
 * @param who what is to listen there, for the message
 * @throws Error naming the port when another process has it
 */
export function freePort(wanted: number, who: string): Promise<number> {
  const server = createServer();
  return new Promise((found, failed) => {
    server.once('error', (error) => {
      failed(new Error(`Port ${wanted}, which ${who} is to listen on, is taken by another process.`, { cause: error }));
    });
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}
