import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { BodyTooLarge, sendJson } from './handler.js';
import type { Handler } from './handler.js';

const CLOSE_LIMIT_MS = 3000;

export interface SandboxHttp {
  readonly origin: string;
  /** From now on these answer, the first that knows a request. Before, every request is told to come back. */
  serve(handlers: readonly Handler[]): void;
  /** Takes no more connections, finishes the requests under way, and is gone after a few seconds at most. */
  stop(): Promise<void>;
}

/**
 * The one HTTP port of all stand-ins.
 *
 * @throws Error naming the port when it is taken
 */
export async function startHttp(port: number): Promise<SandboxHttp> {
  let handlers: readonly Handler[] | undefined;
  const server = createServer((request, response) => {
    void answer(handlers, request, response);
  });
  await listen(server, port);
  return {
    origin: `http://127.0.0.1:${port}`,
    serve: (served) => {
      handlers = served;
    },
    stop: () => close(server),
  };
}

async function answer(
  handlers: readonly Handler[] | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (!handlers) {
      response.setHeader('retry-after', '1');
      return sendJson(response, 503, { error: 'The sandbox is starting.' });
    }
    const url = parseTarget(request.url);
    if (!url) return sendJson(response, 400, { error: 'The address cannot be read.' });
    for (const handle of handlers) if (await handle(request, response, url)) return;
    sendJson(response, 404, { error: 'No stand-in answers here.' });
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (error instanceof BodyTooLarge) sendJson(response, 413, { error: error.message });
    else {
      process.stderr.write(`Sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
      sendJson(response, 500, { error: 'The sandbox could not answer. Its log says why.' });
    }
  }
}

function parseTarget(target: string | undefined): URL | undefined {
  try {
    return target?.startsWith('/') ? new URL(`http://sandbox${target}`) : undefined;
  } catch {
    return undefined;
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      failed(
        new Error(
          taken
            ? `Port ${port} (SANDBOX_PORT) is taken by another process: stop that one, or set SANDBOX_PORT to a free port.`
            : `The sandbox cannot listen on port ${port} (SANDBOX_PORT): ${error.code ?? 'error'}.`,
          { cause: error },
        ),
      );
    });
    server.listen(port, '127.0.0.1', listening);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    const limit = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
    server.close(() => {
      clearTimeout(limit);
      closed();
    });
    server.closeIdleConnections();
  });
}
