import type { IncomingMessage, ServerResponse } from 'node:http';
import { pinoHttp } from 'pino-http';
import type { Logger } from 'pino';
import type { Request, RequestHandler, Response } from 'express';
import { startTrace, traceOf } from './request-trace.js';

/** What a line about a request may hold. There is nothing else in it: no address, header, query, body or person. */
interface RequestLine {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly correlationId: string;
  readonly aborted?: true;
  readonly err?: unknown;
}

/** Asked every few seconds by machines, which read the status: a line for each would bury the others. */
const PROBES = new Set(['/livez', '/readyz', '/metrics']);

/** What pino-http hands over: of it only the time that passed is used. */
interface Facts {
  readonly durationMs: number;
}

/**
 * The pattern that the request matched (`/pay/:token`), never the address: addresses hold tokens and queries hold names.
 * Also the label of the metrics, so the number of values is bounded.
 */
export function routePattern(request: IncomingMessage): string {
  const route = (request as Partial<Request>).route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'unmatched';
}

/**
 * Gives each request its trace, answers it as `X-Request-Id`, and logs one line when the answer is out. Must be the first
 * middleware: whatever fails after it is answered and logged under the same id.
 *
 * @param freshId makes an id where the caller sent none that can be used
 */
export function httpLogging(logger: Logger, freshId: () => string): RequestHandler {
  const log = pinoHttp<Request, Response>({
    logger,
    quietReqLogger: true,
    quietResLogger: true,
    wrapSerializers: false,
    genReqId: (request) => startTrace(request, freshId).correlationId,
    customAttributeKeys: { reqId: 'correlationId', responseTime: 'durationMs' },
    customLogLevel: levelOf,
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request failed',
    customSuccessObject: (request, response, facts: Facts) => line(request, response, facts),
    customErrorObject: (request, response, error, facts: Facts) => ({
      ...line(request, response, facts),
      // The library makes an error of its own where nothing was thrown; its stack leads nowhere.
      ...(error.message === `failed with status code ${response.statusCode}` ? {} : { err: error }),
    }),
  });
  return (request, response, next) => {
    log(request, response);
    response.setHeader('X-Request-Id', traceOf(request).correlationId);
    next();
  };
}

function levelOf(
  request: IncomingMessage,
  response: ServerResponse,
  error: Error | undefined,
): 'debug' | 'info' | 'error' {
  if (PROBES.has(routePattern(request))) return 'debug';
  return error !== undefined || response.statusCode >= 500 ? 'error' : 'info';
}

function line(
  request: IncomingMessage,
  response: ServerResponse,
  { durationMs }: Facts,
): Omit<RequestLine, 'correlationId' | 'err'> {
  return {
    method: request.method ?? '',
    route: routePattern(request),
    status: response.statusCode,
    durationMs,
    ...(response.writableFinished ? {} : { aborted: true }),
  };
}
