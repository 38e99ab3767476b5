/** The connections of the HTTP server: kept while they may be used again, closed without losing an answer. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Longer than proxies and clients keep an idle connection, so that it is they who close it: with the five seconds that Node waits, a
 * request that is sent just then is lost without an answer.
 */
const KEEP_ALIVE_MS = 75_000;

/**
 * Must be called before the server listens.
 * @returns closes the server: no new requests, those at hand are answered, and no connection is waited for that asks nothing. Node
 *   itself would wait until the client of a connection that was busy hangs up, or that a browser opened ahead of its use.
 */
export function keepConnections(server: Server): () => Promise<void> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  let isClosing = false;
  const open = new Set<Socket>();
  const busy = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    busy.add(socket);
    response.once('close', () => {
      busy.delete(socket);
      if (isClosing) socket.destroySoon();
    });
  });
  return () =>
    new Promise((closed) => {
      isClosing = true;
      server.close(() => closed());
      for (const socket of open) if (!busy.has(socket)) socket.destroy();
    });
}
