import { Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { RequestHandler } from 'express';
import { routePattern } from '../http-logging.js';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures how long requests take, by method, pattern of the route and status. */
export function httpMetrics(registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took until the answer was out',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return (request, response, next) => {
    const stop = durations.startTimer();
    response.once('close', () => {
      stop({ method: methodOf(request.method), route: routePattern(request), status: response.statusCode });
    });
    next();
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A caller may invent methods; the number of series stays bounded. */
function methodOf(method: string): string {
  return METHODS.has(method) ? method : 'other';
}
